import { createLiveClient } from '@quimbi/live/client.ts'
import { createProxy } from '@quimbi/live/test-proxy.ts'
import type { LiveStatus } from '@quimbi/live/types.ts'
import { createHttp } from '@quimbi/service/http.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { createClient } from 'graphql-sse'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { aCustomer, aTenant, aTicket, ask, logIn, openWorld, type World } from './kit.ts'

const query = `subscription ($after: Cursor) { inboxUpdated(after: $after) {
  cursor type ticket { subject customer { name behavior { totalOrders } } } } }`
const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 15_000, interval: 10 })

type Told = { inboxUpdated: { cursor: string; type: string; ticket: { subject: string; customer: { name: string } } } }

let world: World
let tenant: Awaited<ReturnType<typeof aTenant>>
let customerId: string
let token: string
let http: ReturnType<typeof createHttp>
let port: number
let proxy: Awaited<ReturnType<typeof createProxy>>
const ends: (() => unknown)[] = []

/** The gateway's doors, as its own process opens them. */
async function openDoors() {
  const { live, routes } = world.supergraph.gateway
  if (!live) throw new Error('The gateway serves no subscriptions.')
  http = createHttp({
    service: 'gateway',
    log: createLogger({ service: 'gateway', level: 'silent' }),
    metrics: createMetrics('gateway', new Registry()),
    readiness: async () => ({}),
  })
  await http.app.register(routes)
  await http.app.register(live.streams)
  http.upgrade('/graphql', live.sockets)
  port = (await http.listen(0, '127.0.0.1')).port
}

beforeAll(async () => {
  world = await openWorld()
  tenant = await aTenant(world, 'acme')
  customerId = (await aCustomer(world, tenant, 'c1')).id
  token = await logIn(world, tenant)
  await world.supergraph.settle()
  await openDoors()
  proxy = await createProxy(() => port)
})
afterAll(async () => {
  for (const end of ends) await end()
  await proxy.close()
  await http.drain(1_000)
  await world.close()
})

const asOf = async () => {
  const { data } = await ask(world, '{ inbox(first: 1) { asOf } }', {}, token)
  return (data as { inbox: { asOf: string } }).inbox.asOf
}

async function open(subject: string) {
  await aTicket(world, tenant, customerId, subject)
  await world.supergraph.support.sequence()
}

it('a live client hears of each ticket once, through cut connections, with what both subgraphs know', async () => {
  const statuses: LiveStatus['state'][] = []
  const live = createLiveClient({
    url: proxy.url,
    token: () => token,
    onStatus: ({ state }) => statuses.push(state),
    firstWaitMs: 1,
    mostWaitMs: 10,
  })
  ends.push(() => live.close())
  const heard: Told['inboxUpdated'][] = []
  const resync = vi.fn(asOf)
  live.subscribe(
    { query, after: await asOf() },
    { next: ({ data }) => heard.push((data as Told).inboxUpdated), resync },
  )
  for (let n = 0; n < 5; n += 1) {
    await open(`Ticket ${n}`)
    if (n % 2 === 0) proxy.cut()
    await open(`And ${n}`)
    await eventually(() => expect(heard.map(({ ticket }) => ticket.subject)).toContain(`And ${n}`))
  }
  const created = heard.filter(({ type }) => type === 'TICKET_CREATED').map(({ ticket }) => ticket.subject)
  expect(created).toEqual([0, 1, 2, 3, 4].flatMap((n) => [`Ticket ${n}`, `And ${n}`]))
  expect(new Set(heard.map(({ cursor }) => cursor)).size).toBe(heard.length)
  expect(heard[0]?.ticket.customer.name).toBe('Customer c1')
  expect(statuses).toContain('waiting')
  expect(resync).not.toHaveBeenCalled()
})

it('a login that ends signs the client out, and nothing is tried any more', async () => {
  const own = await logIn(world, tenant)
  const live = createLiveClient({ url: proxy.url, token: () => own, firstWaitMs: 1 })
  ends.push(() => live.close())
  live.subscribe({ query, after: await asOf() }, { next() {}, resync: asOf })
  await eventually(() => expect(live.status.state).toBe('live'))
  await ask(world, 'mutation { logout { userErrors { code } } }', {}, own)
  await eventually(() => expect(live.status.state).toBe('signedOut'))
})

it('server-sent events tell the same, from a cursor on', async () => {
  const after = await asOf()
  await open('Before')
  const client = createClient({
    url: `http://127.0.0.1:${port}/graphql/stream`,
    headers: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  })
  ends.push(() => client.dispose())
  const events = client.iterate<Told>({ query, variables: { after } })
  const first = await events.next()
  expect(first.value?.data?.inboxUpdated.ticket.subject).toBe('Before')
  await events.return?.()
  await eventually(() => expect(world.supergraph.gateway.live?.sizes.subscriptions).toBeLessThanOrEqual(2))
})

it('server-sent events refuse who has no login', async () => {
  const response = await fetch(`http://127.0.0.1:${port}/graphql/stream?query=${encodeURIComponent(query)}`, {
    headers: { connection: 'close' },
  })
  expect(response.status).toBe(401)
  expect(await response.json()).toMatchObject({
    errors: [{ extensions: { code: 'UNAUTHENTICATED', reason: 'TOKEN_MISSING' } }],
  })
})
