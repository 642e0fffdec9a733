import type { Db } from '../database.ts'
import { dayMs } from '../features/facts.ts'
import { TrainingFailed } from './work.ts'

/** Below, a tenant's own models know less than the shipped ones. */
const enoughData = { customers: 500, days: 180 }

/**
 * When the tenant's first order was placed, ms.
 * @throws TrainingFailed INSUFFICIENT_DATA with fewer than 500 ordering customers or 180 days before `asOf`
 */
export async function requireEnough(db: Db, tenantId: string, asOf: number): Promise<number> {
  const [row] = await db.$queryRaw<{ customers: number; first: Date | null }[]>`
    SELECT count(DISTINCT customer_id)::int AS customers, min(placed_at) AS first FROM customer_order
    WHERE tenant_id = ${tenantId}::uuid AND status <> 'CANCELLED' AND placed_at < ${new Date(asOf)}::timestamptz`
  const { customers = 0, first = null } = row ?? {}
  const days = first ? (asOf - first.getTime()) / dayMs : 0
  if (customers < enoughData.customers || days < enoughData.days || !first)
    throw new TrainingFailed(`${customers} customers over ${Math.floor(days)} days are too few.`, 'INSUFFICIENT_DATA')
  return first.getTime()
}
