import { createMemoryBus, createRedisBus } from '@quimbi/events/bus.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { redisAvailable, startRedis } from '@quimbi/testing/redis.ts'
import { expect, it, onTestFinished, vi } from 'vitest'
import { createAgentChannel } from './agent-channel.ts'

it('carries a message to one agent of one tenant, until the reader leaves', async () => {
  const channel = createAgentChannel(createMemoryBus())
  const heard: string[] = []
  const reader = channel.subscribe('t', 'mia')
  const reading = (async () => {
    for await (const message of reader) if (heard.push(message) === 2) break
  })()
  await channel.publish('t', 'leo', 'not mine')
  await channel.publish('u', 'mia', 'of another tenant')
  await channel.publish('t', 'mia', '1')
  await channel.publish('t', 'mia', '2')
  await reading
  await channel.publish('t', 'mia', '3')
  expect(heard).toEqual(['1', '2'])
})

it('loses what is too much, rather than memory', async () => {
  const channel = createAgentChannel(createMemoryBus())
  const reader = channel.subscribe('t', 'mia')
  for (let n = 0; n < 200; n += 1) await channel.publish('t', 'mia', String(n))
  expect(reader.size).toBe(100)
  reader.end()
})

it.skipIf(!redisAvailable())('reaches another process', async () => {
  const { url, stop } = await startRedis()
  onTestFinished(() => stop())
  const log = createLogger({ service: 'support', level: 'silent' })
  const [here, there] = [createRedisBus({ url, log }), createRedisBus({ url, log })]
  onTestFinished(async () => void (await Promise.all([here.close(), there.close()])))
  const reader = createAgentChannel(there).subscribe('t', 'mia')
  const first = reader.next()
  let isHeard = false
  void first.then(() => (isHeard = true))
  await vi.waitFor(
    async () => {
      await createAgentChannel(here).publish('t', 'mia', 'hello')
      expect(isHeard).toBe(true)
    },
    { timeout: 5_000 },
  )
  expect((await first).value).toBe('hello')
  reader.end()
})
