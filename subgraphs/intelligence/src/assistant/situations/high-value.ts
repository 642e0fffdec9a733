import { createMemory } from '../../advice/remember.ts'
import type { Db } from '../../database.ts'

/** From where on a tenant's customers are of high value; infinite where too few are known. */
export type HighValue = { ltv: number; atRisk: number }

type Row = { customers: number; ltv: number | null; atRisk: number | null }

const hourMs = 3_600_000
/** A tenth of fewer is nobody to speak of. */
const fewest = 50
const none: HighValue = { ltv: Infinity, atRisk: Infinity }
const recall = createMemory<HighValue>({ max: 1_000, ttlMs: hourMs, isKept: ({ ltv }) => Number.isFinite(ltv) })

/** The bounds of the highest tenth of the tenant's customers, by the year's forecast and by what of it is at risk; an hour old at most. */
export const highValueIn = (db: Db, tenantId: string, now: Date): Promise<HighValue> =>
  recall(tenantId, now, async () => {
    const [row] = await db.$queryRaw<Row[]>`
      SELECT count(*)::int AS customers, percentile_disc(0.9) WITHIN GROUP (ORDER BY ltv_12m::float8) AS ltv,
        percentile_disc(0.9) WITHIN GROUP (ORDER BY revenue_at_risk::float8) AS "atRisk"
      FROM customer_insight WHERE tenant_id = ${tenantId}::uuid AND ltv_12m IS NOT NULL`
    if (!row || row.customers < fewest) return none
    return { ltv: row.ltv ?? Infinity, atRisk: row.atRisk ?? Infinity }
  })
