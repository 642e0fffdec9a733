import { setImmediate } from 'node:timers/promises'

/** How long others wait while fields are computed. */
const sliceMs = 8

/**
 * Runs one after the other, giving way to other requests every few milliseconds: a list's fields are resolved at once, and a thousand customers'
 * reasons would otherwise be most of a second of nothing else.
 */
export function createTurns(
  now: () => number = () => performance.now(),
  rest: () => Promise<void> = setImmediate,
): <T>(run: () => T) => Promise<T> {
  let tail: Promise<unknown> = Promise.resolve()
  let until = -Infinity
  return (run) => {
    const turn = tail.then(async () => {
      if (now() >= until) {
        await rest()
        until = now() + sliceMs
      }
      return run()
    })
    tail = turn.catch(() => {})
    return turn
  }
}

/** The process has one thread: all requests share it. */
export const inTurn = createTurns()
