import type { Listener } from './bus.ts'

/** Who listens to what in this process. A listener that throws reaches `onError`, never the publisher nor its neighbours. */
export function createListeners(onError: (error: unknown) => void) {
  const byChannel = new Map<string, Set<Listener>>()

  function call(channel: string, message: string): void {
    for (const listener of [...(byChannel.get(channel) ?? [])]) {
      void Promise.try(listener, message).catch(onError)
    }
  }

  return {
    channels: () => [...byChannel.keys()],
    /** `remove` tells whether the channel's last listener is gone. */
    add(channel: string, listener: Listener): { isFirst: boolean; remove: () => boolean } {
      const own: Listener = (message) => listener(message)
      const known = byChannel.get(channel)
      if (known) known.add(own)
      else byChannel.set(channel, new Set([own]))
      return {
        isFirst: !known,
        remove() {
          const listeners = byChannel.get(channel)
          if (!listeners?.delete(own) || listeners.size > 0) return false
          return byChannel.delete(channel)
        },
      }
    },
    call,
    callAll(): void {
      for (const channel of [...byChannel.keys()]) call(channel, '')
    },
    clear: () => byChannel.clear(),
  }
}
