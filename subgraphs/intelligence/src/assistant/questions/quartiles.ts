import type { Db } from '../../database.ts'
import { rankedQuery } from '../ranks.ts'
import type { Quartiles } from './part.ts'

/** Of fewer customers a quarter says nothing. */
const fewest = 8

export const quartilesQuery = rankedQuery({
  high: { of: 'ltv_12m', place: '(customers - 1) / 4' },
  low: { of: 'ltv_12m', place: '(customers - 1) * 3 / 4' },
})

/** Where the tenant's highest and lowest quarters by a year's forecast begin and end; null of too few customers. One statement. */
export async function quartilesOf(db: Db, tenantId: string): Promise<Quartiles | null> {
  const [row] = await db.$queryRawUnsafe<({ customers: number } & Quartiles)[]>(quartilesQuery, tenantId)
  return row && row.customers >= fewest ? { low: row.low, high: row.high } : null
}
