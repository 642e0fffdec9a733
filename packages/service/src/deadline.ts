import { codedError } from './errors.ts'

/**
 * What the work answers within the time. Otherwise, or once the signal ends, it rejects with SUBGRAPH_UNAVAILABLE, tells the work to stop, and drops
 * what comes of it later.
 */
export async function withDeadline<T>(
  work: (signal: AbortSignal) => Promise<T>,
  { ms, signal }: { ms: number; signal?: AbortSignal | undefined },
): Promise<T> {
  const tooLate = () => codedError('SUBGRAPH_UNAVAILABLE', 'The service did not answer in time', { retryable: true })
  if (signal?.aborted) throw tooLate()
  const controller = new AbortController()
  const late = Promise.withResolvers<never>()
  const stop = () => {
    late.reject(tooLate())
    controller.abort()
  }
  const timer = setTimeout(stop, ms)
  signal?.addEventListener('abort', stop, { once: true })
  try {
    // Called inside, so that work that throws is work that fails.
    const answer = (async () => work(controller.signal))()
    return await Promise.race([answer, late.promise])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
  }
}
