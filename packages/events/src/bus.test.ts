import { redisAvailable, startRedis } from '@quimbi/testing/redis.ts'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createMemoryBus, createRedisBus } from './bus.ts'
import { eventually, recordedLog } from './test-kit.ts'

describe('the bus of one process', () => {
  it('reaches the listeners of a channel until they leave', async () => {
    const bus = createMemoryBus()
    const heard: string[] = []
    const leave = bus.subscribe('a', (message) => void heard.push(message))
    bus.subscribe('b', () => void heard.push('b'))
    await bus.publish('a', '1')
    leave()
    leave()
    await bus.publish('a', '2')
    expect(heard).toEqual(['1'])
  })

  it('keeps a failing listener from its publisher and its neighbours', async () => {
    const { log, lines } = recordedLog()
    const bus = createMemoryBus(log)
    const heard: string[] = []
    bus.subscribe('a', () => {
      throw new Error('broken')
    })
    bus.subscribe('a', (message) => void heard.push(message))
    await bus.publish('a', '1')
    expect(heard).toEqual(['1'])
    await eventually(() => expect(lines).toMatchObject([{ level: 'error' }]))
  })
})

describe.skipIf(!redisAvailable())('the bus on Redis', () => {
  async function redis() {
    const server = await startRedis()
    onTestFinished(() => server.stop())
    return server
  }
  function busOf(url: string) {
    const bus = createRedisBus({ url, log: recordedLog().log })
    onTestFinished(() => bus.close())
    return bus
  }

  it('reaches other processes, and calls a listener once when its subscription stands', async () => {
    const { url } = await redis()
    const [one, two] = [busOf(url), busOf(url)]
    const heard: string[] = []
    const leave = two.subscribe('a', (message) => void heard.push(message))
    await eventually(() => expect(heard).toEqual(['']))
    await eventually(async () => {
      await one.publish('a', '1')
      expect(heard).toContain('1')
    })
    // A channel that is added to a connection that stands already.
    const later: string[] = []
    two.subscribe('b', (message) => void later.push(message))
    await eventually(async () => {
      await one.publish('b', '2')
      expect(later).toContain('2')
    })
    leave()
    const before = heard.length
    await one.publish('a', '3')
    await one.publish('b', '4')
    await eventually(() => expect(later).toContain('4'))
    expect(heard).toHaveLength(before)
  })

  it('listens again after Redis was away, and calls every listener, since messages may have been missed', async () => {
    const server = await redis()
    const bus = busOf(server.url)
    const heard: string[] = []
    bus.subscribe('a', (message) => void heard.push(`a${message}`))
    bus.subscribe('b', (message) => void heard.push(`b${message}`))
    await eventually(() => expect(heard.toSorted()).toEqual(['a', 'b']))
    heard.length = 0
    await server.restart()
    await eventually(() => expect(heard.toSorted()).toEqual(['a', 'b']))
    await eventually(async () => {
      await bus.publish('a', '1')
      expect(heard).toContain('a1')
    })
  })

  it('neither throws nor waits while there is no Redis', async () => {
    const bus = busOf('redis://127.0.0.1:9')
    const leave = bus.subscribe('a', () => {})
    await bus.publish('a')
    leave()
  })
})
