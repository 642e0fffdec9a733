import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Db } from '../database.ts'
import { requireScope } from '../keys/service.ts'

export type CohortPeriod = 'WEEK' | 'MONTH' | 'QUARTER'
export type CohortMetric = 'RETENTION' | 'REVENUE' | 'ORDERS'

/** `values[n]`: of the n-th period after that of the first order. */
export type Cohort = { startsAt: Date; size: number; values: number[] }

/** What the customers of a cohort did in one period. */
export type CohortCell = { startsAt: Date; period: Date; customers: number; orders: number; revenue: number }

/** Of more periods than these, the newest are looked at. */
export const mostPeriods = 60

// In two steps, customer by customer and then cohort by cohort: counting distinct customers at once would sort every order.
const cohortsQuery = `
  WITH facts AS (
    SELECT customer_id, placed_at, NOT (status = 'RETURNED' AND total = 0) AS counts, total - coalesce(refunded, 0) AS net
    FROM customer_order WHERE tenant_id = $1::uuid AND status <> 'CANCELLED' AND placed_at < $3::timestamptz
  ), firsts AS (
    SELECT customer_id, date_trunc($2, min(placed_at), 'UTC') AS starts_at FROM facts WHERE counts GROUP BY customer_id
    HAVING min(placed_at) >= $4::timestamptz
  ), periods AS (
    SELECT f.customer_id, f.starts_at, date_trunc($2, o.placed_at, 'UTC') AS period, count(*) FILTER (WHERE o.counts) AS orders, sum(o.net) AS net
    FROM firsts f JOIN facts o ON o.customer_id = f.customer_id AND o.placed_at >= f.starts_at
    GROUP BY 1, 2, 3
  )
  SELECT starts_at AS "startsAt", period, (count(*) FILTER (WHERE orders > 0))::int AS customers, sum(orders)::int AS orders, sum(net)::float8 AS revenue
  FROM periods GROUP BY 1, 2 ORDER BY 1, 2`

type Asked = { by: CohortPeriod; metric: CohortMetric }

/** Customers by the period of their first order, oldest first. One statement. */
export async function listCohorts(db: Db, viewer: Viewer, { by, metric }: Asked, now: Date): Promise<Cohort[]> {
  requireScope(viewer, 'insight:read')
  const current = periodAt(by, now)
  const oldest = addPeriods(by, current, 1 - mostPeriods)
  const cells = await db.$queryRawUnsafe<CohortCell[]>(cohortsQuery, viewer.tenantId, by.toLowerCase(), now, oldest)
  return cohortsOf(cells, { by, metric }, current)
}

/** Pure. `cells` in the order of the cohorts; a period without one is a period in which nothing happened. */
export function cohortsOf(cells: readonly CohortCell[], { by, metric }: Asked, current: Date): Cohort[] {
  const cohorts = Map.groupBy(cells, ({ startsAt }) => startsAt.getTime())
  return Array.from(cohorts, ([start, own]) => {
    const startsAt = new Date(start)
    const byPeriod = new Map(own.map((cell) => [cell.period.getTime(), cell]))
    const size = byPeriod.get(start)?.customers ?? 0
    const values: number[] = []
    for (let at = startsAt; at <= current; at = addPeriods(by, at, 1)) {
      const cell = byPeriod.get(at.getTime())
      values.push(cell ? valueOf(cell, metric, size) : 0)
    }
    return { startsAt, size, values }
  })
}

function valueOf({ customers, orders, revenue }: CohortCell, metric: CohortMetric, size: number): number {
  if (metric === 'RETENTION') return size === 0 ? 0 : customers / size
  return metric === 'ORDERS' ? orders : revenue
}

/** The first instant of the period. */
export function periodAt(by: CohortPeriod, instant: Date): Date {
  const [year, month, day] = [instant.getUTCFullYear(), instant.getUTCMonth(), instant.getUTCDate()]
  if (by === 'WEEK') return new Date(Date.UTC(year, month, day - ((instant.getUTCDay() + 6) % 7)))
  return new Date(Date.UTC(year, by === 'QUARTER' ? month - (month % 3) : month, 1))
}

/** So many periods after the first instant of one. */
export function addPeriods(by: CohortPeriod, start: Date, count: number): Date {
  const [year, month, day] = [start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate()]
  if (by === 'WEEK') return new Date(Date.UTC(year, month, day + 7 * count))
  return new Date(Date.UTC(year, month + count * (by === 'QUARTER' ? 3 : 1), 1))
}
