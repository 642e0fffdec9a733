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

/** Raises the counter above numbers that come from elsewhere, and takes `count` more; returns the first of these. */
export async function reserveNumbers(
  tx: Db,
  tenantId: string,
  given: readonly number[],
  count: number,
): Promise<number> {
  await takeNumbers(tx, tenantId, 0)
  const highest = given.reduce((most, number) => Math.max(most, number), 0)
  await tx.$executeRaw`
    UPDATE ticket_counter SET last_number = ${highest}::int WHERE tenant_id = ${tenantId}::uuid AND last_number < ${highest}::int`
  return takeNumbers(tx, tenantId, count)
}
