import type { Clock } from './clock.ts'
import { PartnerError } from './errors.ts'

/** Runs for so many milliseconds at most: TIMEOUT after that, the signal's own reason when it is aborted. */
export async function within<T>(
  clock: Clock,
  milliseconds: number,
  signal: AbortSignal | undefined,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const [tooLong, done] = [new AbortController(), new AbortController()]
  const either = signal ? AbortSignal.any([signal, tooLong.signal]) : tooLong.signal
  const late = new PartnerError('TIMEOUT', `No answer within ${milliseconds} ms.`, { retryable: true })
  clock.wait(milliseconds, done.signal, 'timeOut').then(
    () => tooLong.abort(late),
    () => {},
  )
  // A fetch that does not heed its signal is left behind.
  const aborted = new Promise<never>((_resolve, reject) => {
    if (either.aborted) reject(either.reason)
    either.addEventListener('abort', () => reject(either.reason), { once: true, signal: done.signal })
  })
  try {
    return await Promise.race([run(either), aborted])
  } catch (error) {
    throw either.aborted ? either.reason : error
  } finally {
    done.abort()
  }
}
