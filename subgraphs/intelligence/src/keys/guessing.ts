import type { Budget } from '@quimbi/service/budget.ts'
import { addressKey } from '@quimbi/service/rate-limit.ts'
import { throttled } from '@quimbi/service/throttled.ts'

/** Wrong keys an address may send a minute. */
export const guessesPerMinute = 20

/** Slows those who try keys. */
export type GuessLimit = {
  /**
   * Looks something up for an address. What finds nothing counts; who has found nothing too often is refused before anything is asked.
   * Without an address (a caller in this process) nothing counts.
   * @throws GraphQLError THROTTLED
   */
  guard<T>(address: string | undefined, look: () => Promise<T | null>): Promise<T | null>
}

/** Counted where the budget is kept: in this process, or in Redis for all instances. */
export function guessLimit(budget: Budget): GuessLimit {
  const limit = { capacity: guessesPerMinute, perMinute: guessesPerMinute }
  return {
    async guard(address, look) {
      if (address === undefined) return look()
      const account = [{ key: `guess:${addressKey({ address })}`, limit }]
      // Taken before it is known whether it was wrong: guesses sent at once would all pass otherwise.
      const { allowed, retryAfterMs } = await budget.take(account, 1)
      if (!allowed) throw throttled('GUESSING', retryAfterMs)
      let isWrong = false
      try {
        const found = await look()
        isWrong = found === null
        return found
      } finally {
        if (!isWrong) await budget.give(account, 1)
      }
    },
  }
}
