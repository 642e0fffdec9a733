import type { Logger } from '@quimbi/service/logging.ts'
import { closeRedis, connectRedis } from '@quimbi/service/redis.ts'
import { createListeners } from './listeners.ts'

export type Listener = (message: string) => void

/** Wakes whoever waits. Messages may be lost: what must not be lost is in a log. */
export type Bus = {
  /** Never throws, and never keeps its caller waiting for a bus that is away. */
  publish(channel: string, message?: string): Promise<void>
  /** Returns what ends the subscription. */
  subscribe(channel: string, listener: Listener): () => void
  close(): Promise<void>
}

const listenerFailed = 'a listener of the bus failed'

/** The bus of a single process. */
export function createMemoryBus(log?: Logger): Bus {
  const listeners = createListeners((error) => log?.error({ err: error }, listenerFailed))
  return {
    async publish(channel, message = '') {
      listeners.call(channel, message)
    },
    subscribe: (channel, listener) => listeners.add(channel, listener).remove,
    async close() {
      listeners.clear()
    },
  }
}

/** The bus of several processes. `url` as for `connectRedis`; a subscriber needs a connection of its own. */
export function createRedisBus({ url, log }: { url: string; log: Logger }): Bus {
  const listeners = createListeners((error) => log.error({ err: error }, listenerFailed))
  const publisher = connectRedis(url, log)
  const subscriber = connectRedis(url, log)

  subscriber.on('message', (channel: string, message: string) => listeners.call(channel, message))
  // Whatever was said before the subscription stood was missed: every listener looks for itself.
  subscriber.on('ready', () => {
    const channels = listeners.channels()
    if (channels.length === 0) return
    subscriber.subscribe(...channels).then(() => listeners.callAll(), reconnect)
  })
  // A subscription that failed on a connection that stands would leave its listener deaf.
  function reconnect() {
    if (subscriber.status === 'ready') subscriber.disconnect(true)
  }

  return {
    async publish(channel, message = '') {
      await publisher.publish(channel, message).catch(() => {}) // reported by the connection's own log
    },
    subscribe(channel, listener) {
      const { isFirst, remove } = listeners.add(channel, listener)
      if (isFirst && subscriber.status === 'ready') subscriber.subscribe(channel).catch(reconnect)
      return () => {
        if (remove() && subscriber.status === 'ready') subscriber.unsubscribe(channel).catch(reconnect)
      }
    },
    async close() {
      listeners.clear()
      await Promise.all([closeRedis(publisher), closeRedis(subscriber)])
    },
  }
}
