import { createMemory } from '../../advice/remember.ts'
import type { Db } from '../../database.ts'
import { rankedQuery } from '../ranks.ts'

/** From where on a tenant's customers are of high value; infinite where too few are known. */
export type HighValue = { ltv: number; atRisk: number }

type Row = { customers: number; ltv: string | null; atRisk: string | null }

const hourMs = 3_600_000
/** A tenth of fewer is nobody to speak of. */
const fewest = 50
const none: HighValue = { ltv: Infinity, atRisk: Infinity }
const recall = createMemory<HighValue>({ max: 1_000, ttlMs: hourMs, isKept: ({ ltv }) => Number.isFinite(ltv) })

export const highValueQuery = rankedQuery({
  ltv: { of: 'ltv_12m', place: 'customers / 10' },
  atRisk: { of: 'revenue_at_risk', place: 'customers / 10' },
})

/** The bounds of the highest tenth of the tenant's customers, by the year's forecast and by what of it is at risk; an hour old at most. */
export const highValueIn = (db: Db, tenantId: string, now: Date): Promise<HighValue> =>
  recall(tenantId, now, async () => {
    const [row] = await db.$queryRawUnsafe<Row[]>(highValueQuery, tenantId)
    if (!row || row.customers < fewest) return none
    return { ltv: Number(row.ltv ?? Infinity), atRisk: Number(row.atRisk ?? Infinity) }
  })
