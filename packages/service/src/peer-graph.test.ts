import { Registry } from 'prom-client'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { fixedClock } from './clock.ts'
import { withDeadline } from './deadline.ts'
import { codedError } from './errors.ts'
import { createMetrics } from './metrics.ts'
import { askPeer, peerInMemory, peerOverHttp, type PeerGraph } from './peer-graph.ts'

const graph = vi.fn<PeerGraph>()
const clock = fixedClock('2026-11-21T12:00:00.000Z')
const schema = z.object({ name: z.string() })
let ask: ReturnType<typeof askPeer>
beforeEach(() => {
  graph.mockReset().mockResolvedValue({ data: { name: 'Ann' } })
  const metrics = createMetrics('support', new Registry())
  ask = askPeer({ graph, clock, metrics }, { service: 'support', dependency: 'name', deadlineMs: 30 })
})

const operation = { query: '{ name }' }
const asked = (signal?: AbortSignal) => ask(operation, schema, { tenantId: 't', signal })
const unavailable = expect.objectContaining({
  extensions: expect.objectContaining({ code: 'SUBGRAPH_UNAVAILABLE' }) as object,
})

describe('asking another service', () => {
  it('answers with what it says', async () => {
    expect(await asked()).toEqual({ name: 'Ann' })
    expect(graph).toHaveBeenCalledWith(operation, { tenantId: 't', signal: expect.any(AbortSignal) as AbortSignal })
  })

  it.each<[string, Awaited<ReturnType<PeerGraph>>]>([
    ['part of it failed', { data: { name: 'Ann' }, errors: [{ message: 'secret', extensions: {} }] }],
    ['it says something else', { data: { name: 7 } }],
    ['it says nothing', {}],
  ])('fails when %s, and does not tell why', async (_, result) => {
    graph.mockResolvedValue(result)
    await expect(asked()).rejects.toEqual(unavailable)
    await expect(asked()).rejects.not.toThrow('secret')
  })

  it('stays on good terms with who refuses what it was asked, and leaves alone who fails', async () => {
    const errors = [{ message: 'no', extensions: { code: 'BAD_USER_INPUT' } }]
    graph.mockResolvedValue({ errors })
    for (let n = 0; n < 9; n++) await expect(asked()).rejects.toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } })
    graph.mockRejectedValue(new Error('10.0.0.1 is away'))
    for (let n = 0; n < 9; n++) await expect(asked()).rejects.toEqual(unavailable)
    expect(graph).toHaveBeenCalledTimes(9 + 5)
    graph.mockResolvedValue({ data: { name: 'Ann' } })
    clock.advance(10_000)
    expect(await asked()).toEqual({ name: 'Ann' })
  })

  it('does not wait longer than the deadline or the caller, and says so to who is asked', async () => {
    const late = Promise.withResolvers<Awaited<ReturnType<PeerGraph>>>()
    const signals: AbortSignal[] = []
    graph.mockImplementation((_, { signal }) => (signals.push(signal!), late.promise))
    await expect(asked()).rejects.toEqual(unavailable)
    const leaving = new AbortController()
    const left = asked(leaving.signal)
    leaving.abort()
    await expect(left).rejects.toEqual(unavailable)
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true])
    await expect(asked(AbortSignal.abort())).rejects.toEqual(unavailable)
    expect(signals).toHaveLength(2)
    late.resolve({ data: { name: 'too late' } })
  })
})

describe('the way to it', () => {
  it('in this process names who asks for which tenant', async () => {
    const execute = vi.fn().mockResolvedValue({ data: {} })
    await peerInMemory({ execute }, 'support')(operation, { tenantId: 't' })
    const facts: unknown = { requestId: expect.any(String), caller: 'support', tenantId: 't' }
    expect(execute).toHaveBeenCalledWith(operation, facts)
  })

  it('to another process is signed for the tenant', async () => {
    const post = vi.fn().mockResolvedValue({ status: 200, body: '{"data":{}}' })
    const { signal } = new AbortController()
    expect(await peerOverHttp({ post, close: async () => {} })(operation, { tenantId: 't', signal })).toEqual({
      data: {},
    })
    expect(post).toHaveBeenCalledWith('/graphql', '{"query":"{ name }"}', {
      requestId: expect.any(String) as string,
      ...{ tenantId: 't', signal },
    })
  })
})

describe('a deadline', () => {
  it('is nothing to work that is in time, or that fails', async () => {
    expect(await withDeadline(async () => 1, { ms: 5_000 })).toBe(1)
    const failing = () => {
      throw codedError('NOT_FOUND', 'gone')
    }
    await expect(withDeadline(failing, { ms: 5_000 })).rejects.toThrow('gone')
  })

  it('drops what fails after it', async () => {
    const late = Promise.withResolvers<never>()
    await expect(withDeadline(() => late.promise, { ms: 1 })).rejects.toEqual(unavailable)
    late.reject(new Error('nobody hears it'))
    await new Promise((resolve) => setImmediate(resolve))
  })
})
