import { redisAvailable, startRedis } from '@quimbi/testing/redis.ts'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { redisBudget } from './budget-redis.ts'
import { memoryBudget, type Account, type Budget } from './budget.ts'
import { fixedClock, systemClock } from './clock.ts'
import { createLogger } from './logging.ts'
import { closeRedis, connectRedis, redisReady } from './redis.ts'

const agent: Account = { key: '{t}:agent:a', limit: { capacity: 100, perMinute: 60 } }
const tenant: Account = { key: '{t}', limit: { capacity: 150, perMinute: 600 } }

describe('a budget', () => {
  it('is spent, says when to return, and fills with time', async () => {
    const clock = fixedClock('2026-01-01T00:00:00Z')
    const budget = memoryBudget({ clock })
    expect(await budget.take([agent], 90)).toEqual({ allowed: true, retryAfterMs: 0, remaining: [10] })
    expect(await budget.take([agent], 30)).toEqual({ allowed: false, retryAfterMs: 20_000, remaining: [10] })
    clock.advance(10_000)
    expect(await budget.take([agent], 30)).toMatchObject({ allowed: false, retryAfterMs: 10_000 })
    clock.advance(10_000)
    expect(await budget.take([agent], 30)).toMatchObject({ allowed: true })
    clock.advance(3_600_000)
    expect(await budget.take([agent], 0)).toMatchObject({ remaining: [100] })
  })

  it('takes from all accounts or from none', async () => {
    const clock = fixedClock('2026-01-01T00:00:00Z')
    const budget = memoryBudget({ clock })
    const other: Account = { ...agent, key: '{t}:agent:b' }
    expect(await budget.take([agent, tenant], 100)).toMatchObject({ allowed: true, remaining: [0, 50] })
    expect(await budget.take([other, tenant], 60)).toEqual({
      allowed: false,
      retryAfterMs: 1_000,
      remaining: [100, 50],
    })
    expect(await budget.take([other, tenant], 50)).toMatchObject({ allowed: true, remaining: [50, 0] })
  })

  it('takes back what was not used, never more than it holds', async () => {
    const budget = memoryBudget({ clock: fixedClock('2026-01-01T00:00:00Z') })
    await budget.take([agent, tenant], 80)
    expect(await budget.give([agent, tenant], 70)).toEqual([90, 140])
    expect(await budget.give([agent, tenant], 1_000)).toEqual([100, 150])
    await budget.take([agent], 100)
    budget.giveLater([agent], 30)
    expect(await budget.take([agent], 30)).toMatchObject({ allowed: true, remaining: [0] })
  })

  it('gives what is larger than a bucket a full one', async () => {
    const budget = memoryBudget({ clock: fixedClock('2026-01-01T00:00:00Z') })
    expect(await budget.take([agent], 5_000)).toMatchObject({ allowed: true, remaining: [0] })
    expect(await budget.take([agent], 5_000)).toMatchObject({ allowed: false, retryAfterMs: 100_000 })
  })

  it('never lets more through than it held and was filled with', async () => {
    const step = fc.record({ wait: fc.nat(10_000), points: fc.integer({ min: 1, max: 80 }), unused: fc.nat(80) })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const clock = fixedClock('2026-01-01T00:00:00Z')
        const budget = memoryBudget({ clock })
        let spent = 0
        let waited = 0
        for (const { wait, points, unused } of steps) {
          clock.advance(wait)
          waited += wait
          const { allowed, retryAfterMs } = await budget.take([agent], points)
          expect(retryAfterMs > 0).toBe(!allowed)
          if (!allowed) continue
          const back = Math.min(points, unused)
          await budget.give([agent], back)
          spent += points - back
        }
        expect(spent).toBeLessThanOrEqual(100 + waited / 1_000 + 1e-6)
      }),
    )
  })

  it('forgets who spent longest ago when there are too many', async () => {
    const budget = memoryBudget({ clock: fixedClock('2026-01-01T00:00:00Z'), accounts: 2 })
    for (const key of ['a', 'b', 'c']) await budget.take([{ ...agent, key }], 100)
    expect(await budget.take([{ ...agent, key: 'a' }], 100)).toMatchObject({ allowed: true })
    expect(await budget.take([{ ...agent, key: 'c' }], 100)).toMatchObject({ allowed: false })
  })
})

