import type { Db } from '../database.ts'

/** Takes `count` ticket numbers of a tenant and returns the first. Held until the transaction ends. */
export async function takeNumbers(tx: Db, tenantId: string, count: number): Promise<number> {
  const [row] = await tx.$queryRaw<{ last: number }[]>`
    INSERT INTO ticket_counter AS c (tenant_id, last_number) VALUES (${tenantId}::uuid, 1000 + ${count}::int)
    ON CONFLICT (tenant_id) DO UPDATE SET last_number = c.last_number + ${count}::int
    RETURNING last_number AS last`
  if (!row) throw new Error('The ticket counter gave no number.')
  return row.last - count + 1
}

/** Holds off whoever would take a number of the tenant until the transaction ends. */
export async function lockNumbers(tx: Db, tenantId: string): Promise<void> {
  await takeNumbers(tx, tenantId, 0)
}

/** Raises the locked counter above numbers that come from elsewhere. */
export async function raiseNumbers(tx: Db, tenantId: string, above: readonly number[]): Promise<void> {
  const highest = above.reduce((most, number) => Math.max(most, number), 0)
  if (highest === 0) return
  await tx.$executeRaw`
    UPDATE ticket_counter SET last_number = ${highest}::int WHERE tenant_id = ${tenantId}::uuid AND last_number < ${highest}::int`
}
