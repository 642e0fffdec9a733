import type { Db } from '../database.ts'
import { takeNumbers as take } from './numbers.ts'

/** Locks the tenant's ticket counter until the transaction ends, making it where there is none. */
export async function lastNumber(tx: Db, tenantId: string): Promise<void> {
  await take(tx, tenantId, 0)
}

/** Raises the counter above numbers that come from elsewhere, takes `count` more and returns the first of these. */
export async function takeNumbers(
  tx: Db,
  tenantId: string,
  { above, count }: { above: readonly number[]; count: number },
): Promise<number> {
  const highest = above.reduce((most, number) => Math.max(most, number), 0)
  if (highest > 0) {
    await tx.$executeRaw`
      UPDATE ticket_counter SET last_number = ${highest}::int WHERE tenant_id = ${tenantId}::uuid AND last_number < ${highest}::int`
  }
  return take(tx, tenantId, count)
}
