import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Db } from '../database.ts'
import { requireScope } from '../keys/service.ts'
import { money } from '../orders/money.ts'
import { requireDays } from '../profiles/points.ts'
import { tenantCurrency } from '../tenants/service.ts'

/** The state of a day; `revenueAtRisk` in currency. */
export type TrendDay = { at: Date; averageRisk: number; highRiskCount: number; revenueAtRisk: number }

/** What a day adds to the state of the day before, or takes off. */
export type Change = { day: Date; customers: number; risk: number; high: number; revenue: number }

const dayMs = 86_400_000

// A few rows a day, which the database keeps with each change of insight.
const changesQuery = `
  SELECT day, sum(customers)::int AS customers, sum(risk)::float8 AS risk, sum(high)::int AS high, sum(revenue)::float8 AS revenue
  FROM risk_day WHERE tenant_id = $1::uuid AND day <= $2::date GROUP BY day ORDER BY day`

/**
 * Churn risk of the tenant day by day, oldest first, from the first day with a figure. Two statements.
 * @throws GraphQLError BAD_USER_INPUT for no number of days from 1 to 1,095
 */
export async function churnTrend(db: Db, viewer: Viewer, days: number, now: Date) {
  requireScope(viewer, 'insight:read')
  const { tenantId } = viewer
  const today = new Date(Math.floor(now.getTime() / dayMs) * dayMs)
  const from = new Date(today.getTime() - (requireDays(days) - 1) * dayMs)
  const [currencyCode, changes] = await Promise.all([
    tenantCurrency(db, tenantId),
    db.$queryRawUnsafe<Change[]>(changesQuery, tenantId, today.toISOString().slice(0, 10)),
  ])
  if (currencyCode === null) return []
  return addUp(changes, from, today).map(({ revenueAtRisk, ...day }) => ({
    ...day,
    revenueAtRisk: money(revenueAtRisk.toFixed(2), currencyCode),
  }))
}

/** The state of every day, without days on which nobody counts. `changes` in the order of the days. Pure. */
export function addUp(changes: readonly Change[], from: Date, to: Date): TrendDay[] {
  const days: TrendDay[] = []
  const state = { customers: 0, risk: 0, high: 0, revenue: 0 }
  let next = 0
  for (let at = from.getTime(); at <= to.getTime(); at += dayMs) {
    for (let change = changes[next]; change && change.day.getTime() <= at; change = changes[++next]) {
      state.customers += change.customers
      state.risk += change.risk
      state.high += change.high
      state.revenue += change.revenue
    }
    if (state.customers === 0) continue
    // What was added and taken off again leaves a rounding behind.
    days.push({
      at: new Date(at),
      averageRisk: Math.min(1, Math.max(0, state.risk / state.customers)),
      highRiskCount: state.high,
      revenueAtRisk: Math.max(0, state.revenue),
    })
  }
  return days
}
