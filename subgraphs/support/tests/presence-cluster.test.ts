import { randomUUID } from 'node:crypto'
import { systemClock } from '@quimbi/service/clock.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { closeRedis, connectRedis, redisReady } from '@quimbi/service/redis.ts'
import { startRedisCluster } from '@quimbi/testing/redis-cluster.ts'
import { redisAvailable } from '@quimbi/testing/redis.ts'
import { expect, it, onTestFinished } from 'vitest'
import { redisPresence } from '../src/presence/store.ts'

it.skipIf(!redisAvailable())(
  'presence is one for all processes on a cluster of three',
  { timeout: 60_000 },
  async () => {
    const cluster = await startRedisCluster()
    onTestFinished(() => cluster.stop())
    const log = createLogger({ service: 'test', level: 'silent' })
    const clients = [connectRedis(cluster.url, log), connectRedis(cluster.url, log)] as const
    onTestFinished(() => Promise.all(clients.map(closeRedis)).then(() => {}))
    for (const client of clients) expect(await redisReady(client, 10_000)).toBe(true)
    const [here, there] = clients.map((redis) => redisPresence({ redis, clock: systemClock }))
    for (let n = 0; n < 12; n += 1) {
      const [tenantId, mia, first, second] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()]
      const at = { agentId: mia, activity: 'TYPING', since: new Date() } as const
      for (const ticketId of [first, second]) expect(await here!.set(tenantId, ticketId, at)).toBe(true)
      expect(await there!.list(tenantId, first)).toMatchObject([{ agentId: mia, activity: 'TYPING' }])
      expect((await there!.leave(tenantId, mia)).toSorted()).toEqual([first, second].toSorted())
      for (const ticketId of [first, second]) expect(await here!.list(tenantId, ticketId)).toEqual([])
    }
  },
)
