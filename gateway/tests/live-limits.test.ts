import { limitsOf } from '@quimbi/gateway/limits/limits.ts'
import { systemClock } from '@quimbi/service/clock.ts'
import { createHttp } from '@quimbi/service/http.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { parseManifest } from '@quimbi/service/persisted.ts'
import { createClient } from 'graphql-ws'
import { Registry } from 'prom-client'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { aTenant } from './kit.ts'
import { anAgent, openLiveWorld, type LiveWorld } from './live-kit.ts'

const known = 'subscription ($after: Cursor) { inboxUpdated(after: $after) { cursor type } }'
const other = 'subscription ($after: Cursor) { inboxUpdated(after: $after) { cursor ticketId } }'
const dear = `subscription { inboxUpdated { cursor ticket { messages(first: 50) { nodes { id } } } } }`
const manifest = parseManifest(
  JSON.stringify({
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: [
      { id: 'live-1', name: 'Live', type: 'subscription', body: known },
      { id: 'dear-1', name: 'Dear', type: 'subscription', body: dear },
    ],
  }),
)

let kit: LiveWorld
let mia: Awaited<ReturnType<typeof anAgent>>
const limits = limitsOf(
  { MAX_QUERY_COST: 50, PERSISTED_DOCUMENTS: manifest, PERSISTED_DOCUMENTS_ONLY: true },
  { clock: systemClock },
)
beforeAll(async () => {
  kit = await openLiveWorld('in memory', { graceMs: 20 }, limits)
  mia = await anAgent(kit, await aTenant(kit.world, 'acme'), 'TEAM_LEAD', 'mia')
})
afterAll(() => kit.close())
afterEach(() => kit.leave())

it('serves subscriptions that a release knows, by their text or by name, and no others', async () => {
  expect(Symbol.asyncIterator in (await kit.subscribe(mia.token, known))).toBe(true)
  const facts = { requestId: 'test-request', caller: null, authorization: `Bearer ${mia.token}` }
  const named = await kit.live.subscribe({ query: '', named: { documentId: 'live-1' } }, facts)
  expect(Symbol.asyncIterator in named).toBe(true)
  if (Symbol.asyncIterator in named) await named.return(undefined)
  expect(await kit.tried(mia.token, other)).toMatchObject({
    errors: [{ extensions: { code: 'PERSISTED_QUERY_ONLY' } }],
  })
})

it('refuses a subscription of which one event costs too much, before anything is asked of a subgraph', async () => {
  const before = kit.counts.upstreams
  expect(await kit.tried(mia.token, dear)).toMatchObject({
    errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED', reason: 'COST_LIMIT' } }],
  })
  expect(kit.counts.upstreams).toBe(before)
})

it('takes a document’s name through its doors', async () => {
  const log = createLogger({ service: 'gateway', level: 'silent' })
  const metrics = createMetrics('gateway', new Registry())
  const http = createHttp({ service: 'gateway', log, metrics, readiness: async () => ({}) })
  await http.app.register(kit.live.streams)
  http.upgrade('/graphql', kit.live.sockets)
  const { url } = await http.listen(0, '127.0.0.1')
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { authorization: `Bearer ${mia.token}` },
  })
  try {
    const refused = (documentId: string) =>
      new Promise((resolve) => {
        const payload = { query: '', documentId } as { query: string }
        client.subscribe(payload, { next() {}, error: resolve, complete() {} })
      })
    expect(await refused('dear-1')).toMatchObject([{ extensions: { reason: 'COST_LIMIT' } }])
    expect(await refused('nobody-knows')).toMatchObject([{ extensions: { code: 'PERSISTED_QUERY_ONLY' } }])
    const headers = { accept: 'text/event-stream', authorization: `Bearer ${mia.token}` }
    const streamed = async (search: string) => (await fetch(`${url}/graphql/stream?${search}`, { headers })).text()
    expect(await streamed('documentId=dear-1')).toContain('COST_LIMIT')
    expect(await streamed(`query=${encodeURIComponent(other)}`)).toContain('PERSISTED_QUERY_ONLY')
    expect(await streamed('operationName=Live')).toContain('There is no query.')
  } finally {
    await client.dispose()
    await http.drain(100)
  }
})
