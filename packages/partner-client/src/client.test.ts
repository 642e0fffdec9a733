import { inspect } from 'node:util'
import type { GenerateMessageInput } from '../generated/operations.ts'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  clientOf,
  coded,
  failure,
  fine,
  hangUp,
  json,
  key,
  limits,
  openFaultyDoor,
  text,
  type Answering,
} from './faults.test-kit.ts'
import { createPartnerClient } from './client.ts'

const doors: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const door of doors.splice(0)) await door.close()
})
async function open(...script: Answering[]) {
  const door = await openFaultyDoor(...script)
  doors.push(door)
  return { ...door, ...clientOf(door.url) }
}
const message: GenerateMessageInput = {
  turns: [{ fromAgent: false, content: 'Hi' }],
  channel: 'EMAIL',
  goal: 'FOLLOW_UP',
}

describe('a call', () => {
  it('sends the key and the document, and answers data', async () => {
    const { client, asked } = await open(fine)
    expect(await client.rateLimit()).toEqual(limits)
    expect(asked).toMatchObject([{ method: 'POST', path: '/partner/graphql', key, variables: {} }])
    expect(asked[0]?.query).toMatch(/^query RateLimit/)
  })

  const halfAnAnswer: Answering = (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
    response.write('{"data":', () => response.socket?.resetAndDestroy())
  }
  it.each<[string, Answering]>([
    ['is hung up on', hangUp],
    ['is cut in the middle of its answer', halfAnAnswer],
    ['is told 502', text('<html>', 502)],
    ['is told 503', json({}, 503)],
    ['is told 504', text('', 504)],
    ['is told that another try may do', json({ data: null, ...coded('SUBGRAPH_UNAVAILABLE', { retryable: true }) })],
  ])('that %s is tried again, later each time', async (_, fault) => {
    const { client, asked, clock, throttles } = await open(fault, fault, fine)
    expect(await client.rateLimit()).toEqual(limits)
    expect(asked).toHaveLength(3)
    expect(clock.waited).toEqual([250, 500])
    expect(throttles.map(({ reason }) => reason)).toEqual(['RETRY', 'RETRY'])
  })

  it('is tried again when no answer comes in time', async () => {
    const silent: Answering = (response) => void response.on('close', () => {})
    const { client, asked, clock } = await open(silent, fine)
    const answer = client.rateLimit()
    await vi.waitFor(() => expect(asked).toHaveLength(1))
    clock.expire()
    expect(await answer).toEqual(limits)
  })

  it('gives up after five tries', async () => {
    const { client, asked } = await open(text('', 503))
    expect(await failure(client.rateLimit())).toMatchObject({ code: 'UNAVAILABLE', status: 503, retryable: true })
    expect(asked).toHaveLength(5)
  })

  it('gives up before its time is over', async () => {
    const { client, asked, clock } = await open(json(coded('THROTTLED', { retryAfterMs: 10_000, retryable: true })))
    const began = clock.now()
    const error = await failure(client.rateLimit({ maxWaitMs: 25_000 }))
    expect(error).toMatchObject({ code: 'THROTTLED', retryAfterMs: 10_000 })
    expect(asked).toHaveLength(3)
    expect(clock.now() - began).toBeLessThanOrEqual(25_000)
  })

  it.each<[string, Answering, object]>([
    ['malformed JSON', text('{"data"', 200, { 'content-type': 'application/json' }), { code: 'UNEXPECTED_RESPONSE' }],
    ['a page', text('<h1>Welcome to the hotel</h1>'), { code: 'UNEXPECTED_RESPONSE', status: 200 }],
    ['no GraphQL', json({ hello: 1 }), { code: 'UNEXPECTED_RESPONSE', requestId: 'r-1' }],
    ['a null', text('null', 200, { 'content-type': 'application/json' }), { code: 'UNEXPECTED_RESPONSE' }],
    ['an unknown key', json(coded('UNAUTHENTICATED', { reason: 'KEY_INVALID' }), 401), { reason: 'KEY_INVALID' }],
    [
      'bad input',
      json(coded('BAD_USER_INPUT', { requestId: 'r-9' }), 400),
      { code: 'BAD_USER_INPUT', requestId: 'r-9' },
    ],
    [
      'a part',
      json({ data: { rateLimit: null }, errors: [{ message: 'x', path: ['rateLimit', 0] }] }),
      { path: ['rateLimit', 0], partialData: { rateLimit: null } },
    ],
  ])('that is answered %s fails at once and says why', async (_, answer, facts) => {
    const { client, asked } = await open(answer)
    expect(await failure(client.rateLimit())).toMatchObject({ name: 'PartnerError', retryable: false, ...facts })
    expect(asked).toHaveLength(1)
  })

  it.each([301, 302, 303, 307, 308])('takes its key nowhere else when it is redirected by %i', async (status) => {
    const other = await openFaultyDoor(fine)
    doors.push(other)
    const { client } = await open(text('', status, { location: other.url }))
    expect(await failure(client.rateLimit())).toMatchObject({ code: 'UNEXPECTED_RESPONSE', status })
    expect(other.asked).toEqual([])
  })

  it('ends with the reason of its signal, and of the client’s', async () => {
    const silent: Answering = () => {}
    const { client, asked, url } = await open(silent)
    const own = new AbortController()
    const answer = failure(client.rateLimit({ signal: own.signal }))
    await vi.waitFor(() => expect(asked).toHaveLength(1))
    own.abort(new Error('enough'))
    expect((await answer)?.message).toBe('enough')
    const all = clientOf(url, { signal: AbortSignal.abort(new Error('closed')) }).client
    expect((await failure(all.rateLimit()))?.message).toBe('closed')
    expect(asked).toHaveLength(1)
  })

  it('never shows the key', async () => {
    const leak = (() => Promise.reject(new TypeError(`bad header ${key}`, { cause: { code: key } }))) as typeof fetch
    const said: unknown[] = []
    for (const script of [hangUp, text(key, 500), json(coded('UNAUTHENTICATED'), 401)]) {
      const { client } = await open(script)
      said.push(await failure(client.rateLimit()))
    }
    said.push(await failure(clientOf('https://door.example/partner/graphql', { fetch: leak }).client.rateLimit()))
    const broken = clientOf('https://door.example/partner/graphql', { apiKey: `${key}\n` }).client
    said.push(await failure(broken.rateLimit()), clientOf('https://door.example').client)
    expect(said).toHaveLength(6)
    expect(inspect(said, { depth: 10 })).not.toContain('canary')
  })

  it.each([
    ['ftp://door.example/'],
    ['http://door.example/partner/graphql'],
    ['https://me:secret@door.example/partner/graphql'],
    ['nowhere'],
  ])('has no door at %s', (url) => {
    expect(() => createPartnerClient({ url, apiKey: key })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    )
  })
})

