import { createHash } from 'node:crypto'
import { newId } from '@quimbi/database/ids.ts'
import type { Facts } from '@quimbi/service/authenticate.ts'
import { createHttp } from '@quimbi/service/http.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { memoryNonces } from '@quimbi/service/nonces.ts'
import { parseServiceKeys } from '@quimbi/service/service-keys.ts'
import { createSignatureVerifier, createSigner } from '@quimbi/service/signing.ts'
import type { AgentRole } from '@quimbi/service/viewer.ts'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { anOrder, dayMs, openWorld, refusals, startOfTime, type World } from './kit.ts'

let world: World
beforeAll(async () => void (world = await openWorld()))
afterAll(() => world.close())

/** A tenant with one customer of one order. */
async function aTenant() {
  const [tenantId, id] = [newId(), newId()]
  await world.ingest(tenantId, [anOrder({ customer: { id } })])
  return { tenantId, id }
}

const insight = /* GraphQL */ `
  query ($id: ID!) {
    customerInsight(customerId: $id) {
      id
    }
  }
`
const see = async (id: string, facts: Partial<Facts>) => {
  const { data, codes, reasons } = await world.ask<{ customerInsight: { id: string } | null }>(insight, { id }, facts)
  return codes.length > 0 ? { codes, reasons } : (data?.customerInsight?.id ?? null)
}
const refused = (reason?: string) => ({ codes: ['UNAUTHENTICATED'], reasons: [reason] })

const createKey = /* GraphQL */ `
  mutation ($input: CreateApiKeyInput!) {
    key: createApiKey(input: $input) {
      id
      key
      userErrors {
        code
        path
      }
    }
  }
`
const revokeKey = /* GraphQL */ `
  mutation ($input: RevokeApiKeyInput!) {
    key: revokeApiKey(input: $input) {
      id
      key
      userErrors {
        code
        path
      }
    }
  }
`
type KeyPayload = { key: { id: string | null; key: string | null; userErrors: Parameters<typeof refusals>[0] } }

async function changeKey(mutation: string, input: object, facts: Partial<Facts>) {
  const { data, codes } = await world.ask<KeyPayload>(mutation, { input }, facts)
  expect(codes).toEqual([])
  return { id: data?.key.id ?? '', key: data?.key.key ?? '', refused: refusals(data?.key.userErrors ?? []) }
}

const aKey = async (tenantId: string, input: object = {}, role: AgentRole = 'MANAGER') =>
  changeKey(createKey, { name: 'Partner', scopes: ['insight:read'], ...input }, await world.agent(tenantId, role))

describe('an agent’s token', () => {
  it('opens its tenant, to every role', async () => {
    const { tenantId, id } = await aTenant()
    for (const role of ['AGENT', 'ADMIN'] as const) expect(await see(id, await world.agent(tenantId, role))).toBe(id)
    expect(await see(id, await world.agent(newId()))).toBeNull()
    expect(await see(id, {})).toEqual(refused('TOKEN_MISSING'))
  })

  it('ends after a day', async () => {
    const { tenantId, id } = await aTenant()
    const agent = await world.agent(tenantId)
    expect(await see(id, agent)).toBe(id)
    world.clock.advance(dayMs)
    expect(await see(id, agent)).toEqual(refused('TOKEN_EXPIRED'))
    world.clock.set(new Date(startOfTime))
  })

  it('is refused when it is not ours, never ignored', async () => {
    const { tenantId, id } = await aTenant()
    const { authorization = '' } = await world.agent(tenantId)
    for (const wrong of [
      `${authorization}x`,
      'Bearer nonsense',
      'Basic eDp5',
      authorization.replace('Bearer ', ''),
      '',
    ])
      expect(await see(id, { authorization: wrong, caller: 'support', tenantId })).toEqual(refused('TOKEN_INVALID'))
  })

  it('ends with its session, which Support says', async () => {
    const { tenantId, id } = await aTenant()
    const [sessionId, expiresAt] = [newId(), new Date(new Date(startOfTime).getTime() + dayMs)]
    const [ended, other] = [await world.agent(tenantId, 'ADMIN', sessionId), await world.agent(tenantId)]
    const elsewhere = await world.agent(newId(), 'ADMIN', sessionId)
    expect(await see(id, ended)).toBe(id)
    const revoked = { tenantId, occurredAt: world.clock.now(), payload: { sessionId, expiresAt } }
    await world.hear({ type: 'session.revoked', ...revoked }, { type: 'session.revoked', ...revoked })
    expect(await see(id, ended)).toEqual(refused('SESSION_ENDED'))
    expect(await see(id, other)).toBe(id)
    expect(await see(id, elsewhere)).toBeNull()
  })
})

