import { redisAvailable, startRedis } from '@quimbi/testing/redis.ts'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { fixedClock } from './clock.ts'
import { createLogger } from './logging.ts'
import { memoryNonces, redisNonces } from './nonces.ts'
import { closeRedis, connectRedis, redisReady } from './redis.ts'

describe('nonces in memory', () => {
  it('are remembered for their time and forgotten after', async () => {
    const clock = fixedClock('2026-03-01T12:00:00.400Z')
    const nonces = memoryNonces({ clock })
    expect(await nonces.remember('a', 2_000)).toBe(true)
    clock.advance(2_000)
    expect(await nonces.remember('a', 2_000)).toBe(false)
    clock.advance(2_000)
    expect(await nonces.remember('a', 2_000)).toBe(true)
  })

  it('are never evicted alive: a full store refuses', async () => {
    const clock = fixedClock('2026-03-01T12:00:00.000Z')
    const nonces = memoryNonces({ clock, capacity: 2 })
    await nonces.remember('a', 1_000)
    await nonces.remember('b', 60_000)
    expect(await nonces.remember('c', 1_000)).toBe(false)
    expect(await nonces.remember('a', 1_000)).toBe(false)
    clock.advance(3_000)
    expect(await nonces.remember('c', 1_000)).toBe(true)
    expect(await nonces.remember('b', 1_000)).toBe(false)
  })
})

describe.skipIf(!redisAvailable())('nonces in Redis', () => {
  const ends: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end()
  })

  async function setUp() {
    const server = await startRedis()
    ends.push(() => server.stop())
    const log = createLogger({ service: 'test', level: 'silent' })
    const warn = vi.spyOn(log, 'warn')
    const [one, two] = [connectRedis(server.url, log), connectRedis(server.url, log)]
    ends.push(
      () => closeRedis(one),
      () => closeRedis(two),
    )
    expect(await redisReady(one, 5_000)).toBe(true)
    expect(await redisReady(two, 5_000)).toBe(true)
    warn.mockClear()
    return { server, one, two, log, warn }
  }

  it('are shared by all processes', async () => {
    const { one, two, log } = await setUp()
    expect(await redisNonces({ redis: one, log }).remember('a', 60_000)).toBe(true)
    expect(await redisNonces({ redis: two, log }).remember('a', 60_000)).toBe(false)
    expect(await one.pttl('quimbi:nonce:a')).toBeGreaterThan(0)
  })

  it('are still refused by the process that saw them when Redis goes away, and it says so once', async () => {
    const { server, one, two, log, warn } = await setUp()
    const clock = fixedClock('2026-03-01T12:00:00.000Z')
    const nonces = redisNonces({ redis: one, log, clock })
    expect(await nonces.remember('a', 60_000)).toBe(true)
    await two.shutdown('NOSAVE').catch(() => {})
    expect(await nonces.remember('a', 60_000)).toBe(false)
    for (const nonce of ['b', 'c']) {
      clock.advance(1_000)
      expect(await nonces.remember(nonce, 60_000)).toBe(true)
    }
    expect(warn.mock.calls.filter(([, message]) => String(message).includes('per process'))).toHaveLength(1)
    await server.restart()
    expect(await redisReady(one, 10_000)).toBe(true)
    clock.advance(1_000)
    expect(await nonces.remember('d', 60_000)).toBe(true)
    expect(await one.exists('quimbi:nonce:d')).toBe(1)
  })

  it('wait for a Redis that hangs once, not with each request', async () => {
    const { one, two, log } = await setUp()
    const nonces = redisNonces({ redis: one, log, clock: fixedClock('2026-03-01T12:00:00.000Z') })
    await two.client('PAUSE', 60_000)
    expect(await nonces.remember('a', 60_000)).toBe(true)
    const set = vi.spyOn(one, 'set')
    expect(await nonces.remember('b', 60_000)).toBe(true)
    expect(await nonces.remember('a', 60_000)).toBe(false)
    expect(set).not.toHaveBeenCalled()
  })
})