describe('what costs or changes something', () => {
  it.each<[string, Answering]>([
    ['hung up', hangUp],
    ['503', text('', 503)],
    ['an error that may pass', json(coded('SUBGRAPH_UNAVAILABLE', { retryable: true }))],
  ])('is not written twice after %s', async (_, fault) => {
    const { client, asked } = await open(fault, fine)
    expect(await failure(client.generateMessage(message))).toMatchObject({ retryable: true })
    const campaign = { archetypeId: 'a', objective: 'RETAIN', channel: 'EMAIL' } as const
    expect(asked).toHaveLength(1)
    const other = await open(fault, fine)
    expect(await failure(other.client.generateCampaign(campaign))).toMatchObject({ retryable: true })
    expect(other.asked).toHaveLength(1)
  })

  it('is written when it was refused before', async () => {
    const refused = json(coded('THROTTLED', { retryAfterMs: 500 }), 429)
    const { client, asked } = await open(refused, json({ data: { generateMessage: { content: 'Hello' } } }))
    expect(await client.generateMessage(message)).toEqual({ content: 'Hello' })
    expect(asked).toHaveLength(2)
  })

  const unknownMutation = 'mutation { mergeIdentities(input: { fromId: "a", intoId: "b" }) { userErrors { code } } }'
  const nested = 'query { customerInsight(customerId: "a") { ...f } } fragment f on Customer { summary { text } }'
  it.each([unknownMutation, nested])('is told from the document: %s', async (document) => {
    const { client, asked } = await open(hangUp)
    expect(await failure(client.request(document))).toMatchObject({ code: 'NETWORK_ERROR' })
    expect(asked).toHaveLength(1)
  })

  it('is repeated when it is idempotent', async () => {
    const taken = { accepted: 1, updated: 0, duplicates: 0, userErrors: [] }
    const { client, asked } = await open(hangUp, json({ data: { ingestOrders: taken } }))
    expect(await client.ingestOrders({ source: 'shop', orders: [{ customer: {} } as never] })).toEqual(taken)
    expect(asked.map(({ variables }) => variables)).toEqual([asked[0]?.variables, asked[0]?.variables])
  })

  it.each(['subscription { insightChanged { cursor } }', 'query {'])(
    'is refused before it is sent: %s',
    async (document) => {
      const { client, asked } = await open(fine)
      expect(await failure(Promise.try(() => client.request(document)))).toMatchObject({ code: 'INVALID_ARGUMENT' })
      expect(asked).toEqual([])
    },
  )
})