describe('a partner’s key', () => {
  it('is made by managers alone', async () => {
    const tenantId = newId()
    for (const role of ['AGENT', 'SENIOR_AGENT', 'TEAM_LEAD'] as const)
      expect(await aKey(tenantId, {}, role)).toEqual({ id: '', key: '', refused: ['FORBIDDEN'] })
    for (const role of ['MANAGER', 'ADMIN'] as const) expect((await aKey(tenantId, {}, role)).refused).toEqual([])
    const partner = { apiKey: (await aKey(tenantId)).key }
    const own = { input: { name: 'Own', scopes: ['ingest'] } }
    expect((await world.ask(createKey, own, partner)).codes).toContain('GRAPHQL_VALIDATION_FAILED')
  })

  it('is shown once and kept as a hash', async () => {
    const tenantId = newId()
    const { id, key } = await aKey(tenantId)
    expect(key).toMatch(/^qk_live_[\w-]{32}$/)
    const [row] = await world.rows<{ row: string; hash: string }>(
      `SELECT k::text AS row, encode(hash, 'hex') AS hash FROM api_key k WHERE id = $1`,
      id,
    )
    expect(row?.hash).toBe(createHash('sha256').update(key).digest('hex'))
    expect(row?.row).not.toContain(key.slice(12))
    expect((await aKey(tenantId)).key).not.toBe(key)
  })

  it('needs a name, scopes that there are and an end to come', async () => {
    const [tenantId, past] = [newId(), world.clock.now()]
    const bad = {
      name: [{ name: ' ' }, { name: 'x'.repeat(201) }, { name: 'a\u0000b' }],
      expiresAt: [{ expiresAt: past }],
    }
    const scopes = [{ scopes: [] }, { scopes: ['admin'] }, { scopes: ['ingest', ''] }]
    for (const [field, inputs] of Object.entries({ ...bad, scopes }))
      for (const input of inputs) expect((await aKey(tenantId, input)).refused).toEqual([`INVALID input ${field}`])
  })

  it('opens what its scopes say, of its tenant alone', async () => {
    const [ours, theirs] = [await aTenant(), await aTenant()]
    const { key: apiKey } = await aKey(ours.tenantId)
    expect(await see(ours.id, { apiKey })).toBe(ours.id)
    expect(await see(theirs.id, { apiKey })).toBeNull()
    const { key: ingestOnly } = await aKey(ours.tenantId, { scopes: ['ingest'] })
    expect(await see(ours.id, { apiKey: ingestOnly })).toMatchObject({ codes: ['FORBIDDEN'] })
    const byRef = 'query ($of: String!) { customerInsightByExternalRef(source: "shop", id: $of) { id } }'
    expect((await world.ask(byRef, { of: 'C-1' }, { apiKey: ingestOnly })).codes).toEqual(['FORBIDDEN'])
    expect(await world.ask(byRef, { of: 'a\u0000b' }, { apiKey })).toMatchObject({ codes: [] })
  })

  it('that is wrong is refused, whatever else is known', async () => {
    const { tenantId, id } = await aTenant()
    const { key } = await aKey(tenantId)
    for (const apiKey of ['', 'nonsense', `${key}x`, key.toUpperCase()])
      expect(await see(id, { ...(await world.agent(tenantId)), apiKey })).toEqual(refused('KEY_INVALID'))
  })

  it('ends at its time', async () => {
    const { tenantId, id } = await aTenant()
    const { key: apiKey } = await aKey(tenantId, { expiresAt: new Date(world.clock.now().getTime() + 1_000) })
    world.clock.advance(999)
    expect(await see(id, { apiKey })).toBe(id)
    world.clock.advance(1)
    expect(await see(id, { apiKey })).toEqual(refused('KEY_INVALID'))
  })

  it('opens the partner door alone', async () => {
    const { tenantId, id } = await aTenant()
    const facts = { requestId: 'test', caller: null, apiKey: (await aKey(tenantId)).key }
    const { errors } = await world.module.subgraph.execute({ query: insight, variables: { id } }, facts)
    expect(errors?.map(({ extensions }) => [extensions?.['code'], extensions?.['reason']])).toEqual([
      ['UNAUTHENTICATED', 'KEY_NOT_HERE'],
    ])
  })

  it('ends within a second when a manager of its tenant revokes it', async () => {
    const { tenantId, id } = await aTenant()
    const key = await aKey(tenantId)
    const revoke = async (of: string, role: AgentRole, which = key.id) =>
      (await changeKey(revokeKey, { id: which }, await world.agent(of, role))).refused
    expect(await revoke(tenantId, 'TEAM_LEAD')).toEqual(['FORBIDDEN'])
    expect(await revoke(newId(), 'ADMIN')).toEqual(['NOT_FOUND input id'])
    expect(await revoke(tenantId, 'ADMIN', 'nonsense')).toEqual(['NOT_FOUND input id'])
    expect(await see(id, { apiKey: key.key })).toBe(id)
    expect(await revoke(tenantId, 'MANAGER')).toEqual([])
    world.clock.advance(1_000)
    expect(await see(id, { apiKey: key.key })).toEqual(refused('KEY_INVALID'))
    expect(await revoke(tenantId, 'MANAGER')).toEqual([])
  })
})

