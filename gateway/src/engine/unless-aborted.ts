/** What is awaited, or the signal's reason once it ends first. What comes later is dropped. */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const leave = () => reject(signal.reason as Error)
  if (signal.aborted) leave()
  signal.addEventListener('abort', leave, { once: true })
  work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
  return promise
}
