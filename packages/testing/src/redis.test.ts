import { Redis } from 'ioredis'
import { afterEach, describe, expect, it } from 'vitest'
import { redisAvailable, type RedisServer, startRedis } from './redis.ts'

describe.skipIf(!redisAvailable())('a Redis for tests', () => {
  let server: RedisServer | undefined
  afterEach(() => server?.stop())

  it('answers, comes back empty on the same port, and is gone after stop', async () => {
    server = await startRedis()
    const redis = new Redis(server.url, { lazyConnect: true, retryStrategy: () => 20 })
    redis.on('error', () => {})
    await redis.set('key', 'value')
    expect(await redis.get('key')).toBe('value')
    await server.restart()
    expect(await redis.get('key')).toBeNull()
    redis.disconnect()
    await server.stop()

    const late = new Redis(server.url, { lazyConnect: true, retryStrategy: null })
    late.on('error', () => {})
    await expect(late.connect()).rejects.toThrow()
    late.disconnect()
  })
})
