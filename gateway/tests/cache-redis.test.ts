import { once } from 'node:events'
import { createRedisBus } from '@quimbi/events/bus.ts'
import { keeping, source } from '@quimbi/gateway/cache/cache.test-kit.ts'
import { createRedisStore } from '@quimbi/gateway/cache/redis-store.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { closeRedis, connectRedis, redisReady } from '@quimbi/service/redis.ts'
import { fixedClock, systemClock } from '@quimbi/service/clock.ts'
import { redisAvailable, startRedis } from '@quimbi/testing/redis.ts'
import { startRedisCluster } from '@quimbi/testing/redis-cluster.ts'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

const log = createLogger({ service: 'test', level: 'silent' })
const patient = { timeout: 20_000, interval: 20 }
const ends: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

let serial = 0
const aTenantId = () => `tenant-${(serial += 1)}`

/** A gateway's cache in a process of its own, as far as Redis can tell; resolves when it hears what is revised. */
async function aGateway(url: string, of: ReturnType<typeof source>, clock = systemClock) {
  const bus = createRedisBus({ url, log })
  const redis = connectRedis(url, log)
  const heard = Promise.withResolvers<void>()
  bus.subscribe('insight:revised', () => heard.resolve())
  const kept = keeping(of.call, { bus, redis, clock, ttlMs: 60_000 })
  ends.push(
    () => closeRedis(redis),
    () => bus.close(),
    () => kept.cache.stop(),
  )
  await redisReady(redis, 10_000)
  await heard.promise
  return kept
}

/** Once `put` is through: it is sent without waiting, on a connection of its own. */
const settle = async (kept: Awaited<ReturnType<typeof aGateway>>, tenantId: string) => {
  await kept.get(['nobody'], { tenantId })
  await kept.get(['nobody-else'], { tenantId })
}

describe.skipIf(!redisAvailable()).each(['one node', 'a cluster of three'])('gateways on %s of Redis', (kind) => {
  let server: { url: string; stop(): Promise<void>; restart(): Promise<void> }
  beforeAll(async () => {
    server = kind === 'one node' ? await startRedis() : await startRedisCluster()
  })
  afterAll(() => server.stop())

  async function two() {
    const of = source()
    return { of, tenantId: aTenantId(), one: await aGateway(server.url, of), two: await aGateway(server.url, of) }
  }

  it('share what one of them has asked for', async () => {
    const { of, tenantId, one, two: other } = await two()
    // Each renews, once, what stood there before it listened.
    await one.get([], { tenantId })
    await settle(other, tenantId)
    await settle(one, tenantId)
    of.asked.length = 0
    of.values.set('a', 1).set('b', 2)
    expect(await one.values(['a', 'b'], { tenantId })).toEqual([1, 2])
    await settle(one, tenantId)
    expect(await other.values(['b', 'c', 'a'], { tenantId })).toEqual([2, 0, 1])
    expect(of.asked).toEqual([['a', 'b'], ['c']])
    expect(await other.registry.metrics()).toContain('quimbi_entity_cache_lookups_total{outcome="shared"}')
  })

  it('both read anew what is revised, also what one of them puts there too late', async () => {
    const { of, tenantId, one, two: other } = await two()
    for (const kept of [one, other, one]) await settle(kept, tenantId)
    const value = async (kept: typeof one) => (await kept.values(['a'], { tenantId }))[0]
    for (let n = 1; n <= 20; n++) {
      of.values.set('a', n)
      const late = value(other)
      await one.revise('server', ['x'])
      await one.revise(tenantId, n % 5 === 0 ? null : ['a'])
      await late
      for (const kept of [one, other]) await expect.poll(() => value(kept), patient).toBe(n)
      // What is read now stays.
      for (const kept of [one, other, one]) expect(await value(kept)).toBe(n)
    }
  })

  it('are slower and never wrong while Redis is away, and share again when it is back', async () => {
    const { of, tenantId, one, two: other } = await two()
    await one.get(['a'], { tenantId })
    await server.restart()
    // Nobody could tell of it.
    of.values.set('a', 7)
    for (const kept of [one, other]) await expect.poll(() => kept.values(['a'], { tenantId }), patient).toEqual([7])
    for (const kept of [one, other]) {
      await expect
        .poll(async () => {
          await kept.get(['a'], { tenantId })
          of.asked.length = 0
          await kept.get(['a'], { tenantId })
          return of.asked.length
        }, patient)
        .toBe(0)
    }
    of.values.set('a', 8)
    await one.revise(tenantId, ['a'])
    for (const kept of [one, other]) await expect.poll(() => kept.values(['a'], { tenantId }), patient).toEqual([8])
  })
})

