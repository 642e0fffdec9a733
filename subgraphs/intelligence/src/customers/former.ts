import { RetryTransaction } from '@quimbi/database/outcomes.ts'
import type { Db } from '../database.ts'
import { holdCustomers } from './hold.ts'

/** Who the former ids among these are now; an id that was never merged away is not in it. An id is a customer's or a former one, never both. */
export async function formerIds(
  tx: Db,
  tenantId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await tx.customerMerge.findMany({ where: { tenantId, id: { in: [...new Set(ids)] } } })
  return new Map(rows.map(({ id, customerId }) => [id, customerId]))
}

/** From now on `from`, and what was merged into it before, means `into`; nothing where that is not known. Before `from` goes, and those ids with it. */
export async function noteFormer(tx: Db, tenantId: string, from: string, into: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE customer_merge SET customer_id = ${into}::uuid WHERE tenant_id = ${tenantId}::uuid AND customer_id = ${from}::uuid`
  await tx.$executeRaw`
    INSERT INTO customer_merge (tenant_id, id, customer_id)
    SELECT tenant_id, ${from}::uuid, id FROM customer WHERE tenant_id = ${tenantId}::uuid AND id = ${into}::uuid
    ON CONFLICT (tenant_id, id) DO UPDATE SET customer_id = excluded.customer_id`
}

/** These ids mean customers of their own, or nobody. */
export async function forgetFormer(tx: Db, tenantId: string, ids: readonly string[]): Promise<void> {
  await tx.$executeRaw`DELETE FROM customer_merge WHERE tenant_id = ${tenantId}::uuid AND id = ANY (${[...ids]}::uuid[])`
}

/** Who these are now, of those who are known; until the transaction ends none of them goes away. */
export async function holdCurrent(
  tx: Db,
  tenantId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const known = await holdCustomers(tx, tenantId, ids)
  const former = await formerIds(
    tx,
    tenantId,
    ids.filter((id) => !known.has(id)),
  )
  if (former.size > 0) {
    const held = await holdCustomers(tx, tenantId, [...former.values()])
    // Merged on, a moment ago.
    if ([...former.values()].some((id) => !held.has(id))) throw new RetryTransaction()
  }
  return new Map([...[...known].map((id) => [id, id] as const), ...former])
}
