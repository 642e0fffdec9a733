import type { Db } from '../../database.ts'
import { modelFailure } from './failures.ts'
import { tokensSpent } from './usage.ts'

export type Budget = {
  /** Holds what a call may cost at most until it is charged; resolves to what lets go of it. Rejects with MODEL_BUDGET. */
  hold(db: Db, tenantId: string, day: Date, tokens: number): Promise<() => void>
}

/**
 * A tenant's tokens of a day; 0: as many as it likes. What is spent is read anew each time, so that processes share it; what is under way in
 * other processes is not known, and may overdraw it by what they do at once.
 */
export function createBudget(daily: number): Budget {
  const held = new Map<string, number>()
  return {
    async hold(db, tenantId, day, tokens) {
      if (daily === 0) return () => {}
      // Those who come later count this one, not the other way round: else all who come at once were refused together.
      const ahead = held.get(tenantId) ?? 0
      held.set(tenantId, ahead + tokens)
      const letGo = () => {
        const left = (held.get(tenantId) ?? 0) - tokens
        if (left > 0) held.set(tenantId, left)
        else held.delete(tenantId)
      }
      try {
        const spent = await tokensSpent(db, tenantId, day)
        if (spent + ahead + tokens > daily) throw modelFailure('MODEL_BUDGET')
        return letGo
      } catch (error) {
        letGo()
        throw error
      }
    },
  }
}
