import { redisBudget } from '@quimbi/service/budget-redis.ts'
import { memoryBudget } from '@quimbi/service/budget.ts'
import { fixedClock, systemClock } from '@quimbi/service/clock.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { closeRedis, connectRedis, redisReady } from '@quimbi/service/redis.ts'
import type { PartnerViewer } from '@quimbi/service/viewer.ts'
import { redisAvailable, startRedis } from '@quimbi/testing/redis.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createGate, type RateLimitHeaders } from './admission.ts'
import type { PartnerLimits } from './limits.ts'

const start = new Date('2026-01-01T00:00:00Z')
const partner = (requestsPerMinute: number, keyId = 'k'): PartnerViewer => ({
  ...{ kind: 'partner', tenantId: 't', keyId, scopes: [], requestsPerMinute },
})
const unmeasured = { priced: () => {}, refused: () => {} }
const throttledBy = (reason: string, retryAfterMs: number) =>
  expect.objectContaining({
    extensions: expect.objectContaining({ code: 'THROTTLED', reason, retryable: true, retryAfterMs }) as object,
  }) as Error

function open(limits: Partial<PartnerLimits> = {}) {
  const clock = fixedClock(start)
  const budget = memoryBudget({ clock })
  const asked: number[] = []
  const counted: PartnerLimits['budget'] = {
    take(accounts, points) {
      asked.push(points)
      return budget.take(accounts, points)
    },
    give: (accounts, points) => budget.give(accounts, points),
    giveLater: (accounts, points) => budget.giveLater(accounts, points),
  }
  const gate = createGate({ maxCost: 100, pointsPerRequest: 10, budget: counted, ...limits }, unmeasured)
  return { clock, gate, asked, admit: (viewer = partner(2)) => gate.admit(viewer, clock.now()) }
}

describe('a key at the gate', () => {
  it('spends a request and the points of what it asks, and hears what is left', async () => {
    const { admit } = open()
    const admission = admit(partner(60))
    expect(await admission.take(30)).toMatchObject({ allowed: true })
    expect(admission.headers()).toEqual({
      'x-ratelimit-limit': '60',
      'x-ratelimit-remaining': '59',
      'x-ratelimit-reset': String(start.getTime() / 1_000 + 1),
    })
    // 600 points a minute.
    expect(await admission.give(20)).toBe(590)
    expect(admission.rateLimit()).toEqual({
      ...{ limit: 60, remaining: 59, maximumQueryCost: 100 },
      resetAt: new Date(start.getTime() + 1_000),
    })
  })

  it('is refused for want of requests without a question, until one is there again', async () => {
    const { clock, gate, admit, asked } = open()
    for (let n = 0; n < 2; n++) await admit().take(1)
    const headers: RateLimitHeaders[] = []
    expect(() => gate.admit(partner(2), clock.now(), (one) => void headers.push(one))).toThrow(
      throttledBy('RATE_LIMIT', 30_000),
    )
    expect(headers).toMatchObject([{ 'x-ratelimit-remaining': '0' }])
    expect(asked).toHaveLength(2)
    expect(() => gate.admit(partner(2, 'another'), clock.now())).not.toThrow()
    clock.advance(30_000)
    expect(await admit().take(1)).toMatchObject({ allowed: true })
    expect(admit).toThrow()
  })

  it('is refused for want of points, and keeps the request', async () => {
    const { admit } = open()
    await admit(partner(60)).take(100)
    for (let n = 0; n < 5; n++) await admit(partner(60)).take(100)
    const poor = admit(partner(60))
    expect(await poor.take(1)).toMatchObject({ allowed: false, retryAfterMs: 100 })
    expect(poor.rateLimit().remaining).toBe(54)
  })

  it('spends a request where nothing was priced, and only there', async () => {
    const { admit, asked } = open()
    const unreadable = admit(partner(60))
    await unreadable.count()
    await unreadable.count()
    const priced = admit(partner(60))
    await priced.take(7)
    await priced.count()
    expect(asked).toEqual([1, 7])
  })

  it('never spends more than its buckets held and got, whatever is asked', async () => {
    const step = fc.record({ wait: fc.nat(20_000), points: fc.integer({ min: 1, max: 90 }), unused: fc.nat(90) })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { clock, admit } = open()
        const spent = { requests: 0, points: 0, waited: 0 }
        for (const { wait, points, unused } of steps) {
          clock.advance(wait)
          spent.waited += wait
          try {
            const admission = admit(partner(20))
            if (!(await admission.take(points)).allowed) continue
            const back = Math.min(unused, points)
            await admission.give(back)
            spent.requests += 1
            spent.points += points - back
          } catch (error) {
            expect(error).toMatchObject({ extensions: { code: 'THROTTLED', reason: 'RATE_LIMIT' } })
          }
        }
        expect(spent.requests).toBeLessThanOrEqual(20 + (20 * spent.waited) / 60_000)
        expect(spent.points).toBeLessThanOrEqual(200 + (200 * spent.waited) / 60_000 + 1e-6)
      }),
    )
  })
})

describe.runIf(redisAvailable())('the gates of four processes with one Redis', () => {
  it('let in together what one bucket holds, however many ask', { timeout: 60_000 }, async () => {
    const redis = await startRedis()
    const log = createLogger({ service: 'test', level: 'silent' })
    const clients = [1, 2, 3, 4].map(() => connectRedis(redis.url, log))
    try {
      await Promise.all(clients.map((client) => redisReady(client, 5_000)))
      const gates = clients.map((client) => {
        const budget = redisBudget({ redis: client, clock: systemClock })
        return createGate({ maxCost: 100, pointsPerRequest: 100, budget }, unmeasured)
      })
      const viewer = partner(300)
      const began = performance.now()
      let [served, last] = [0, began]
      const ask = async (n: number): Promise<void> => {
        for (let k = 0; k < 20; k++) {
          try {
            const { allowed } = await gates[(n + k) % 4]!.admit(viewer, new Date()).take(3)
            if (allowed) served += 1
          } catch (error) {
            expect(error).toMatchObject({ extensions: { code: 'THROTTLED' } })
          }
          last = performance.now()
        }
      }
      await Promise.all(Array.from({ length: 50 }, (_, n) => ask(n)))
      expect(served).toBeGreaterThanOrEqual(300)
      expect(served).toBeLessThanOrEqual(300 + Math.ceil((5 * (last - began)) / 1_000) + 1)
    } finally {
      await Promise.all(clients.map((client) => closeRedis(client)))
      await redis.stop()
    }
  })
})
