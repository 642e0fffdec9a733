import { longestHorizon, shortestHorizon } from '../churn/horizon.ts'
import type { Db } from '../database.ts'
import { computeAnew } from './roles.ts'

/** Fewer gaps between purchases tell nothing of a tenant's rhythm. */
const fewestGaps = 200
/** Median gaps of silence that count as churn. */
const gapsOfSilence = 2.5

// Gaps are between days with a purchase, as features have it. Set-based: the index on customer and instant gives the order.
const medianGap = `
  WITH bought AS (
    SELECT DISTINCT customer_id, (placed_at AT TIME ZONE 'UTC')::date AS day FROM customer_order
    WHERE tenant_id = $1::uuid AND placed_at < $2::timestamptz AND status <> 'CANCELLED' AND NOT (status = 'RETURNED' AND total = 0)
  ), gaps AS (
    SELECT day - lag(day) OVER (PARTITION BY customer_id ORDER BY day) AS days FROM bought
  )
  SELECT count(days)::int AS gaps, percentile_cont(0.5) WITHIN GROUP (ORDER BY days) AS median FROM gaps WHERE days IS NOT NULL`

/** Two and a half median gaps between the tenant's purchases before `asOf`, 28 to 365 days; null while there are under 200 gaps. */
async function measureHorizon(db: Db, tenantId: string, asOf: Date): Promise<number | null> {
  const [row] = await db.$queryRawUnsafe<{ gaps: number; median: number | null }[]>(medianGap, tenantId, asOf)
  if (!row || row.median === null || row.gaps < fewestGaps) return null
  return Math.min(longestHorizon, Math.max(shortestHorizon, Math.round(gapsOfSilence * row.median)))
}

// Insight changes only where the tenant has set no horizon of its own.
const keepMeasured = `
  WITH before AS (
    SELECT measured_horizon_days AS measured, churn_horizon_days AS own FROM tenant_profile WHERE tenant_id = $1::uuid FOR UPDATE
  )
  UPDATE tenant_profile SET measured_horizon_days = $2::int FROM before
  WHERE tenant_id = $1::uuid AND before.measured IS DISTINCT FROM $2::int
  RETURNING before.own IS NULL AS "isInUse"`

/** Measures the tenant's horizon and keeps it until the next time, so that it does not wander from day to day. */
export async function settleHorizon(tx: Db, tenantId: string, asOf: Date): Promise<void> {
  const days = await measureHorizon(tx, tenantId, asOf)
  const [changed] = await tx.$queryRawUnsafe<{ isInUse: boolean }[]>(keepMeasured, tenantId, days)
  if (changed?.isInUse) await computeAnew(tx, tenantId)
}
