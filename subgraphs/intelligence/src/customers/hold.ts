import type { Db } from '../database.ts'

/** Those that are known; until the transaction ends none of them goes away. */
export async function holdCustomers(tx: Db, tenantId: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM customer WHERE tenant_id = ${tenantId}::uuid AND id = ANY (${[...new Set(ids)]}::uuid[]) ORDER BY id FOR KEY SHARE`
  return new Set(rows.map(({ id }) => id))
}
