import type { LiveClient, LiveOptions } from '@quimbi/live/types.ts'
import { afterFirstView } from '../shared/first-view.ts'

type Make = (options: LiveOptions) => LiveClient

/** Before the second try to fetch the code, and at most; it doubles in between: ms. */
const firstWaitMs = 500
const mostWaitMs = 30_000

async function fetchClient(): Promise<Make> {
  await afterFirstView()
  return (await import('@quimbi/live/client.ts')).createLiveClient
}

/**
 * A live client whose code is fetched with the first subscription, once what was asked for first is on the screen: nothing of that waits for it. What is
 * asked of it before then is done when it is there; where it cannot be fetched, it is tried again as a lost connection is.
 */
export function createLateClient(
  options: LiveOptions,
  fetchMake: () => Promise<Make> = fetchClient,
): Omit<LiveClient, 'status'> {
  let client: LiveClient | undefined
  let [isBegun, isClosed, tryAgain] = [false, false, () => {}]
  const waiting = new Set<() => void>()

  async function begin(): Promise<void> {
    isBegun = true
    for (let ms = firstWaitMs; ; ms = Math.min(mostWaitMs, ms * 2)) {
      const make = await fetchMake().catch(() => null)
      if (isClosed) return
      if (make) client = make(options)
      if (client) return waiting.forEach((subscribe) => subscribe())
      options.onStatus?.({ state: 'waiting', nextTryAt: new Date(Date.now() + ms) })
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms)
        tryAgain = () => (clearTimeout(timer), resolve())
      })
      options.onStatus?.({ state: 'connecting' })
    }
  }
  return {
    subscribe(operation, sink) {
      if (client) return client.subscribe(operation, sink)
      let leave = () => {}
      const subscribe = () => {
        waiting.delete(subscribe)
        if (client) leave = client.subscribe(operation, sink)
      }
      waiting.add(subscribe)
      if (!isBegun) void begin()
      return () => {
        waiting.delete(subscribe)
        leave()
      }
    },
    tryNow: () => (client ? client.tryNow() : tryAgain()),
    close() {
      isClosed = true
      tryAgain()
      client?.close()
    },
  }
}
