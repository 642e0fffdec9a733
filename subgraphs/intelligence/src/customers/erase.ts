import { publish } from '@quimbi/events/outbox.ts'
import type { EventOf } from '@quimbi/events/topics.ts'
import { refuse } from '@quimbi/service/errors.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import { forgetWritten } from '../assistant/forget.ts'
import { owner, type GivenCustomer } from '../common/checks.ts'
import { checkSource, type IngestResult } from '../common/intake.ts'
import type { Db } from '../database.ts'
import { forgetReads } from '../keys/reads.ts'
import { forgotten } from '../profiles/moves.ts'
import { noteRevised } from '../profiles/revised.ts'
import { markStale } from '../profiles/stale.ts'
import { forgetFormer } from './former.ts'
import { requireKeeper } from './keeper.ts'

export type Erasure = { customer: GivenCustomer; source?: string | null | undefined }

/**
 * Forgets what is known of a customer: with `source` what came from there, else everything. The insight goes in any case; it is computed anew
 * from what another source has said. `updated` is the number of orders, interactions and events that are gone.
 * @throws UserErrors FORBIDDEN, NOT_FOUND, REQUIRED where the customer is named by a source's own id without the source
 */
export async function eraseCustomerInsight(
  tx: Db,
  viewer: Viewer,
  { customer, source }: Erasure,
  now: Date,
): Promise<IngestResult> {
  requireKeeper(viewer)
  const { tenantId } = viewer
  if (source !== null && source !== undefined) checkSource(source)
  const id = await findCustomer(tx, tenantId, customer, source ?? null)
  const facts = source ? await eraseSource(tx, { tenantId, id, source, now }) : await eraseAll(tx, tenantId, id)
  const nothing = { churnRisk: null, ltv: null, archetype: null, asOf: now, moves: forgotten }
  await publish(tx, [{ tenantId, type: 'insight.changed', occurredAt: now, payload: { customerId: id, ...nothing } }])
  return { accepted: 0, updated: facts, duplicates: 0, userErrors: [] }
}

/** Locked: until the transaction ends nothing is added. */
async function findCustomer(tx: Db, tenantId: string, given: GivenCustomer, source: string | null): Promise<string> {
  const path = ['input', 'customer']
  const { id, externalId } = owner(given, path)
  if (id === null && source === null)
    refuse('REQUIRED', 'Whose id is it? Name the source as well.', ['input', 'source'])
  const [row] = id
    ? await tx.$queryRaw<{ id: string }[]>`
        SELECT id FROM customer WHERE tenant_id = ${tenantId}::uuid AND id = ${id}::uuid FOR UPDATE`
    : await tx.$queryRaw<{ id: string }[]>`
        SELECT c.id FROM customer_ref r JOIN customer c ON c.tenant_id = r.tenant_id AND c.id = r.customer_id
        WHERE r.tenant_id = ${tenantId}::uuid AND r.source = ${source} AND r.external_id = ${externalId} FOR UPDATE OF c`
  return row?.id ?? refuse('NOT_FOUND', 'There is no such customer.', [...path, id ? 'id' : 'externalId'])
}

const facts = ['customer_order', 'interaction', 'customer_event'] as const

/** How many facts went. */
async function eraseSource(
  tx: Db,
  { tenantId, id, source, now }: { tenantId: string; id: string; source: string; now: Date },
): Promise<number> {
  let count = 0
  for (const table of [...facts, 'customer_ref'] as const) {
    const gone = await tx.$executeRawUnsafe(
      `DELETE FROM ${table} WHERE tenant_id = $1::uuid AND customer_id = $2::uuid AND source = $3`,
      ...[tenantId, id, source],
    )
    if (table !== 'customer_ref') count += gone
  }
  if (!(await isKnownElsewhere(tx, tenantId, id))) return count + (await eraseAll(tx, tenantId, id))
  for (const table of ['customer_insight', 'insight_point'] as const)
    await tx.$executeRawUnsafe(
      `DELETE FROM ${table} WHERE tenant_id = $1::uuid AND customer_id = $2::uuid`,
      tenantId,
      id,
    )
  await forgetWritten(tx, tenantId, [id])
  await eraseLog(tx, [id])
  await markStale(tx, tenantId, [id], now)
  return count
}

async function isKnownElsewhere(tx: Db, tenantId: string, id: string): Promise<boolean> {
  const anywhere = [...facts, 'customer_ref']
    .map((table) => `EXISTS (SELECT FROM ${table} WHERE tenant_id = $1::uuid AND customer_id = $2::uuid)`)
    .join(' OR ')
  const [row] = await tx.$queryRawUnsafe<{ known: boolean }[]>(`SELECT ${anywhere} AS known`, tenantId, id)
  return row?.known ?? false
}

/** The customer with all that hangs on them, and what the log says of them. How many facts went. */
async function eraseAll(tx: Db, tenantId: string, id: string): Promise<number> {
  const counts = facts
    .map((table) => `(SELECT count(*) FROM ${table} WHERE tenant_id = $1::uuid AND customer_id = $2::uuid)`)
    .join(' + ')
  const [row] = await tx.$queryRawUnsafe<{ count: number }[]>(`SELECT (${counts})::int AS count`, tenantId, id)
  noteRevised(tx, tenantId, [id])
  await forgetWritten(tx, tenantId, [id])
  await tx.$executeRaw`DELETE FROM customer WHERE tenant_id = ${tenantId}::uuid AND id = ${id}::uuid`
  await eraseLog(tx, [id])
  await forgetReads(tx, [id])
  return row?.count ?? 0
}

/** Of the tenant that the connection is bound to. */
const eraseLog = (tx: Db, ids: readonly string[]) =>
  tx.$queryRaw`SELECT app.erase_customer_entries(${[...ids]}::uuid[])`

/** Forgets, as Support does, persons who asked for it: nothing of them is left, and a source that names them again names a stranger. Idempotent. */
export async function recordErasures(tx: Db, events: readonly EventOf<'customer.erased'>[]): Promise<void> {
  for (const [tenantId, erased] of Map.groupBy(events, (event) => event.tenantId)) {
    const ids = [...new Set(erased.map(({ payload }) => payload.customerId))].toSorted()
    // In one order, and waiting for batches that are adding facts to them.
    await tx.$queryRaw`
      SELECT 1 FROM customer WHERE tenant_id = ${tenantId}::uuid AND id = ANY (${ids}::uuid[]) ORDER BY id FOR UPDATE`
    noteRevised(tx, tenantId, ids)
    await forgetWritten(tx, tenantId, ids)
    await forgetFormer(tx, tenantId, ids)
    await tx.$executeRaw`DELETE FROM customer WHERE tenant_id = ${tenantId}::uuid AND id = ANY (${ids}::uuid[])`
    // The system sees all tenants; the log is erased for one, until the transaction ends.
    await tx.$queryRaw`SELECT set_config('app.tenant_id', ${tenantId}, true)`
    await eraseLog(tx, ids)
    await forgetReads(tx, ids)
  }
}
