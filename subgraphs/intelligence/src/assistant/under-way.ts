import { codedError } from '@quimbi/service/errors.ts'

/** Work that several wait for and that goes on when they leave. */
export type UnderWay<T> = {
  /** What comes of the work by this name: of the one that is going on, else of `start`, whose signal ends when the process does. */
  share(name: string, start: (signal: AbortSignal) => Promise<T>): Promise<T>
  /** Tells all of it to end, and resolves when it has. */
  stop(): Promise<void>
}

export function createUnderWay<T>(): UnderWay<T> {
  const running = new Map<string, Promise<T>>()
  const ending = new AbortController()
  return {
    share(name, start) {
      const known = running.get(name)
      if (known) return known
      const work = (async () => start(ending.signal))().finally(() => running.delete(name))
      running.set(name, work)
      return work
    },
    async stop() {
      ending.abort(
        codedError('SUBGRAPH_UNAVAILABLE', 'This process ends.', { reason: 'SHUTTING_DOWN', retryable: true }),
      )
      await Promise.allSettled(running.values())
    },
  }
}
