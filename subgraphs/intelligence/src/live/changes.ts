import { createLru, type Lru } from '@quimbi/service/lru.ts'
import { levelOf } from '../churn/model.ts'
import type { InsightMetric } from '../profiles/points.ts'
import type { Move } from '../profiles/moves.ts'
import { encodePlace, type Place } from './cursor.ts'
import type { InsightEntry } from './entries.ts'

/** What a subscriber is told: one figure of one customer. */
export type InsightChange = {
  cursor: string
  customerId: string
  metric: InsightMetric
  from: number | null
  to: number | null
  at: Date
}

const metrics: readonly InsightMetric[] = ['CHURN_RISK', 'LTV_12M', 'ENGAGEMENT']

/** Small steps are remembered of so many figures, all of a thousand customers; of more, those that moved longest ago begin anew. */
const remembered = 4_000

/** What figures were when they were last told of, of those alone that are under way. By `keyOfFigure`. */
export type Began = Pick<Lru<string, number>, 'get' | 'set' | 'delete'>

export const keyOfFigure = (customerId: string, metric: InsightMetric): string => `${customerId} ${metric}`

/**
 * What a subscriber is told of each entry, which come in order. Steps that are too small by themselves add up until they are told, from where the
 * stream began.
 */
export function createTeller(
  minChange: number,
  began: Began = createLru(remembered),
): (entry: InsightEntry, after?: Place | null) => InsightChange[] {
  /** The change to tell of; null while it adds up. */
  function grown(key: string, { metric, from, to }: Move): { from: number | null; to: number | null } | null {
    const before = from === null ? null : (began.get(key) ?? from)
    if (before !== null && to !== null && !isTold(metric, before, to, minChange)) {
      if (before === to) began.delete(key)
      else began.set(key, before)
      return null
    }
    began.delete(key)
    return { from: before, to }
  }

  return ({ tenantId, sequence, occurredAt: at, payload }, after) =>
    (payload.moves ?? []).flatMap((move) => {
      const { customerId } = payload
      const { metric } = move
      const figure = metrics.indexOf(metric)
      if (after?.sequence === sequence && figure <= after.figure) return []
      const change = grown(keyOfFigure(customerId, metric), move)
      return change ? [{ cursor: encodePlace(tenantId, { sequence, figure }), customerId, metric, ...change, at }] : []
    })
}

/** A sum of steps is short of its limit by the last digit. */
const roundingError = 1e-9

/** Another level of churn risk, or a move of at least `minChange`: absolute for churn, a fraction of the old value otherwise. */
export function isTold(metric: InsightMetric, from: number, to: number, minChange: number): boolean {
  if (from === to) return false
  if (metric === 'CHURN_RISK' && levelOf(from) !== levelOf(to)) return true
  const unit = metric === 'CHURN_RISK' ? 1 : from
  return Math.abs(to - from) >= minChange * unit - roundingError
}
