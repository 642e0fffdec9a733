import type { EventOf } from '@quimbi/events/topics.ts'
import { refuse } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import { moveWritten } from '../assistant/forget.ts'
import type { Db } from '../database.ts'
import { noteRevised } from '../profiles/revised.ts'
import { markStale } from '../profiles/stale.ts'
import { forgetFormer, noteFormer } from './former.ts'
import { requireKeeper } from './keeper.ts'

// Both say something: the one that goes on is right.
const takeOver = `
  UPDATE customer AS kept SET first_seen_at = least(kept.first_seen_at, gone.first_seen_at),
    country_code = coalesce(kept.country_code, gone.country_code),
    attributes = coalesce(gone.attributes || kept.attributes, kept.attributes, gone.attributes)
  FROM customer AS gone
  WHERE kept.tenant_id = $1::uuid AND kept.id = $3::uuid AND gone.tenant_id = $1::uuid AND gone.id = $2::uuid
    AND (gone.first_seen_at, gone.country_code, gone.attributes) IS DISTINCT FROM (NULL, NULL, NULL)`

const belongings = ['customer_order', 'interaction', 'customer_event', 'customer_ref'] as const

/**
 * Moves all behaviour of one identity to another and forgets the first, with what was thought of it; the other is to be computed anew. Who names
 * the first from now on means the other. Does nothing where the first is not known; the other must be.
 */
export async function mergeIdentity(tx: Db, tenantId: string, from: string, into: string, now: Date): Promise<void> {
  // The lock waits for batches that are adding facts to it, and holds off new ones: deleting the row would take them along.
  const locked = await tx.$queryRaw<object[]>`
    SELECT 1 FROM customer WHERE tenant_id = ${tenantId}::uuid AND id = ${from}::uuid FOR UPDATE`
  await moveWritten(tx, tenantId, from, into)
  if (locked.length === 0) return
  await tx.$executeRawUnsafe(takeOver, tenantId, from, into)
  for (const table of belongings) {
    const move = `UPDATE ${table} SET customer_id = $3::uuid WHERE tenant_id = $1::uuid AND customer_id = $2::uuid`
    await tx.$executeRawUnsafe(move, tenantId, from, into)
  }
  await noteFormer(tx, tenantId, from, into)
  await tx.$executeRaw`DELETE FROM customer WHERE tenant_id = ${tenantId}::uuid AND id = ${from}::uuid`
  noteRevised(tx, tenantId, [from])
  await markStale(tx, tenantId, [into], now)
}

type Merged = EventOf<'customer.merged'>

/** Follows Support, where two records turned out to be one person. Idempotent. */
export async function recordMerges(tx: Db, events: readonly Merged[], now: Date): Promise<void> {
  const merges = events.filter(({ payload }) => payload.fromId !== payload.intoId)
  for (const [tenantId, told] of Map.groupBy(merges, (event) => event.tenantId)) {
    await meetBoth(tx, tenantId, told)
    for (const { occurredAt: at, payload } of told) {
      const { fromId, intoId } = payload
      // One before it may have taken it away.
      await meetBeside(tx, tenantId, { id: intoId, other: fromId, at })
      await forgetFormer(tx, tenantId, [intoId])
      await meetBeside(tx, tenantId, { id: fromId, other: intoId, at })
      await mergeIdentity(tx, tenantId, fromId, intoId, now)
    }
  }
}

/**
 * Makes a record where the other one has one: the second goes on, and who names the first later, or is naming it now, means the second. Then holds
 * those that go. Both in their ids' order, as batches of facts add and hold customers; in the events' order the two would deadlock.
 */
async function meetBoth(tx: Db, tenantId: string, events: readonly Merged[]): Promise<void> {
  const all = [...new Set(events.flatMap(({ payload }) => [payload.fromId, payload.intoId]))].toSorted()
  const rows = await tx.customer.findMany({ where: { tenantId, id: { in: all } }, select: { id: true } })
  const known = new Set(rows.map(({ id }) => id))
  const met = new Map<string, Date>()
  for (const { occurredAt, payload } of events) {
    const both = [payload.fromId, payload.intoId]
    if (!both.some((id) => known.has(id))) continue
    for (const id of both) if (!known.has(id)) met.set(id, occurredAt)
    for (const id of both) known.add(id)
  }
  const data = all.flatMap((id) => (met.has(id) ? [{ tenantId, id, createdAt: met.get(id)! }] : []))
  await tx.customer.createMany({ data, skipDuplicates: true })
  const gone = [...new Set(events.map(({ payload }) => payload.fromId))]
  await tx.$queryRaw`
    SELECT 1 FROM customer WHERE tenant_id = ${tenantId}::uuid AND id = ANY (${gone}::uuid[]) ORDER BY id FOR UPDATE`
}

/** Makes a record where the other one has one. */
const meetBeside = (
  tx: Db,
  tenantId: string,
  { id, other, at }: { id: string; other: string; at: Date },
) => tx.$executeRaw`
  INSERT INTO customer (tenant_id, id, created_at)
  SELECT tenant_id, ${id}::uuid, ${at}::timestamptz FROM customer WHERE tenant_id = ${tenantId}::uuid AND id = ${other}::uuid
  ON CONFLICT DO NOTHING`

/**
 * Makes one identity of two, at a caller's word. Support is not told: where it knows both, merge them there, since what it says later stands.
 * @throws UserErrors FORBIDDEN, NOT_FOUND, INVALID
 */
export async function mergeIdentities(
  tx: Db,
  viewer: Viewer,
  input: { fromId: string; intoId: string },
  now: Date,
): Promise<{ customer: { id: string } }> {
  requireKeeper(viewer)
  const { tenantId } = viewer
  const [from, into] = [input.fromId.toLowerCase(), input.intoId.toLowerCase()]
  const asked = [from, into].filter(isUuid)
  const rows = await tx.customer.findMany({ where: { tenantId, id: { in: asked } }, select: { id: true } })
  const known = new Set(rows.map(({ id }) => id))
  if (!known.has(from)) refuse('NOT_FOUND', 'There is no such customer.', ['input', 'fromId'])
  if (!known.has(into)) refuse('NOT_FOUND', 'There is no such customer.', ['input', 'intoId'])
  if (from === into) refuse('INVALID', 'They are one customer already.', ['input', 'intoId'])
  await mergeIdentity(tx, tenantId, from, into, now)
  return { customer: { id: into } }
}