describe.skipIf(!redisAvailable())('a gateway that starts', () => {
  it('trusts nothing that was put there before it listened', async () => {
    const server = await startRedis()
    ends.push(() => server.stop())
    const of = source()
    const first = await aGateway(server.url, of)
    of.values.set('a', 1)
    await first.get(['a'])
    await settle(first, 't')
    for (const end of ends.splice(1).reverse()) await end()
    of.values.set('a', 2)
    expect(await (await aGateway(server.url, of)).values(['a'])).toEqual([2])
  })

  it('keeps what it finds there no longer than who put it', async () => {
    const server = await startRedis()
    ends.push(() => server.stop())
    const of = source()
    const clock = fixedClock('2026-11-21T12:00:00.000Z')
    const [one, other] = [await aGateway(server.url, of, clock), await aGateway(server.url, of, clock)]
    for (const kept of [one, other, one]) await settle(kept, 't')
    await one.get(['a'])
    await settle(one, 't')
    of.asked.length = 0
    clock.advance(40_000)
    for (let n = 0; n < 2; n += 1) await other.get(['a'])
    expect(of.asked).toEqual([])
    clock.advance(20_000)
    await other.get(['a'])
    expect(of.asked).toEqual([['a']])
  })

  it('reads nothing whose revision has gone', async () => {
    const server = await startRedis()
    ends.push(() => server.stop())
    const of = source()
    const [one, other] = [await aGateway(server.url, of), await aGateway(server.url, of)]
    for (const kept of [one, other, one]) await settle(kept, 't')
    of.values.set('a', 1)
    await one.get(['a'])
    await settle(one, 't')
    const redis = connectRedis(server.url, log)
    ends.push(() => closeRedis(redis))
    await redisReady(redis, 5_000)
    expect(await redis.del('quimbi:insight:{t}:r:a')).toBe(1)
    of.values.set('a', 2)
    expect(await other.values(['a'])).toEqual([2])
  })
})

describe.skipIf(!redisAvailable())('what gateways share', () => {
  const place = { tenantId: 't', id: 'a', key: 'a' }

  async function aStore(url: string) {
    const clock = fixedClock('2026-11-21T12:00:00.000Z')
    const redis = connectRedis(url, log)
    ends.push(() => closeRedis(redis))
    await redisReady(redis, 10_000)
    const store = createRedisStore({ redis, log, clock })
    const find = async () => (await store.find('t', [place])) ?? { answers: [], revisions: [] }
    return {
      ...{ redis, clock, store, find },
      async text() {
        return (await find()).answers[0]?.text
      },
      async put(text: string) {
        const { revisions } = await find()
        store.put('t', [{ place, revision: revisions[0] ?? '', text, ttlMs: 60_000 }])
        expect(await this.text()).toBe(text)
      },
    }
  }

  async function two() {
    const server = await startRedis()
    ends.push(() => server.stop())
    const [one, other] = [await aStore(server.url), await aStore(server.url)]
    await other.find()
    return { one, other }
  }

  it('is not found by who heard of a revision while it began, although who put it had not', async () => {
    const { one, other } = await two()
    const beginning = one.find()
    one.store.revise('t', ['a'])
    await beginning
    await other.put('"old"')
    expect(await one.text()).toBeUndefined()
  })

  it('is not found by who could not tell Redis of a revision', async () => {
    const { one, other } = await two()
    await one.find()
    await other.put('"old"')
    expect(await one.text()).toBe('"old"')
    const gone = once(one.redis, 'end')
    one.redis.disconnect()
    await gone
    one.store.revise('t', ['a'])
    await one.redis.connect()
    one.clock.advance(1_000)
    expect(await one.text()).toBeUndefined()
  })

  it('is not found by who may have missed a revision', async () => {
    const { one, other } = await two()
    await one.find()
    await other.put('"old"')
    one.store.distrust()
    expect(await one.text()).toBeUndefined()
  })

  it('is shared again when the tenant’s revision has gone', async () => {
    const { one, other } = await two()
    await one.find()
    await other.put('"old"')
    expect(await one.redis.del('quimbi:insight:{t}')).toBe(1)
    expect(await one.text()).toBeUndefined()
    await other.put('"new"')
    expect(await one.text()).toBe('"new"')
  })
})
