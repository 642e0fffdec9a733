import { codedError } from '@quimbi/service/errors.ts'
import { groupBy, isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Db } from '../database.ts'
import { requireScope } from '../keys/service.ts'

export type InsightMetric = 'CHURN_RISK' | 'LTV_12M' | 'ENGAGEMENT'
export type Point = { at: Date; value: number }

const longestDays = 1_095
const dayMs = 86_400_000

/** Refuses what is no number of days from 1 to 1,095 (BAD_USER_INPUT). */
export function requireDays(days: number): number {
  if (Number.isInteger(days) && days >= 1 && days <= longestDays) return days
  throw codedError('BAD_USER_INPUT', `A history is of 1 to ${longestDays} days, not ${days}.`, { reason: 'DAYS' })
}

type Of = { metric: InsightMetric; days: number; now: Date }

/** One metric of many customers over the last days, oldest first: one statement. */
export async function loadPoints(
  db: Db,
  viewer: Viewer,
  ids: readonly string[],
  { metric, days, now }: Of,
): Promise<Point[][]> {
  requireScope(viewer, 'insight:read')
  const from = new Date(now.getTime() - days * dayMs)
  // By key for each customer, and so already in the order of the days.
  const rows = await db.$queryRaw<(Point & { customerId: string })[]>`
    SELECT p.customer_id AS "customerId", p.day AS at, p.value FROM unnest(${ids.filter(isUuid)}::uuid[]) AS wanted (id)
    CROSS JOIN LATERAL (
      SELECT * FROM insight_point WHERE tenant_id = ${viewer.tenantId}::uuid AND customer_id = wanted.id AND metric = ${metric}
        AND day > (${from}::timestamptz AT TIME ZONE 'UTC')::date
      ORDER BY day
    ) AS p`
  return groupBy(
    ids.map((id) => id.toLowerCase()),
    rows,
    ({ customerId }) => customerId,
  )
}

/** Points of earlier days are deleted. */
export const keptDays = 400

// By the index on the tenant, metric and day: so many at a time, so that nobody waits for a long transaction.
export const deleteOldest = `
  DELETE FROM insight_point WHERE tenant_id = $1::uuid AND day < $3::date AND ctid = ANY (ARRAY(
    SELECT ctid FROM insight_point WHERE tenant_id = $1::uuid AND metric = $2 AND day < $3::date ORDER BY day LIMIT $4::int))`

const metrics: readonly InsightMetric[] = ['CHURN_RISK', 'LTV_12M', 'ENGAGEMENT']

/** Deletes all tenants' points of more than 400 days ago, each batch in a transaction of its own; returns how many. */
export async function purgePoints(system: Db, now: Date, batchSize = 5_000): Promise<number> {
  const before = new Date(now.getTime() - keptDays * dayMs).toISOString().slice(0, 10)
  const tenants = await system.$queryRaw<{ id: string }[]>`SELECT tenant_id AS id FROM tenant_profile ORDER BY 1`
  let deleted = 0
  for (const { id } of tenants)
    for (const metric of metrics)
      for (let count = batchSize; count === batchSize; deleted += count)
        count = await system.$executeRawUnsafe(deleteOldest, id, metric, before, batchSize)
  return deleted
}
