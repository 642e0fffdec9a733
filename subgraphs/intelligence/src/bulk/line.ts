import { levelOf } from '../churn/model.ts'
import { money } from '../orders/money.ts'
import type { Around, Row } from './page.ts'

/** One customer as they are exported: in the names of the graph. `cursor`: to go on after them. Pure. */
export function lineOf(row: Row, around: Around, cursor: string) {
  const { customerId: id, status, asOf: computedAt, churnRisk: score, ltv, revenueAtRisk, engagement, lifecycle } = row
  const { refs: externalRefs, behavior, archetype, currencyCode, horizonDays, isStale } = around
  const amount = (text: string | null) => (text === null || currencyCode === null ? null : money(text, currencyCode))
  return {
    id,
    externalRefs,
    status: isStale ? 'STALE' : status,
    computedAt,
    archetype,
    churnRisk:
      score === null ? null : { score, level: levelOf(score), horizonDays, revenueAtRisk: amount(revenueAtRisk) },
    ltvForecast: ltv === null ? null : { amount: amount(ltv), months: 12 },
    engagement: engagement && { score: engagement.score, trend: engagement.trend },
    lifecycle,
    behavior,
    cursor,
  }
}
