import { setTimeout as delay } from 'node:timers/promises'
import { GraphQLError } from 'graphql'
import { failureOf } from './failures.ts'

export type TriesOptions = {
  signal: AbortSignal
  /** milliseconds until the deadline */
  leftMs(): number
  /** whether a second try is still possible: not once something has been shown */
  mayRetry(): boolean
  /** from 0 to 1: those who failed together do not come back together */
  random(): number
}

/** The shortest and the longest pause before a second try. */
const [shortestMs, longestMs] = [50, 200]

/** Does it, and once more where a server could not be reached, broke off or asked for a pause that ends before the deadline. */
export async function twice<T>(work: () => Promise<T>, options: TriesOptions): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const pauseMs = pauseAfter(error, options.random())
    if (pauseMs === null || pauseMs >= options.leftMs() || !options.mayRetry()) throw error
    await delay(pauseMs, undefined, { signal: options.signal }).catch(() => {
      throw options.signal.reason
    })
    return work()
  }
}

/** A server that was silent for as long as one waits is not asked again: it would be waited for twice. */
function pauseAfter(error: unknown, random: number): number | null {
  const reason = failureOf(error)
  if (reason !== 'MODEL_UNREACHABLE' && reason !== 'MODEL_LIMITED') return null
  const asked = error instanceof GraphQLError ? error.extensions['retryAfterMs'] : undefined
  const jitter = shortestMs + random * (longestMs - shortestMs)
  return typeof asked === 'number' ? asked + random * shortestMs : jitter
}