describe('the federation door', () => {
  const entities = '{ renamed: _entities(representations: []) { __typename } }'
  const service = 'fragment F on Query { _service { sdl } } { ...F }'

  it('opens to the gateway alone, whoever is authenticated', async () => {
    const { tenantId } = await aTenant()
    const agent = await world.agent(tenantId, 'ADMIN')
    for (const facts of [agent, { ...agent, caller: 'support' } as const, { caller: 'support', tenantId } as const])
      for (const query of [entities, service])
        expect([query, (await world.ask(query, {}, facts)).codes]).toEqual([query, ['FORBIDDEN']])
    for (const query of [entities, service])
      expect((await world.ask(query, {}, { ...agent, caller: 'gateway' })).codes).toEqual([])
  })

  it('is none to a key, not even with the gateway’s signature', async () => {
    const { tenantId } = await aTenant()
    const partner = { apiKey: (await aKey(tenantId)).key }
    for (const facts of [partner, { ...partner, caller: 'gateway' } as const])
      for (const query of [entities, service])
        expect((await world.ask(query, {}, facts)).codes).toContain('GRAPHQL_VALIDATION_FAILED')
  })
})

describe('a service of ours', () => {
  it('acts for a tenant by its signature, and by nothing less', async () => {
    const { tenantId, id } = await aTenant()
    const keys = parseServiceKeys(world.secrets.SERVICE_KEYS)
    const http = createHttp({
      service: 'intelligence',
      log: createLogger({ service: 'intelligence', level: 'silent' }),
      metrics: createMetrics('intelligence', new Registry()),
      readiness: async () => ({}),
      signatures: createSignatureVerifier({ keys, nonces: memoryNonces(world), clock: world.clock }),
    })
    await http.app.register(world.module.subgraph.routes)
    const payload = JSON.stringify({ query: insight, variables: { id } })
    const post = async (headers: Record<string, string>) => {
      const request = { method: 'POST', url: '/graphql', payload, headers } as const
      const { data, errors } = (await http.app.inject(request)).json<{
        data?: object
        errors?: { extensions: object }[]
      }>()
      return errors?.[0]?.extensions ?? data
    }
    const headers = { 'content-type': 'application/json', 'x-quimbi-tenant': tenantId }
    const request = { method: 'POST', path: '/graphql', body: payload, headers }
    const signed = { ...headers, ...createSigner(keys, 'support', world.clock).sign(request) }
    expect(await post(headers)).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'TOKEN_MISSING' })
    expect(await post({ ...signed, 'x-quimbi-tenant': newId() })).toMatchObject({ reason: 'SIGNATURE_MISMATCH' })
    expect(await post(signed)).toEqual({ customerInsight: { id } })
    expect(await post(signed)).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'SIGNATURE_REPLAYED' })
    await http.drain(0)
  })
})
