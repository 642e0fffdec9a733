import { startRedisCluster, type RedisCluster } from '@quimbi/testing/redis-cluster.ts'
import { redisAvailable } from '@quimbi/testing/redis.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { redisBudget } from './budget-redis.ts'
import { systemClock } from './clock.ts'
import { createLogger } from './logging.ts'
import { redisNonces } from './nonces.ts'
import { createLoginLimiter } from './rate-limit.ts'
import { closeRedis, connectRedis, redisReady, type RedisClient } from './redis.ts'

const log = createLogger({ service: 'test', level: 'silent' })
const each = Array.from({ length: 60 }, (_, n) => n)

// What falls back to memory would be this process's own: two clients that agree prove that the cluster took it.
describe.skipIf(!redisAvailable())('what processes share on a cluster of three', () => {
  let cluster: RedisCluster
  let [one, two] = [] as unknown as RedisClient[]
  beforeAll(async () => {
    cluster = await startRedisCluster()
    one = connectRedis(cluster.url, log)
    two = connectRedis(cluster.url, log)
    expect(await Promise.all([one, two].map((client) => redisReady(client, 10_000)))).toEqual([true, true])
  }, 60_000)
  afterAll(async () => {
    await Promise.all([one, two].map((client) => client && closeRedis(client)))
    await cluster.stop()
  })

  it('are nonces, wherever their slot is', async () => {
    const [here, there] = [redisNonces({ redis: one!, log }), redisNonces({ redis: two!, log })]
    expect(await Promise.all(each.map((n) => here.remember(`n${n}`, 60_000)))).toEqual(each.map(() => true))
    expect(await Promise.all(each.map((n) => there.remember(`n${n}`, 60_000)))).toEqual(each.map(() => false))
  })

  it('are attempts to log in, and that one succeeded', async () => {
    const [here, there] = [one, two].map((redis) => createLoginLimiter({ redis, perAccount: 2 }))
    for (const n of each.slice(0, 10)) {
      const login = { tenant: 'acme', email: `mia${n}@acme.example`, address: `192.0.2.${n}` }
      expect((await here!.attempt(login)).allowed).toBe(true)
      expect((await there!.attempt(login)).allowed).toBe(true)
      expect((await here!.attempt(login)).allowed).toBe(false)
      await there!.succeeded(login)
      expect((await here!.attempt(login)).allowed).toBe(true)
    }
  })

  it('are budgets, an agent’s and its tenant’s taken from together', async () => {
    const [here, there] = [one, two].map((redis) => redisBudget({ redis: redis!, clock: systemClock }))
    const limit = { capacity: 100, perMinute: 0.001 }
    for (const n of each.slice(0, 10)) {
      const accounts = [
        { key: `{t${n}}:agent:a`, limit: { ...limit, capacity: 60 } },
        { key: `{t${n}}`, limit },
      ]
      expect((await here!.take(accounts, 60)).allowed).toBe(true)
      expect((await there!.take(accounts, 1)).allowed).toBe(false)
      expect((await there!.take(accounts.slice(1), 40)).allowed).toBe(true)
      expect((await here!.take(accounts.slice(1), 1)).allowed).toBe(false)
      await here!.give(accounts, 10)
      expect((await there!.take(accounts, 10)).allowed).toBe(true)
    }
  })
})
