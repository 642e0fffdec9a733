import { createLogger } from '@quimbi/service/logging.ts'
import { startRedisCluster } from '@quimbi/testing/redis-cluster.ts'
import { redisAvailable } from '@quimbi/testing/redis.ts'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createRedisBus } from './bus.ts'

const patient = { timeout: 20_000, interval: 20 }

describe.skipIf(!redisAvailable())('the bus on a cluster of three', { timeout: 60_000 }, () => {
  it('reaches other processes on every channel, and again after all nodes were gone', async () => {
    const cluster = await startRedisCluster()
    onTestFinished(() => cluster.stop())
    const log = createLogger({ service: 'test', level: 'silent' })
    const [one, two] = [createRedisBus({ url: cluster.url, log }), createRedisBus({ url: cluster.url, log })]
    onTestFinished(() => Promise.all([one.close(), two.close()]).then(() => {}))
    const channels = Array.from({ length: 30 }, (_, n) => `presence:{tenant-${n}}:ticket`)
    const heard = new Set<string>()
    for (const channel of channels)
      two.subscribe(channel, (message) => message !== '' && heard.add(`${channel} ${message}`))
    const allHear = (message: string) =>
      expect
        .poll(async () => {
          for (const channel of channels) await one.publish(channel, message)
          return channels.filter((channel) => heard.has(`${channel} ${message}`)).length
        }, patient)
        .toBe(channels.length)
    await allHear('first')
    await cluster.restart()
    await allHear('second')
  })
})
