import type { Clock } from './clock.ts'
import { codedError } from './errors.ts'

/** closed: calls go through. open: they are refused. half-open: one goes through, to see. */
export type BreakerState = 'closed' | 'half-open' | 'open'

export type BreakerMetrics = {
  called(outcome: 'ok' | 'failed' | 'refused'): void
  turned(state: BreakerState): void
}

/** Keeps from calling what fails again and again: those who wait are answered at once, and what is called can recover. */
export type Breaker = {
  readonly state: BreakerState
  /** Rejects with SUBGRAPH_UNAVAILABLE, without doing the work, while it is open. The work must end: see withDeadline. */
  run<T>(work: () => Promise<T>): Promise<T>
}

export type BreakerOptions = {
  clock: Clock
  /** so many failures in a row open it; 5 */
  failures?: number
  /** so long it stays open before one call may try; 10 s */
  pauseMs?: number
  /** whether an error is a failure of what is called, rather than an answer; every error by default */
  isFailure?: (error: unknown) => boolean
  /** whether an error says nothing of what is called, such as that its caller has left; none by default */
  isSilent?: (error: unknown) => boolean
  metrics?: BreakerMetrics | undefined
}

export function createBreaker(options: BreakerOptions): Breaker {
  const { clock, failures = 5, pauseMs = 10_000, isFailure = () => true, isSilent = () => false, metrics } = options
  let state: BreakerState = 'closed'
  let inARow = 0
  let opensAt = 0
  let turns = 0

  function turn(to: BreakerState, waitMs = pauseMs): void {
    state = to
    inARow = 0
    turns += 1
    if (to === 'open') opensAt = clock.now().getTime() + waitMs
    metrics?.turned(to)
  }

  function enter(): number {
    const now = clock.now().getTime()
    // A clock that was set back would keep it open for as long.
    opensAt = Math.min(opensAt, now + pauseMs)
    const waitMs = opensAt - now
    if (state === 'open' && waitMs <= 0) turn('half-open')
    else if (state !== 'closed') {
      metrics?.called('refused')
      throw codedError('SUBGRAPH_UNAVAILABLE', 'The service failed several times; it is left alone for a moment', {
        retryable: true,
        retryAfterMs: Math.max(1, waitMs),
      })
    }
    return turns
  }

  function leave(entered: number, isWell: boolean): void {
    metrics?.called(isWell ? 'ok' : 'failed')
    // What began before it last turned says nothing of how things are now.
    if (entered !== turns) return
    inARow = isWell ? 0 : inARow + 1
    if (isWell && state === 'half-open') turn('closed')
    else if (!isWell && (state === 'half-open' || inARow >= failures)) turn('open')
  }

  /** A trial that told nothing: the next one may try at once. */
  function forget(entered: number): void {
    if (entered === turns && state === 'half-open') turn('open', 0)
  }

  return {
    get state() {
      return state
    },
    async run(work) {
      const entered = enter()
      try {
        const result = await work()
        leave(entered, true)
        return result
      } catch (error) {
        if (isSilent(error)) forget(entered)
        else leave(entered, !isFailure(error))
        throw error
      }
    },
  }
}
