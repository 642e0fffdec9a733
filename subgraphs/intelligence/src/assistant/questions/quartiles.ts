import type { Db } from '../../database.ts'
import type { Quartiles } from './part.ts'

/** Of fewer customers a quarter says nothing. */
const fewest = 8

// The count and both rows come by the index of forecasts. As text only outside: within, ORDER BY would mean the text.
export const quartilesQuery = `
  WITH known AS (SELECT count(*)::int AS customers FROM customer_insight WHERE tenant_id = $1::uuid AND ltv_12m IS NOT NULL)
  SELECT customers,
    (SELECT i.ltv_12m FROM customer_insight i WHERE i.tenant_id = $1::uuid AND i.ltv_12m IS NOT NULL
      ORDER BY i.ltv_12m DESC, i.customer_id DESC OFFSET (SELECT (customers - 1) / 4 FROM known) LIMIT 1)::text AS high,
    (SELECT i.ltv_12m FROM customer_insight i WHERE i.tenant_id = $1::uuid AND i.ltv_12m IS NOT NULL
      ORDER BY i.ltv_12m DESC, i.customer_id DESC OFFSET (SELECT (customers - 1) * 3 / 4 FROM known) LIMIT 1)::text AS low
  FROM known`

/** Where the tenant's highest and lowest quarters by a year's forecast begin and end; null of too few customers. One statement. */
export async function quartilesOf(db: Db, tenantId: string): Promise<Quartiles | null> {
  const [row] = await db.$queryRawUnsafe<({ customers: number } & Quartiles)[]>(quartilesQuery, tenantId)
  return row && row.customers >= fewest ? { low: row.low, high: row.high } : null
}
