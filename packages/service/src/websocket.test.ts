import { setTimeout } from 'node:timers/promises'
import { Registry } from 'prom-client'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { GraphQLError } from 'graphql'
import { createChannel, type Channel } from './channel.ts'
import { systemClock } from './clock.ts'
import { codedError } from './errors.ts'
import type { Facts } from './authenticate.ts'
import { createSubgraph } from './graphql.ts'
import { createHttp } from './http.ts'
import { createLogger } from './logging.ts'
import { createMetrics } from './metrics.ts'
import { memoryNonces } from './nonces.ts'
import { generateSecrets } from './secrets.ts'
import { parseServiceKeys } from './service-keys.ts'
import { createSignatureVerifier, createSigner } from './signing.ts'
import type { Viewer } from './viewer.ts'
import { closeCodes, type WebSocketLimits } from './websocket-limits.ts'
import type { WebSocket } from 'ws'
import { openLive, openRaw } from './websocket-test-kit.ts'

const typeDefs = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query { hello: String! }
  type Mutation { shout: String! }
  type Subscription { counted(wrong: Boolean): Int! who: String! failing: Int! broken: Int! fragile: Int gated: Int! thing: Thing }
  type Thing { a: Int }
`
const canary = 'select 1 from 10.0.0.7'
const keys = parseServiceKeys(generateSecrets().SERVICE_KEYS)
const ends: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

type Context = { viewer: Viewer; loads: number }
const agent = (agentId: string): Viewer => ({
  kind: 'agent',
  tenantId: 't',
  agentId,
  sessionId: agentId,
  role: 'AGENT',
  expiresAt: new Date(0),
})

/** Counts, on demand; its agents are named by their tokens. */
async function door(limits: Partial<WebSocketLimits> = {}) {
  const channels = new Set<Channel<number>>()
  const watching = new Set<(error: GraphQLError) => void>()
  const registry = new Registry()
  const gate = Promise.withResolvers<void>()
  const begun: number[] = []
  const count = () => {
    const channel: Channel<number> = createChannel<number>({ capacity: 3, onEnd: () => channels.delete(channel) })
    channels.add(channel)
    return channel
  }
  const resolvers = {
    Query: { hello: () => 'world' },
    Mutation: { shout: () => 'HELLO' },
    Subscription: {
      counted: { subscribe: count, resolve: (value: number) => value },
      who: {
        subscribe: count,
        resolve: (_: number, __: unknown, context: Context) => `${context.viewer.kind} ${(context.loads += 1)}`,
      },
      failing: { subscribe: () => Promise.reject(codedError('NOT_FOUND', 'No such thing.')) },
      broken: { subscribe: () => Promise.reject(new Error(canary)) },
      gated: {
        async subscribe() {
          begun.push(channels.size)
          await gate.promise
          return count()
        },
        resolve: (value: number) => value,
      },
      fragile: { subscribe: count, resolve: () => Promise.reject(new Error(canary)) },
    },
  }
  const log = createLogger({ service: 'support', level: 'silent' })
  const subgraph = await createSubgraph<Context>({
    name: 'support',
    typeDefs,
    resolvers,
    log,
    metrics: createMetrics('support', registry),
    introspection: false,
    webSocketLimits: limits,
    async context({ authorization, caller, tenantId }: Facts) {
      if (authorization === 'broken') throw new Error(canary)
      if (authorization?.startsWith('Bearer ')) return { viewer: agent(authorization.slice(7)), loads: 0 }
      if (caller && tenantId) return { viewer: { kind: 'service', service: caller, tenantId }, loads: 0 }
      throw codedError('UNAUTHENTICATED', 'Log in.', { reason: authorization ? 'TOKEN_INVALID' : 'TOKEN_MISSING' })
    },
    live: {
      viewer: ({ viewer }) => viewer,
      renew: ({ viewer }) => ({ viewer, loads: 0 }),
      watch(_context, end) {
        watching.add(end)
        return () => watching.delete(end)
      },
    },
  })
  ends.push(() => subgraph.stop())
  const http = createHttp({
    service: 'support',
    log,
    metrics: createMetrics('support', registry),
    readiness: async () => ({}),
    signatures: createSignatureVerifier({ keys, nonces: memoryNonces(), clock: systemClock }),
  })
  await http.app.register(subgraph.routes)
  if (subgraph.live) http.upgrade('/graphql', subgraph.live.sockets)
  const { url } = await http.listen(0, '127.0.0.1')
  ends.push(() => http.drain(1_000))
  const tell = (value: number) => [...channels].map((channel) => channel.push(value))
  const value = async (name: string) => (await registry.getSingleMetric(name)?.get())?.values ?? []
  const address = `${url}/graphql`
  return { url: address, http, subgraph, channels, watching, tell, value, gate, begun }
}

function connect(url: string, given: Parameters<typeof openLive>[1] = { authorization: 'Bearer mia' }) {
  const client = openLive(url, given)
  ends.push(() => client.dispose())
  return client
}

const code = (wanted: string, more: object = {}) => [
  expect.objectContaining({ extensions: expect.objectContaining({ code: wanted, ...more }) }),
]
const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 5_000, interval: 5 })

describe('subscriptions over WebSockets', () => {
  it('deliver each event by a context of its own, until the client leaves', async () => {
    const { url, channels, watching, tell, value } = await door()
    const events = connect(url).subscribe('subscription { who }')
    const first = events.next()
    await eventually(() => expect(channels.size).toBe(1))
    tell(1)
    tell(2)
    expect((await first).value).toEqual({ data: { who: 'agent 1' } })
    expect((await events.next()).value).toEqual({ data: { who: 'agent 1' } })
    await events.return?.()
    await eventually(() => expect(channels.size).toBe(0))
    await eventually(() => expect(watching.size).toBe(1)) // the socket itself
    expect(await value('quimbi_subscriptions')).toMatchObject([{ value: 0 }])
    expect(await value('quimbi_subscription_events_total')).toMatchObject([{ value: 2 }])
  })

  it('mask what fails within an event, and go on', async () => {
    const { url, channels, tell } = await door()
    const events = connect(url).subscribe('subscription { fragile }')
    const first = events.next()
    await eventually(() => expect(channels.size).toBe(1))
    tell(1)
    const { value } = await first
    expect(value).toMatchObject({ data: { fragile: null }, errors: code('INTERNAL_SERVER_ERROR') })
    expect(JSON.stringify(value)).not.toContain(canary)
  })

  it.each([
    ['a query', '{ hello }', 'BAD_REQUEST'],
    ['a mutation', 'mutation { shout }', 'BAD_REQUEST'],
    ['introspection', '{ __schema { types { name } } }', 'BAD_REQUEST'],
    ['a syntax error', 'subscription {', 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', 'subscription { count }', 'GRAPHQL_VALIDATION_FAILED'],
    ['no subfields', 'subscription { counted { a } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['too few subfields', 'subscription { thing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['two root fields', 'subscription { counted who }', 'GRAPHQL_VALIDATION_FAILED'],
    ['a wrong variable', 'subscription ($w: Boolean!) { counted(wrong: $w) }', 'BAD_USER_INPUT'],
    ['what the service refuses', 'subscription { failing }', 'NOT_FOUND'],
    ['what breaks', 'subscription { broken }', 'INTERNAL_SERVER_ERROR'],
    ['a bomb of tokens', `subscription { ${'who '.repeat(45_000)} }`, 'GRAPHQL_PARSE_FAILED'],
  ])('refuse %s, and leave the socket open', async (_, query, wanted) => {
    const { url, channels, tell } = await door()
    const client = connect(url)
    const refused = await client
      .subscribe(query)
      .next()
      .catch((error: unknown) => error)
    expect(refused).toEqual(code(wanted))
    expect(JSON.stringify(refused)).not.toMatch(/10\.0\.0\.7|Did you mean/)
    const next = client.subscribe('subscription { counted }').next()
    await eventually(() => expect(channels.size).toBe(1))
    tell(7)
    expect((await next).value).toEqual({ data: { counted: 7 } })
  })

  it('say so when a stream ends before its time', async () => {
    const { url, channels } = await door()
    const next = connect(url).subscribe('subscription { counted }').next()
    await eventually(() => expect(channels.size).toBe(1))
    for (const channel of channels) channel.fail(codedError('RESYNC_REQUIRED', 'Again.', { reason: 'OVERFLOW' }))
    await expect(next).rejects.toEqual(code('RESYNC_REQUIRED', { reason: 'OVERFLOW' }))
    await eventually(() => expect(channels.size).toBe(0))
  })

  it('are limited per socket and per agent', async () => {
    const { url, channels } = await door({ perSocket: 2 })
    const client = connect(url)
    const running = [client.subscribe('subscription { counted }'), client.subscribe('subscription { counted }')]
    const waiting = running.map((one) => one.next())
    await eventually(() => expect(channels.size).toBe(2))
    await expect(client.subscribe('subscription { counted }').next()).rejects.toEqual(
      code('THROTTLED', { reason: 'TOO_MANY_SUBSCRIPTIONS' }),
    )
    await running[0]?.return?.()
    await eventually(() => expect(channels.size).toBe(1))
    const again = client.subscribe('subscription { counted }').next()
    await eventually(() => expect(channels.size).toBe(2))
    await client.dispose()
    await Promise.all([...waiting, again].map((one) => one.catch(() => {})))
    await eventually(() => expect(channels.size).toBe(0))
  })

  it('end in this process when the login does, having told nothing more', async () => {
    const { subgraph, channels, watching, tell } = await door()
    const facts: Facts = { requestId: 'r', caller: 'gateway', authorization: 'Bearer mia' }
    const events = await subgraph.live?.subscribe({ query: 'subscription { counted }' }, facts)
    if (!events || !(Symbol.asyncIterator in events)) throw new Error('refused')
    tell(1)
    for (const end of watching) end(codedError('UNAUTHENTICATED', 'Over.', { reason: 'SESSION_ENDED' }))
    await expect(events.next()).rejects.toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } })
    expect([channels.size, watching.size]).toEqual([0, 0])
    expect(
      await subgraph.live?.subscribe({ query: 'subscription { counted }' }, { requestId: 'r', caller: null }),
    ).toEqual({
      errors: code('UNAUTHENTICATED'),
    })
  })

  it('leave nothing behind after a thousand of them', async () => {
    const { subgraph, channels, watching, value } = await door()
    for (let round = 0; round < 5; round += 1) {
      const facts = { requestId: 'r', caller: null, authorization: 'Bearer mia' }
      const opened = await Promise.all(
        Array.from({ length: 200 }, () => subgraph.live?.subscribe({ query: 'subscription { counted }' }, facts)),
      )
      const streams = opened.flatMap((one) => (one && Symbol.asyncIterator in one ? [one] : []))
      expect([streams.length, channels.size, watching.size]).toEqual([200, 200, 200])
      const waiting = streams.map((one, index) => (index % 2 === 0 ? one.next() : undefined))
      await Promise.all(streams.map((one) => one.return(undefined)))
      await Promise.all(waiting)
      expect([channels.size, watching.size]).toEqual([0, 0])
    }
    expect(await value('quimbi_subscriptions')).toMatchObject([{ value: 0 }])
    expect(await value('quimbi_subscriptions_ended_total')).toMatchObject([
      { value: 1_000, labels: { reason: 'done' } },
    ])
  })
})

describe('a WebSocket', () => {
  it.each([
    ['no login', {}, 4401, 'TOKEN_MISSING'],
    ['a wrong token', { authorization: 'nonsense' }, 4401, 'TOKEN_INVALID'],
    ['a token that is no text', { authorization: { a: 1 } }, 4401, 'TOKEN_INVALID'],
    ['a login that cannot be checked', { authorization: 'broken' }, 1013, 'TRY_AGAIN_LATER'],
  ])('closes for %s', async (_, given, closing, reason) => {
    const { url } = await door()
    expect(await connect(url, given).closed).toEqual({ code: closing, reason })
  })

  it('closes when its login ends, and stays when only what it may see changes', async () => {
    const { url, watching, channels } = await door()
    const client = connect(url)
    const next = client.subscribe('subscription { counted }').next()
    await eventually(() => expect(channels.size).toBe(1))
    const all = [...watching]
    for (const end of all) end(codedError('RESYNC_REQUIRED', 'Your role changed.', { reason: 'ROLE_CHANGED' }))
    await expect(next).rejects.toEqual(code('RESYNC_REQUIRED', { reason: 'ROLE_CHANGED' }))
    expect(watching.size).toBe(1)
    for (const end of watching) end(codedError('UNAUTHENTICATED', 'Over.', { reason: 'TOKEN_EXPIRED' }))
    expect(await client.closed).toEqual({ code: 4401, reason: 'TOKEN_EXPIRED' })
    await eventually(() => expect(watching.size).toBe(0))
  })

  it('closes without connection_init', async () => {
    const { url } = await door({ initTimeoutMs: 20 })
    const { closed } = await openRaw(url)
    expect((await closed).code).toBe(closeCodes.initTimeout)
  })

  it.each([
    ['subscribing before the login', [{ type: 'subscribe', id: '1', payload: { query: '{ hello }' } }], 4401],
    ['a second login', [init(), init()], 4429],
    ['what is no JSON', ['{'], 4400],
    ['an unknown type', [{ type: 'shout' }], 4400],
    ['a message too large', [{ type: 'ping', payload: { text: 'x'.repeat(2_000) } }], 1009],
    ['a binary message', [Buffer.from('{}')], 4400],
    ['an id used twice', [init(), subscribe('1'), subscribe('1')], 4409],
  ])('closes for %s', async (_, messages, wanted) => {
    const { url } = await door({ maxPayload: 1_000 })
    const { socket, messages: answers, closed } = await openRaw(url)
    for (const message of messages) {
      socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message))
      if (message === messages[0] && messages.length > 1) await eventually(() => expect(answers).toHaveLength(1))
    }
    expect((await closed).code).toBe(wanted)
  })

  it('begins no more subscriptions at once than it may, however many its client begins and leaves', async () => {
    const { url, begun, gate, channels, value } = await door({ beginning: 5 })
    const { socket, messages } = await openRaw(url)
    ends.push(async () => socket.terminate())
    send(socket, init())
    await eventually(() => expect(messages).toHaveLength(1))
    for (let n = 0; n < 5_000; n += 1) send(socket, subscribe(`n${n}`, 'gated'), { type: 'complete', id: `n${n}` })
    send(socket, { type: 'ping' })
    await eventually(() => expect(begun).toHaveLength(5))
    expect(begun).toHaveLength(5)
    gate.resolve()
    await eventually(() => expect(messages.slice(1)).toEqual([{ type: 'pong' }]))
    expect(begun).toHaveLength(5_000)
    await eventually(() => expect(channels.size).toBe(0))
    await eventually(async () => expect(await value('quimbi_subscriptions')).toMatchObject([{ value: 0 }]))
  })

  it('tells once under an id that comes again before what had it has begun, and leaves nothing of either', async () => {
    const { url, begun, gate, channels, tell } = await door()
    const { socket, messages } = await openRaw(url)
    ends.push(async () => socket.terminate())
    send(socket, init())
    await eventually(() => expect(messages).toHaveLength(1))
    send(socket, subscribe('1', 'gated'), { type: 'complete', id: '1' }, subscribe('1', 'gated'))
    await eventually(() => expect(begun).toHaveLength(1))
    gate.resolve()
    await eventually(() => expect([begun.length, channels.size]).toEqual([2, 1]))
    tell(7)
    await eventually(() =>
      expect(messages.slice(1)).toEqual([{ id: '1', type: 'next', payload: { data: { gated: 7 } } }]),
    )
    send(socket, { type: 'complete', id: '1' })
    await eventually(() => expect(channels.size).toBe(0))
  })

  it('is read no further while its client takes no answers', async () => {
    const { url } = await door()
    const { socket, messages } = await openRaw(url)
    ends.push(async () => socket.terminate())
    send(socket, init())
    await eventually(() => expect(messages).toHaveLength(1))
    socket.pause()
    for (let n = 0; n < 200; n += 1) send(socket, { type: 'ping', payload: { text: 'x'.repeat(100_000) } })
    await setTimeout(1_000)
    expect(socket.bufferedAmount).toBeGreaterThan(10_000_000)
    socket.resume()
    await eventually(() => expect(messages).toHaveLength(201))
  })

  it('closes for another protocol', async () => {
    const { url } = await door()
    await expect(openRaw(url, { protocol: 'graphql-ws' }).then(({ closed }) => closed)).rejects.toThrow()
  })

  it('is cut when its client answers no ping', async () => {
    const { url } = await door({ keepAliveMs: 30 })
    const { closed } = await openRaw(url, { autoPong: false })
    expect((await closed).code).toBe(1006)
  })

  it('is one of so many of its agent', async () => {
    const { url } = await door({ socketsPerAgent: 1 })
    const first = connect(url)
    await first.connected
    expect(await connect(url).closed).toEqual({ code: closeCodes.tooManySockets, reason: 'TOO_MANY_SOCKETS' })
    await connect(url, { authorization: 'Bearer leo' }).connected
    await first.dispose()
    await eventually(() => connect(url).connected)
  })

  it('is believed to be a service only when that signed for it', async () => {
    const { url, channels, tell } = await door()
    const request = { method: 'GET', path: '/graphql', body: '', headers: { 'x-quimbi-tenant': 't' } }
    const headers = { ...request.headers, ...createSigner(keys, 'gateway').sign(request) }
    const next = connect(url, { headers }).subscribe('subscription { who }').next()
    await eventually(() => expect(channels.size).toBe(1))
    tell(1)
    expect((await next).value).toEqual({ data: { who: 'service 1' } })
    const forged = { ...headers, 'x-quimbi-tenant': 'other' }
    expect((await connect(url, { headers: forged }).closed).code).toBe(1006)
    expect((await connect(url, { headers: request.headers }).closed).code).toBe(4401)
  })

  it('of a service carries subscriptions for many, each told by its own extensions', async () => {
    const { url, channels, tell } = await door()
    const headers = createSigner(keys, 'gateway').sign({ method: 'GET', path: '/graphql', body: '', headers: {} })
    const client = connect(url, { headers })
    const asked = [{ authorization: 'Bearer mia' }, { tenantId: 't' }, { authorization: 'Bearer mia', tenantId: 't' }]
    const firsts = asked.map((extensions) => client.subscribe('subscription { who }', {}, extensions).next())
    await eventually(() => expect(channels.size).toBe(3))
    tell(1)
    const whos = (await Promise.all(firsts)).map(({ value }) => (value as { data: { who: string } }).data.who)
    expect(whos).toEqual(['agent 1', 'service 1', 'agent 1'])
    for (const extensions of [undefined, { tenantId: 7 }, { authorization: 'nonsense' }])
      await expect(client.subscribe('subscription { who }', {}, extensions).next()).rejects.toEqual(
        code('UNAUTHENTICATED'),
      )
  })

  it('of anybody else is not believed when it says for whom it asks', async () => {
    const { url, channels, tell } = await door()
    const extensions = { tenantId: 't', authorization: 'nonsense' }
    const first = connect(url).subscribe('subscription { who }', {}, extensions).next()
    await eventually(() => expect(channels.size).toBe(1))
    tell(1)
    expect((await first).value).toEqual({ data: { who: 'agent 1' } })
  })

  it('is told to go away when the service stops, and then none is let in', async () => {
    const { url, http, channels } = await door()
    const client = connect(url)
    const next = client.subscribe('subscription { counted }').next()
    await eventually(() => expect(channels.size).toBe(1))
    await Promise.all([http.drain(1_000), next.catch(() => {})])
    expect(await client.closed).toEqual({ code: 1001, reason: 'GOING_AWAY' })
    expect(channels.size).toBe(0)
    expect((await connect(url).closed).code).toBe(1006)
  })

  it('has its door at one path', async () => {
    const { url } = await door()
    await expect(openRaw(`${url}/other`)).rejects.toThrow('404')
  })
})

function init(authorization = 'Bearer mia') {
  return { type: 'connection_init', payload: { authorization } }
}
function subscribe(id: string, field = 'counted') {
  return { type: 'subscribe', id, payload: { query: `subscription { ${field} }` } }
}
function send(socket: WebSocket, ...messages: object[]): void {
  for (const message of messages) socket.send(JSON.stringify(message))
}
