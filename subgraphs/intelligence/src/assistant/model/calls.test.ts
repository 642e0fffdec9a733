import { createServer } from 'node:net'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { newId } from '@quimbi/database/ids.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apple, askFruit, openModelWorld, outcomeOf, type Opened } from './model.test-kit.ts'
import * as server from './server.test-kit.ts'

let world: Opened
beforeAll(async () => void (world = await openModelWorld()))
afterAll(() => world.close())

const sent = () => world.server.asked.length

describe('a server that fails', () => {
  it.each([
    ['with 500', server.refuses(500)],
    ['with 503', server.refuses(503)],
    ['by breaking off', server.breaksOff('{"fruit"')],
    ['by ending early', server.endsEarly('{"fruit"')],
    ['with 429 and a time', server.refuses(429, { 'retry-after-ms': '20' })],
    ['with 429 and a time in seconds', server.refuses(429, { 'retry-after': '0' })],
    ['with 429', server.refuses(429)],
  ])('once, %s, is asked a second time', async (_, behaviour) => {
    const { model, tenantId } = world.open()
    const before = sent()
    world.server.behave(behaviour, server.streams(apple))
    expect(await askFruit(model, tenantId)).toEqual({ fruit: 'apple' })
    expect(sent() - before).toBe(2)
  })

  it('twice is not asked a third time', async () => {
    const { model, tenantId } = world.open()
    const before = sent()
    world.server.behave(server.refuses(502), server.refuses(502), server.streams(apple))
    expect(await outcomeOf(askFruit(model, tenantId))).toBe('MODEL_UNREACHABLE')
    expect(sent() - before).toBe(2)
  })

  it('and asks for more time than there is, is not waited for', async () => {
    const { model, tenantId } = world.open()
    const before = sent()
    world.server.behave(server.refuses(429, { 'retry-after': '3600' }))
    await expect(askFruit(model, tenantId)).rejects.toMatchObject({
      extensions: { code: 'SUBGRAPH_UNAVAILABLE', reason: 'MODEL_LIMITED', retryable: true, retryAfterMs: 3_600_000 },
    })
    expect(sent() - before).toBe(1)
  })

  it('is left alone after two calls, and called again after a pause: by one, then by all', async () => {
    const { model, tenantId, clock, registry } = world.open()
    const before = sent()
    world.server.behave(server.refuses(500))
    for (const _ of [1, 2]) expect(await outcomeOf(askFruit(model, tenantId))).toBe('MODEL_UNREACHABLE')
    world.server.behave(server.streams(apple))
    for (const _ of [1, 2, 3]) expect(await outcomeOf(askFruit(model, newId()))).toBe('MODEL_PAUSED')
    expect(sent() - before).toBe(4)
    expect(await registry.metrics()).toContain('quimbi_breaker_state{service="intelligence",dependency="model"} 2')

    clock.advance(5_000)
    const both = await Promise.all([askFruit(model, tenantId), outcomeOf(askFruit(model, tenantId))])
    expect(both).toEqual([{ fruit: 'apple' }, 'MODEL_PAUSED'])
    expect(await askFruit(model, tenantId)).toEqual({ fruit: 'apple' })
    expect(await registry.metrics()).toContain('quimbi_breaker_state{service="intelligence",dependency="model"} 0')
  })

  it('is left alone again when it still fails after the pause', async () => {
    const { model, tenantId, clock } = world.open({}, { failures: 1 })
    world.server.behave(server.refuses(500))
    await outcomeOf(askFruit(model, tenantId))
    clock.advance(5_000)
    expect(await outcomeOf(askFruit(model, tenantId))).toBe('MODEL_UNREACHABLE')
    expect(await outcomeOf(askFruit(model, tenantId))).toBe('MODEL_PAUSED')
  })

  it('is nowhere', async () => {
    const gone = createServer().listen(0, '127.0.0.1')
    await once(gone, 'listening')
    const address = gone.address()
    gone.close()
    const port = typeof address === 'object' && address ? address.port : 0
    const { model, tenantId } = world.open({ OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1` })
    for (const _ of [1, 2]) expect(await outcomeOf(askFruit(model, tenantId))).toBe('MODEL_UNREACHABLE')
    expect(await outcomeOf(askFruit(model, tenantId))).toBe('MODEL_PAUSED')
    // Nothing was taken, so nothing is owed.
    expect(await world.usage(tenantId)).toMatchObject([{ calls: 2, failures: 2, input: 0, output: 0 }])
  })
})

describe('a server that is silent', () => {
  it.each([
    ['from the start', server.hangs],
    ['in the middle', server.stalls('{"fruit"')],
  ])('%s, is given up before the deadline, asked once, and left alone', async (_, behaviour) => {
    const { model, tenantId } = world.open({ OPENAI_TIMEOUT_MS: 300 })
    const before = sent()
    world.server.behave(behaviour)
    const all = await Promise.all([1, 2].map(() => outcomeOf(askFruit(model, tenantId))))
    expect(all).toEqual(['MODEL_SLOW', 'MODEL_SLOW'])
    expect(await outcomeOf(askFruit(model, tenantId))).toBe('MODEL_PAUSED')
    expect(sent() - before).toBe(2)
    expect(await world.server.asked.at(-1)?.closed).toBe(false)
    const [row] = await world.usage(tenantId)
    expect(row?.['input']).toBeGreaterThan(0)
  })

  it('is given up soon where nothing is known of it, and is not lost if it is only slow', async () => {
    // What ends this test is neither the deadline nor a usual silence.
    const limits = { coldSilenceMs: 50, leastSilenceMs: 120_000 }
    const { model, tenantId, clock } = world.open({ OPENAI_TIMEOUT_MS: 120_000 }, limits)
    world.server.behave(server.hangs)
    expect(await Promise.all([1, 2].map(() => outcomeOf(askFruit(model, tenantId))))).toEqual([
      'MODEL_SLOW',
      'MODEL_SLOW',
    ])
    expect(await outcomeOf(askFruit(model, tenantId))).toBe('MODEL_PAUSED')
    clock.advance(5_000)
    const seen = world.server.asked.length
    const answer = Promise.withResolvers<void>()
    world.server.behave(async (response, asked) => {
      await answer.promise
      await server.streams(apple)(response, asked)
    })
    const trial = askFruit(model, tenantId)
    await world.server.seen(seen + 1)
    await delay(100)
    answer.resolve()
    expect(await trial).toEqual({ fruit: 'apple' })
  })

  it('is given up sooner where it used to be fast, and given all the time as a trial', async () => {
    // Two minutes: what ends this test is not the deadline.
    const { model, tenantId, clock } = world.open({ OPENAI_TIMEOUT_MS: 120_000 }, { leastSilenceMs: 50, failures: 1 })
    world.server.behave(server.streams(apple))
    await askFruit(model, tenantId)
    world.server.behave(server.hangs)
    expect(await outcomeOf(askFruit(model, tenantId))).toBe('MODEL_SLOW')
    clock.advance(5_000)
    const slow: server.Behaviour = async (response, asked) => {
      await new Promise((done) => setTimeout(done, 300))
      await server.streams(apple)(response, asked)
    }
    world.server.behave(slow)
    expect(await askFruit(model, tenantId)).toEqual({ fruit: 'apple' })
  })

  it('at the deadline has had its time, however busily it wrote', async () => {
    const { model, tenantId } = world.open({ OPENAI_TIMEOUT_MS: 200 })
    const drips: server.Behaviour = (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const timer = setInterval(() => response.write(': still here\n\ndata: {"choices":[]}\n\n'), 10)
      response.once('close', () => clearInterval(timer))
    }
    world.server.behave(drips)
    expect(await outcomeOf(askFruit(model, tenantId))).toBe('MODEL_SLOW')
    expect(await world.server.asked.at(-1)?.closed).toBe(false)
  })
})

describe('a client that leaves', () => {
  it('ends the call at the server, and says nothing against it', async () => {
    const { model, tenantId, registry } = world.open({}, { failures: 1 })
    for (const behaviour of [server.hangs, server.stalls('{"fruit"')]) {
      const client = new AbortController()
      world.server.behave(behaviour)
      const before = sent()
      const asked = askFruit(model, tenantId, client.signal)
      await world.server.seen(before + 1)
      client.abort(new Error('gone'))
      await expect(asked).rejects.toThrow('gone')
      expect(await world.server.asked.at(-1)?.closed).toBe(false)
    }
    world.server.behave(server.streams(apple))
    expect(await askFruit(model, tenantId)).toEqual({ fruit: 'apple' })
    expect(await registry.metrics()).toContain('quimbi_model_calls_total{purpose="questions",outcome="left"} 2')
    const before = sent()
    await expect(askFruit(model, tenantId, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone')
    expect(sent()).toBe(before)
  })

  it('from a trial has told nothing: the next call is the trial', async () => {
    const { model, tenantId, clock } = world.open({}, { failures: 1 })
    world.server.behave(server.refuses(500))
    await outcomeOf(askFruit(model, tenantId))
    clock.advance(5_000)
    const client = new AbortController()
    world.server.behave(server.hangs)
    const before = sent()
    const asked = askFruit(model, tenantId, client.signal)
    await world.server.seen(before + 1)
    client.abort(new Error('gone'))
    await expect(asked).rejects.toThrow('gone')
    world.server.behave(server.streams(apple))
    const both = await Promise.all([askFruit(model, tenantId), outcomeOf(askFruit(model, tenantId))])
    expect(both).toEqual([{ fruit: 'apple' }, 'MODEL_PAUSED'])
  })
})

describe('calls at once', () => {
  it('are limited for a tenant, so that others have room, and for the process', async () => {
    const { model, tenantId } = world.open({}, { perTenant: 2, perProcess: 3 })
    const { promise: open, resolve } = Promise.withResolvers<void>()
    const before = sent()
    world.server.behave(async (response, asked) => {
      await open
      await server.streams(apple)(response, asked)
    })
    const running = [askFruit(model, tenantId), askFruit(model, tenantId)]
    expect(await outcomeOf(askFruit(model, tenantId))).toBe('MODEL_BUSY')
    running.push(askFruit(model, newId()))
    expect(await outcomeOf(askFruit(model, newId()))).toBe('MODEL_BUSY')
    await world.server.seen(before + 3)
    resolve()
    expect(await Promise.all(running)).toEqual(running.map(() => ({ fruit: 'apple' })))
    expect(await askFruit(model, tenantId)).toEqual({ fruit: 'apple' })
    expect(sent() - before).toBe(4)
  })
})
