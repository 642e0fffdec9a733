import { codedError } from './errors.ts'

type Limits = { ms: number; signal?: AbortSignal | undefined }

/**
 * A signal that ends after the time, with SUBGRAPH_UNAVAILABLE as its reason, or when another ends, with that one's; `close` when it is needed no more. By
 * hand: `AbortSignal.timeout` and `any` cost as much as the rest of a call.
 */
export function openDeadline({ ms, signal }: Limits): { signal: AbortSignal; close(): void } {
  const controller = new AbortController()
  const leave = () => controller.abort(signal?.reason)
  const timer = setTimeout(() => controller.abort(tooLate()), ms)
  signal?.addEventListener('abort', leave, { once: true })
  if (signal?.aborted) leave()
  return {
    signal: controller.signal,
    close() {
      clearTimeout(timer)
      signal?.removeEventListener('abort', leave)
    },
  }
}

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

/**
 * What the work answers within the time. Otherwise, or once the signal ends, it rejects with SUBGRAPH_UNAVAILABLE, tells the work to stop, and drops
 * what comes of it later.
 */
export async function withDeadline<T>(work: (signal: AbortSignal) => Promise<T>, limits: Limits): Promise<T> {
  const deadline = openDeadline(limits)
  const { signal } = deadline
  try {
    signal.throwIfAborted()
    // Called inside, so that work that throws is work that fails.
    return await unlessAborted((async () => work(signal))(), signal)
  } catch (error) {
    throw signal.aborted ? tooLate() : error
  } finally {
    deadline.close()
  }
}

const tooLate = () => codedError('SUBGRAPH_UNAVAILABLE', 'The service did not answer in time', { retryable: true })
