/** Where the client's time comes from. */
export type Clock = {
  /** Milliseconds since 1970. */
  now(): number
  /** Rejects with the signal's reason when it is aborted before. */
  wait(milliseconds: number, signal?: AbortSignal, purpose?: 'pause' | 'timeOut'): Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  wait: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const abort = () => (clearTimeout(timer), reject(signal?.reason))
      const timer = setTimeout(() => (signal?.removeEventListener('abort', abort), resolve()), milliseconds)
      signal?.addEventListener('abort', abort, { once: true })
    }),
}
