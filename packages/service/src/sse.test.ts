import { get } from 'node:http'
import { createClient, type ExecutionResult } from 'graphql-sse'
import { Registry } from 'prom-client'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createChannel, leavable, type Channel } from './channel.ts'
import { codedError } from './errors.ts'
import { createHttp } from './http.ts'
import { createLogger } from './logging.ts'
import { createMetrics } from './metrics.ts'
import { eventStreams, type EventStreamOptions } from './sse.ts'
import type { Results, Subscribe } from './subscriptions.ts'
import { liveMetrics } from './websocket-metrics.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const refusals: Record<string, [Parameters<typeof codedError>[0], string]> = {
  'subscription { secret }': ['UNAUTHENTICATED', 'TOKEN_MISSING'],
  'subscription { much }': ['THROTTLED', 'TOO_MANY_SUBSCRIPTIONS'],
  '{ hello }': ['BAD_USER_INPUT', 'NO_SUBSCRIPTION'],
}

/** A door whose subscriptions tell what the test pushes. */
async function door(options: Partial<EventStreamOptions> = {}) {
  const channels = new Set<Channel<object>>()
  const asked: Parameters<Subscribe>[] = []
  const registry = new Registry()
  const log = createLogger({ service: 'gateway', level: 'silent' })
  const subscribe: Subscribe = async (operation, facts) => {
    asked.push([operation, facts])
    const [code, reason] = refusals[operation.query] ?? []
    if (code && reason) return { errors: [codedError(code, 'No.', { reason }).toJSON()] }
    const channel: Channel<object> = createChannel({ capacity: 1_000, onEnd: () => channels.delete(channel) })
    channels.add(channel)
    async function* results() {
      yield* channel
    }
    return leavable(results(), () => channel.end()) as Results
  }
  const http = createHttp({
    service: 'gateway',
    log,
    metrics: createMetrics('gateway', registry),
    readiness: async () => ({}),
  })
  await http.app.register(eventStreams({ subscribe, log, metrics: liveMetrics(registry, 'gateway'), ...options }))
  const { url } = await http.listen(0, '127.0.0.1')
  ends.push(() => http.drain(1_000))
  const tell = (value: object) => [...channels].forEach((channel) => channel.push(value))
  const open = async () =>
    ((await registry.getSingleMetric('quimbi_event_streams')?.get())?.values ?? []).map(({ value }) => value)
  return { url: `${url}/graphql/stream`, http, channels, asked, tell, open }
}

const json = { 'content-type': 'application/json', accept: 'text/event-stream' }
const post = (url: string, body: unknown, headers: Record<string, string> = json) =>
  fetch(url, { method: 'POST', headers: { ...headers, connection: 'close' }, body: JSON.stringify(body) })
const counted = { query: 'subscription { counted }' }
const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 5_000, interval: 5 })

/** Events of a stream, as they come; without comments. */
async function* eventsOf(response: Response): AsyncGenerator<{ event: string; data: ExecutionResult | null }> {
  let text = ''
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk
    for (let at = text.indexOf('\n\n'); at >= 0; at = text.indexOf('\n\n')) {
      const [event, data] = ['event', 'data'].map(
        (name) => new RegExp(`^${name}: (.*)$`, 'm').exec(text.slice(0, at))?.[1],
      )
      text = text.slice(at + 2)
      if (event) yield { event, data: data ? (JSON.parse(data) as ExecutionResult) : null }
    }
  }
}

