import type { Dispatcher } from 'undici'

export type Post = { path: string; headers: Record<string, string>; body: string; signal: AbortSignal }

/**
 * Posts, and reads the whole answer as text: undici's `request` does the same by way of a stream, for half as much again. Rejects with the signal's
 * reason once it ends, else with undici's errors.
 */
export function postWhole(pool: Dispatcher, { path, headers, body, signal }: Post) {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>()
  const chunks: Buffer[] = []
  let status = 0
  let current: Dispatcher.DispatchController | undefined
  const leave = () => {
    current?.abort(signal.reason as Error)
    reject(signal.reason as Error)
  }
  const settled = () => signal.removeEventListener('abort', leave)
  signal.addEventListener('abort', leave, { once: true })
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(controller) {
      current = controller
      // It may have waited for a connection.
      if (signal.aborted) leave()
    },
    onResponseStart(_, code) {
      status = code
    },
    onResponseData: (_, chunk) => void chunks.push(chunk),
    onResponseEnd() {
      settled()
      resolve({ status, body: textOf(chunks) })
    },
    onResponseError(_, error) {
      settled()
      reject(error)
    },
  }
  if (signal.aborted) leave()
  else pool.dispatch({ method: 'POST', path, headers, body }, handler)
  return promise
}

const textOf = ([first, ...more]: Buffer[]): string =>
  more.length === 0 ? (first?.toString() ?? '') : Buffer.concat([first ?? Buffer.alloc(0), ...more]).toString()
