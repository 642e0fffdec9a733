import { redisAvailable, startRedis } from '@quimbi/testing/redis.ts'
import { afterEach, describe, expect, it } from 'vitest'
import { createLogger } from './logging.ts'
import { createLoginLimiter } from './rate-limit.ts'
import type { RedisClient } from './redis.ts'
import { closeRedis, connectRedis, redisReady } from './redis.ts'

const log = createLogger({ service: 'test', level: 'silent' })
const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

function connect(url: string): RedisClient {
  const client = connectRedis(url, log)
  ends.push(() => closeRedis(client))
  return client
}

describe('connectRedis', () => {
  it('fails commands at once, and throws nothing else, while there is no server', async () => {
    for (const url of ['redis://127.0.0.1:1', 'redis://127.0.0.1:1,redis://127.0.0.1:2']) {
      const client = connect(url)
      await expect(client.get('a')).rejects.toThrow()
      expect(await redisReady(client, 50)).toBe(false)
    }
  })

  it.skipIf(!redisAvailable())('comes back by itself when the server does', async () => {
    const server = await startRedis()
    ends.push(() => server.stop())
    const client = connect(server.url)
    expect(await redisReady(client, 5_000)).toBe(true)
    await client.set('a', '1')
    await client.shutdown('NOSAVE').catch(() => {})
    await expect(client.get('a')).rejects.toThrow()
    await server.restart()
    expect(await redisReady(client, 10_000)).toBe(true)
    expect(await client.get('a')).toBeNull()
  })
})

describe.skipIf(!redisAvailable())('the login limiter on Redis', () => {
  const login = { tenant: 't', email: 'Mia@shop.example', address: '10.0.0.1' }

  it('counts for all processes, without email addresses in its keys', async () => {
    const server = await startRedis()
    ends.push(() => server.stop())
    const [one, two] = [connect(server.url), connect(server.url)]
    expect(await redisReady(one, 5_000)).toBe(true)
    expect(await redisReady(two, 5_000)).toBe(true)
    const [first, second] = [one, two].map((redis) => createLoginLimiter({ redis, perAccount: 2 }))
    expect(await first?.attempt(login)).toMatchObject({ allowed: true })
    expect(await second?.attempt(login)).toMatchObject({ allowed: true })
    expect(await first?.attempt(login)).toMatchObject({ allowed: false })
    expect((await one.keys('*')).join().toLowerCase()).not.toContain('mia')
    await second?.succeeded(login)
    expect(await first?.attempt(login)).toMatchObject({ allowed: true })
  })

  it('goes on limiting in memory when Redis is killed', async () => {
    const server = await startRedis()
    ends.push(() => server.stop())
    const redis = connect(server.url)
    expect(await redisReady(redis, 5_000)).toBe(true)
    const limiter = createLoginLimiter({ redis, perAccount: 1 })
    await limiter.attempt(login)
    await redis.shutdown('NOSAVE').catch(() => {})
    expect(await limiter.attempt(login)).toMatchObject({ allowed: true })
    expect(await limiter.attempt(login)).toMatchObject({ allowed: false })
    await limiter.succeeded(login)
  })
})