describe('server-sent events', () => {
  it('are what a graphql-sse client understands, until it leaves', async () => {
    const { url, channels, asked, tell, open } = await door()
    const client = createClient({ url, headers: { authorization: 'Bearer mia' }, retryAttempts: 0 })
    const events = client.iterate({ ...counted, variables: { n: 1 }, operationName: 'x' })
    const first = events.next()
    await eventually(() => expect(channels.size).toBe(1))
    tell({ data: { counted: 'é\n\n1' } })
    expect((await first).value).toEqual({ data: { counted: 'é\n\n1' } })
    expect(asked[0]).toMatchObject([
      { ...counted, variables: { n: 1 }, operationName: 'x' },
      { authorization: 'Bearer mia', caller: null, requestId: expect.any(String), address: '127.0.0.1' },
    ])
    expect(await open()).toEqual([1])
    client.dispose()
    await eventually(() => expect(channels.size).toBe(0))
    await eventually(async () => expect(await open()).toEqual([0]))
  })

  it('are got as well as posted, and end when the stream does', async () => {
    const { url, channels, asked, tell } = await door()
    const search = new URLSearchParams({ query: counted.query, variables: '{"n":1}' })
    const response = await fetch(`${url}?${search}`, { headers: { connection: 'close' } })
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(response.headers.get('cache-control')).toBe('no-cache, no-transform')
    tell({ data: { counted: 1 } })
    for (const channel of channels) void eventually(() => expect(channel.size).toBe(0)).then(() => channel.end())
    expect(await Array.fromAsync(eventsOf(response))).toEqual([
      { event: 'next', data: { data: { counted: 1 } } },
      { event: 'complete', data: null },
    ])
    expect(asked[0]?.[0].variables).toEqual({ n: 1 })
  })

  it.each([
    ['a coded error', codedError('RESYNC_REQUIRED', 'Again.', { reason: 'OVERFLOW' }), 'RESYNC_REQUIRED'],
    ['the end of the login', codedError('UNAUTHENTICATED', 'Over.', { reason: 'SESSION_ENDED' }), 'UNAUTHENTICATED'],
    ['a fault', new Error('select 1 from 10.0.0.7'), 'INTERNAL_SERVER_ERROR'],
  ])('tell of %s, and end', async (_, error, code) => {
    const { url, channels } = await door()
    const response = await post(url, counted)
    for (const channel of channels) channel.fail(error)
    const events = await Array.fromAsync(eventsOf(response))
    expect(events.map(({ event }) => event)).toEqual(['next', 'complete'])
    expect(events[0]?.data?.errors?.[0]?.extensions).toMatchObject({ code })
    expect(JSON.stringify(events)).not.toContain('10.0.0.7')
    expect(channels.size).toBe(0)
  })

  it('end with a coded error when the service stops, and then none is let in', async () => {
    const { url, http, channels } = await door()
    const response = await post(url, counted)
    const [events] = await Promise.all([Array.fromAsync(eventsOf(response)), http.drain(1_000)])
    expect(events[0]?.data?.errors?.[0]?.extensions).toEqual({
      code: 'SUBGRAPH_UNAVAILABLE',
      retryable: true,
      reason: 'GOING_AWAY',
    })
    expect(channels.size).toBe(0)
    await expect(post(url, counted)).rejects.toThrow()
  })

  it('beat while nothing happens', async () => {
    const { url } = await door({ keepAliveMs: 10 })
    const { body } = await post(url, counted)
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    while (text.length < 9) text += (await reader?.read())?.value ?? ''
    expect(text).toMatch(/^(:\n\n)+$/)
    await reader?.cancel()
  })

  it('wait for a client that does not read, and cut it in the end', async () => {
    const { url, channels, tell } = await door({ keepAliveMs: 200 })
    // Nobody asks it for what it got.
    const request = get(`${url}?query=x`, (response) => response.on('error', () => {})).on('error', () => {})
    ends.push(() => request.destroy())
    await eventually(() => expect(channels.size).toBe(1))
    const [channel] = channels
    for (let n = 0; n < 300; n += 1) tell({ data: { counted: 'x'.repeat(100_000) } })
    await eventually(() => expect(channel?.size).toBeLessThan(299))
    await eventually(() => expect(channels.size).toBe(0))
  })
})

describe('the door for server-sent events', () => {
  it.each([
    ['no login', { query: 'subscription { secret }' }, 401, 'UNAUTHENTICATED'],
    ['too many subscriptions', { query: 'subscription { much }' }, 429, 'THROTTLED'],
    ['no query', {}, 400, 'BAD_USER_INPUT'],
    ['a query that is no text', { query: 1 }, 400, 'BAD_USER_INPUT'],
    ['a batch', [counted], 400, 'BAD_USER_INPUT'],
    ['variables that are no object', { ...counted, variables: [1] }, 400, 'BAD_USER_INPUT'],
    ['an operation name that is no text', { ...counted, operationName: 1 }, 400, 'BAD_USER_INPUT'],
  ])('refuses %s', async (_, body, status, code) => {
    const { url, channels } = await door()
    const response = await post(url, body)
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] })
    expect(channels.size).toBe(0)
  })

  it('tells of what cannot be subscribed to in the stream', async () => {
    const { url } = await door()
    const response = await post(url, { query: '{ hello }' })
    expect(response.status).toBe(200)
    expect(await Array.fromAsync(eventsOf(response))).toMatchObject([
      { event: 'next', data: { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] } },
      { event: 'complete' },
    ])
  })

  it.each([
    [
      'a form',
      { method: 'POST', body: 'query=x', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
    ],
    ['text, as a foreign page may send it', { method: 'POST', body: JSON.stringify(counted) }, 415],
    ['another method', { method: 'PUT' }, 404],
    ['who takes no event stream', { method: 'GET', headers: { accept: 'application/json' } }, 406],
    ['variables that are no JSON', { method: 'GET', search: '&variables={' }, 400],
    ['a very long address', { method: 'GET', search: `&x=${'x'.repeat(8_200)}` }, 414],
  ])('refuses %s', async (_, { search = '', ...init }: RequestInit & { search?: string }, status) => {
    const { url, asked } = await door()
    const headers = { connection: 'close', ...(init.headers as Record<string, string>) }
    const response = await fetch(`${url}?query=${encodeURIComponent(counted.query)}${search}`, { ...init, headers })
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: expect.any(String) } }] })
    expect(asked).toEqual([])
  })

  it('lets so many streams in', async () => {
    const { url, channels } = await door({ streams: 1 })
    const first = await post(url, counted)
    const second = await post(url, counted)
    expect(second.status).toBe(429)
    expect(await second.json()).toMatchObject({
      errors: [{ extensions: { reason: 'TOO_MANY_STREAMS', retryable: true } }],
    })
    await first.body?.cancel()
    await eventually(() => expect(channels.size).toBe(0))
    await eventually(async () => {
      const third = await post(url, counted)
      await third.body?.cancel()
      expect(third.status).toBe(200)
    })
  })
})
