import { newId } from '@quimbi/database/ids.ts'
import { createHttp } from '@quimbi/service/http.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { memoryNonces } from '@quimbi/service/nonces.ts'
import { parseServiceKeys } from '@quimbi/service/service-keys.ts'
import { createSignatureVerifier } from '@quimbi/service/signing.ts'
import { openLive, type LiveClient } from '@quimbi/service/websocket-test-kit.ts'
import { mountPartner } from '@quimbi/subgraph/module.ts'
import { Registry } from 'prom-client'
import { createApiKey, scopes as allScopes } from '../src/keys/service.ts'
import { anOrder, openWorld, startOfTime, type World } from './kit.ts'

export type PartnerWorld = Awaited<ReturnType<typeof openPartnerWorld>>

type GraphQLBody = {
  data?: Record<string, unknown> | null
  errors?: { message: string; path?: unknown[]; extensions: Record<string, unknown> }[]
  extensions?: { cost: Record<string, unknown> }
}

export const partnerManager = (tenantId: string) =>
  ({
    kind: 'agent',
    agentId: newId(),
    sessionId: newId(),
    role: 'MANAGER',
    expiresAt: new Date(startOfTime),
    tenantId,
  }) as const

type KeyWish = { scopes?: readonly string[]; requestsPerMinute?: number; expiresAt?: Date | null }

/** A new key of a tenant. */
export const aKey = ({ database, clock }: World, tenantId: string, { scopes = allScopes, ...wish }: KeyWish = {}) =>
  database.transact(tenantId, (tx) =>
    createApiKey(tx, partnerManager(tenantId), { name: 'a shop', scopes, ...wish }, clock.now()),
  )

/** Intelligence behind HTTP, as where it is a process of its own, with its partner door. */
export async function openPartnerWorld(options: Parameters<typeof openWorld>[0] = {}) {
  const world = await openWorld(options)
  const { module, secrets, clock } = world
  const log = createLogger({ service: 'intelligence', level: 'silent' })
  const metrics = createMetrics('intelligence', new Registry())
  const serviceKeys = parseServiceKeys(secrets.SERVICE_KEYS)
  const signatures = createSignatureVerifier({ keys: serviceKeys, nonces: memoryNonces({ clock }), clock })
  const http = createHttp({ service: 'intelligence', log, metrics, signatures, readiness: async () => ({}) })
  await http.app.register(module.subgraph.routes)
  if (module.subgraph.live) http.upgrade('/graphql', module.subgraph.live.sockets)
  await mountPartner(http, module.partner)
  const { url } = await http.listen(0, '127.0.0.1')
  const clients: LiveClient[] = []
  return {
    ...world,
    url,
    serviceKeys,
    door: `${url}/partner/graphql`,
    /** A tenant with one customer, and a key. */
    async shop(wish: KeyWish = {}) {
      const [tenantId, customerId] = [newId(), newId()]
      await world.ingest(tenantId, [anOrder({ customer: { id: customerId } })])
      const { id: keyId, key } = await aKey(world, tenantId, wish)
      return { tenantId, customerId, keyId, key }
    },
    async post(
      body: object | string,
      { key, path = '/partner/graphql', ...headers }: { key?: string; path?: string } & Record<string, string> = {},
    ) {
      const response = await fetch(`${url}${path}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          connection: 'close',
          ...(key !== undefined && { 'x-api-key': key }),
          ...headers,
        },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      })
      const text = await response.text()
      const answer = text.startsWith('{') ? (JSON.parse(text) as GraphQLBody) : {}
      const error = answer.errors?.[0]?.extensions
      return { status: response.status, headers: response.headers, text, body: answer, error }
    },
    connect(login: { apiKey?: string; authorization?: string }, path = '/partner/graphql'): LiveClient {
      const client = openLive(`${url}${path}`, login)
      clients.push(client)
      return client
    },
    async close() {
      await Promise.all(clients.map((client) => client.dispose()))
      await http.drain(1_000)
      await world.close()
    },
  }
}

export const insightQuery = /* GraphQL */ `
  query ($id: ID!) {
    customerInsight(customerId: $id) {
      id
      behavior {
        totalOrders
      }
    }
  }
`