describe.skipIf(!redisAvailable())('a budget in Redis', () => {
  const log = createLogger({ service: 'test', level: 'silent' })
  const ends: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end()
  })

  async function open(instances: number) {
    const server = await startRedis()
    ends.push(() => server.stop())
    const budgets: Budget[] = []
    const clients = Array.from({ length: instances }, () => connectRedis(server.url, log))
    for (const redis of clients) {
      ends.push(() => closeRedis(redis))
      expect(await redisReady(redis, 5_000)).toBe(true)
      budgets.push(redisBudget({ redis, clock: systemClock }))
    }
    return { server, clients, budgets }
  }

  it('is one for fifty clients of four instances, to a hundredth', async () => {
    const { budgets } = await open(4)
    const account: Account = { key: '{t}:agent:many', limit: { capacity: 10_000, perMinute: 60 } }
    const whole: Account = { key: '{t}', limit: { capacity: 1_000_000, perMinute: 60 } }
    const started = Date.now()
    let spent = 0
    await Promise.all(
      Array.from({ length: 50 }, async (_, client) => {
        const budget = budgets[client % 4] as Budget
        for (let round = 0; round < 60; round++) {
          const { allowed } = await budget.take([account, whole], 10)
          if (!allowed) continue
          spent += 10
          if (round % 3 > 0) continue
          await budget.give([account, whole], 4)
          spent -= 4
        }
      }),
    )
    const filledMeanwhile = (Date.now() - started) / 1_000
    expect(spent).toBeLessThanOrEqual(10_000 + filledMeanwhile + 10)
    expect(spent).toBeGreaterThanOrEqual(10_000 * 0.99)
  })

  it('says the same as in memory', async () => {
    const { budgets } = await open(1)
    const [budget] = budgets as [Budget]
    const slow: Account = { key: '{t}:agent:slow', limit: { capacity: 100, perMinute: 0.6 } }
    expect(await budget.take([slow], 90)).toEqual({ allowed: true, retryAfterMs: 0, remaining: [10] })
    const refused = await budget.take([slow, tenant], 30)
    expect(refused).toMatchObject({ allowed: false })
    expect(refused.retryAfterMs).toBeGreaterThan(1_990_000)
    expect(refused.retryAfterMs).toBeLessThanOrEqual(2_000_000)
    expect((await budget.give([slow, tenant], 500)).map(Math.round)).toEqual([100, 150])
  })

  it('gets back with the next that is taken what was given for later, in one command, and once', async () => {
    const { clients, budgets } = await open(1)
    const [budget] = budgets as [Budget]
    const slow: Account = { key: '{t}:agent:slow', limit: { capacity: 100, perMinute: 0.6 } }
    const asked = async () =>
      Number(/cmdstat_evalsha:calls=(\d+)/.exec((await clients[0]?.info('commandstats')) ?? '')?.[1])
    await budget.take([slow], 80)
    const before = await asked()
    budget.giveLater([slow], 50)
    budget.giveLater([{ ...slow, points: 7 }], 20)
    expect(await budget.take([slow], 90)).toMatchObject({ allowed: true })
    expect((await asked()) - before).toBe(1)
    expect(await budget.take([slow], 5)).toMatchObject({ allowed: false })
  })

  it('gets it soon where nothing more is taken', async () => {
    const { budgets } = await open(2)
    const [one, two] = budgets as [Budget, Budget]
    const slow: Account = { key: '{t}:agent:slow', limit: { capacity: 100, perMinute: 0.6 } }
    await one.take([slow], 100)
    one.giveLater([slow], 60)
    await expect.poll(() => two.take([slow], 60), { timeout: 10_000 }).toMatchObject({ allowed: true })
    expect(await two.take([slow], 5)).toMatchObject({ allowed: false })
  })

  it('comes to the same as in memory, whatever is taken and given, at once or later', async () => {
    const { budgets } = await open(1)
    const [budget] = budgets as [Budget]
    const step = fc.record({
      kind: fc.constantFrom('take' as const, 'give' as const, 'giveLater' as const),
      of: fc.constantFrom([0], [1], [0, 1]),
      points: fc.integer({ min: 1, max: 90 }),
    })
    let runs = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        runs += 1
        const clock = fixedClock('2026-01-01T00:00:00Z')
        const memory = memoryBudget({ clock })
        // So slow that no time passes for them.
        const accounts = [100, 150].map((capacity, n): Account => ({
          ...{ key: `{r${runs}}:${n}`, limit: { capacity, perMinute: 0.0001 } },
        }))
        for (const { kind, of, points } of steps) {
          const mine = of.map((n) => accounts[n] as Account)
          if (kind !== 'take') {
            await budget[kind](mine, points)
            await memory[kind](mine, points)
            continue
          }
          const [there, here] = [await budget.take(mine, points), await memory.take(mine, points)]
          expect([there.allowed, there.remaining.map(Math.round)]).toEqual([
            here.allowed,
            here.remaining.map(Math.round),
          ])
        }
      }),
      { numRuns: 40 },
    )
  })

  it('goes on in memory while Redis is away, and in Redis when it is back', async () => {
    const { server, clients, budgets } = await open(2)
    const [one, two] = budgets as [Budget, Budget]
    await one.take([agent], 100)
    expect(await two.take([agent], 100)).toMatchObject({ allowed: false })
    await clients[0]?.shutdown('NOSAVE').catch(() => {})
    expect(await one.take([agent], 100)).toMatchObject({ allowed: true })
    expect(await one.take([agent], 100)).toMatchObject({ allowed: false })
    await one.give([agent], 40)
    one.giveLater([agent], 40)
    expect(await one.take([agent], 80)).toMatchObject({ allowed: true })
    await server.restart()
    for (const redis of clients) expect(await redisReady(redis, 10_000)).toBe(true)
    expect(await one.take([agent], 100)).toMatchObject({ allowed: true })
    expect(await two.take([agent], 100)).toMatchObject({ allowed: false })
    expect(await clients[0]?.keys('*')).toEqual(['quimbi:budget:{t}:agent:a'])
  })
})
