import type { Db } from '../database.ts'
import { noteRevised } from './revised.ts'

// In one order everywhere, so that two batches with the same customers wait for each other and do not deadlock. A customer whose row has
// gone meanwhile is left out: the foreign key would refuse the whole batch. A mark that is being worked off is waited for and set again:
// left alone, it would go away with a computation that has not seen this change.
const insertMarks = `
  INSERT INTO stale_customer (tenant_id, customer_id, since)
  SELECT $1::uuid, c.id, $3::timestamptz FROM unnest($2::uuid[]) AS changed (id)
  JOIN customer c ON c.tenant_id = $1::uuid AND c.id = changed.id
  ORDER BY c.id
  ON CONFLICT (tenant_id, customer_id) DO UPDATE SET since = least(stale_customer.since, excluded.since)`

// Behind all that changed by itself, however much there is of it: a new order shows at once while a million customers are computed anew.
const markEverybody = `
  INSERT INTO stale_customer (tenant_id, customer_id, since)
  SELECT tenant_id, id, 'infinity' FROM customer WHERE tenant_id = $1::uuid ORDER BY id
  ON CONFLICT (tenant_id, customer_id) DO UPDATE SET since = stale_customer.since`

/**
 * Notes, in the transaction that changes what is known of customers, that their insight is older than that. One statement; repeated ids and
 * customers who are marked already do no harm.
 */
export async function markStale(tx: Db, tenantId: string, customerIds: Iterable<string>, now: Date): Promise<void> {
  const ids = [...new Set(customerIds)]
  noteRevised(tx, tenantId, ids)
  if (ids.length > 0) await tx.$executeRawUnsafe(insertMarks, tenantId, ids.toSorted(), now)
}

/** The same of all the tenant's customers, when what they are looked at with has changed. */
export async function markAllStale(tx: Db, tenantId: string): Promise<void> {
  noteRevised(tx, tenantId, 'ALL')
  await tx.$executeRawUnsafe(markEverybody, tenantId)
}
