import { randomUUID } from 'node:crypto'
import type { Logger } from '@quimbi/service/logging.ts'
import { closeRedis, connectRedis, connectSubscriber } from '@quimbi/service/redis.ts'
import { createListeners } from './listeners.ts'

export type Listener = (message: string) => void

/** Wakes whoever waits. Messages may be lost: what must not be lost is in a log. */
export type Bus = {
  /** Never throws, and never keeps its caller waiting for a bus that is away. Whether the message is on its way. */
  publish(channel: string, message?: string): Promise<boolean>
  /** Returns what ends the subscription. */
  subscribe(channel: string, listener: Listener): () => void
  /**
   * Calls as soon as it is known that messages may be missed; once they are heard again each channel's listeners are called with an empty
   * message. Returns what ends that. A bus that is always heard has none.
   */
  onLost?: (listener: () => void) => () => void
  close(): Promise<void>
}

const listenerFailed = 'a listener of the bus failed'

/** The bus of a single process. */
export function createMemoryBus(log?: Logger): Bus {
  const listeners = createListeners((error) => log?.error({ err: error }, listenerFailed))
  return {
    async publish(channel, message = '') {
      listeners.call(channel, message)
      return true
    },
    subscribe: (channel, listener) => listeners.add(channel, listener).remove,
    async close() {
      listeners.clear()
    },
  }
}

/** How often a bus listens for its own voice, and after how many times without an answer it takes itself for deaf. */
const beatMs = 1_000
const missedBeats = 3

/** The bus of several processes. `url` as for `connectRedis`; a subscriber needs a connection of its own. */
export function createRedisBus({ url, log }: { url: string; log: Logger }): Bus {
  const listeners = createListeners((error) => log.error({ err: error }, listenerFailed))
  const losers = new Set<() => void>()
  const publisher = connectRedis(url, log)
  const subscriber = connectSubscriber(url, log)
  const ownVoice = `bus:beat:${randomUUID()}`
  let unheard = 0

  subscriber.on('message', (channel: string, message: string) => {
    if (channel === ownVoice) unheard = 0
    else listeners.call(channel, message)
  })
  // Whatever was said before the subscription stood was missed: every listener looks for itself.
  subscriber.on('ready', () => {
    unheard = 0
    subscriber.subscribe(ownVoice, ...listeners.channels()).then(() => listeners.callAll(), reconnect)
  })
  subscriber.on('close', lose)
  function lose() {
    for (const loser of losers) loser()
  }
  // A subscription that failed on a connection that stands would leave its listener deaf.
  function reconnect() {
    if (subscriber.status === 'ready') subscriber.disconnect(true)
  }
  const publish = (channel: string, message: string) =>
    publisher.publish(channel, message).then(
      () => true,
      () => false, // reported by the connection's own log
    )
  // A connection that hangs, or a node that is cut off from its cluster, says nothing of it.
  const beat = setInterval(() => {
    if (subscriber.status !== 'ready') return
    unheard += 1
    if (unheard <= missedBeats) return void publish(ownVoice, '')
    lose()
    reconnect()
  }, beatMs).unref()

  return {
    publish: (channel, message = '') => publish(channel, message),
    subscribe(channel, listener) {
      const { isFirst, remove } = listeners.add(channel, listener)
      if (isFirst && subscriber.status === 'ready')
        subscriber.subscribe(channel).then(() => listeners.call(channel, ''), reconnect)
      return () => {
        if (remove() && subscriber.status === 'ready') subscriber.unsubscribe(channel).catch(reconnect)
      }
    },
    onLost(listener) {
      const own = () => listener()
      losers.add(own)
      return () => void losers.delete(own)
    },
    async close() {
      clearInterval(beat)
      losers.clear()
      listeners.clear()
      await Promise.all([closeRedis(publisher), closeRedis(subscriber)])
    },
  }
}
