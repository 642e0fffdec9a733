import { newId } from '@quimbi/database/ids.ts'
import type { Facts } from '@quimbi/service/authenticate.ts'
import type { AgentRole, PartnerViewer } from '@quimbi/service/viewer.ts'
import type { Db } from '../src/database.ts'
import { findKey, hashOf, keyInvalid } from '../src/keys/lookup.ts'
import { refusals, service, type World } from './kit.ts'
import { createApiKey, revokeApiKey, rotateApiKey, type NewApiKey, type Rotation } from '../src/keys/service.ts'

/** How a change of a key looks to who asked for it. */
export type Changed = { id: string | null; key: string | null; refused: string[] }

type Payload = { key: { id: string | null; key: string | null; userErrors: Parameters<typeof refusals>[0] } }

const mutations = {
  create:
    'mutation ($input: CreateApiKeyInput!) { key: createApiKey(input: $input) { id key userErrors { code path } } }',
  rotate:
    'mutation ($input: RotateApiKeyInput!) { key: rotateApiKey(input: $input) { id key userErrors { code path } } }',
  revoke:
    'mutation ($input: RevokeApiKeyInput!) { key: revokeApiKey(input: $input) { id key userErrors { code path } } }',
} as const

/** Changes keys as managers do, through the graph. */
export async function change(
  { ask }: World,
  what: keyof typeof mutations,
  input: object,
  facts: Partial<Facts>,
): Promise<Changed> {
  const { data, codes } = await ask<Payload>(mutations[what], { input }, facts)
  if (!data) return { id: null, key: null, refused: codes.map(String) }
  const { id, key, userErrors } = data.key
  return { id, key, refused: refusals(userErrors) }
}

export type Listed = {
  id: string
  name: string
  prefix: string
  scopes: string[]
  requestsPerMinute: number
  createdAt: string
  expiresAt: string | null
  lastUsedAt: string | null
  revokedAt: string | null
  status: string
  replacedById: string | null
}

const fields = 'id name prefix scopes requestsPerMinute createdAt expiresAt lastUsedAt revokedAt status replacedById'

/** The tenant's keys as its managers see them, or the codes of the refusal. */
export async function listed({ ask, agent }: World, tenantId: string, role: AgentRole = 'MANAGER') {
  const { data, codes } = await ask<{ apiKeys: Listed[] }>(`{ apiKeys { ${fields} } }`, {}, await agent(tenantId, role))
  return data?.apiKeys ?? codes
}

/** Keys made, replaced and ended without the graph, as the command does. */
export const keysOf = ({ database, clock }: World, tenantId = newId()) => ({
  tenantId,
  create: (input: Partial<NewApiKey> = {}) =>
    database.transact(tenantId, (tx) =>
      createApiKey(tx, service(tenantId), { name: 'Partner', scopes: ['insight:read'], ...input }, clock.now()),
    ),
  rotate: (input: Rotation) =>
    database.transact(tenantId, (tx) => rotateApiKey(tx, service(tenantId), input, clock.now())),
  revoke: (id: string) => database.transact(tenantId, (tx) => revokeApiKey(tx, service(tenantId), id, clock.now())),
})

/** The partner whose key this is, as the database says; throws UNAUTHENTICATED. */
export async function partnerOf(db: Db, key: string, now: Date): Promise<PartnerViewer> {
  const known = await findKey(db, hashOf(key), now)
  if (!known) throw keyInvalid()
  return known.viewer
}
