import { customerIdOf } from '@quimbi/database/ids.ts'
import { RetryTransaction } from '@quimbi/database/outcomes.ts'
import { publish } from '@quimbi/events/outbox.ts'
import type { Db } from '../database.ts'
import { noteRevised } from '../profiles/revised.ts'
import { formerIds } from './former.ts'
import { holdCustomers } from './hold.ts'

type Place = { tenantId: string; source: string; now: Date }
type Met = { externalId: string; customerId: string }
type Ref = { id: string; externalId: null } | { id: null; externalId: string }

/**
 * The ids of the customers referred to, in the same order. Those met for the first time get a record, and Support is
 * told in the same transaction, once whoever else meets them. An id that was merged away means the customer that goes on. None of them is merged or
 * erased until the transaction ends. Seven statements at most.
 */
export async function meetCustomers(tx: Db, place: Place, customers: readonly Ref[]): Promise<string[]> {
  const { tenantId, source } = place
  const derived = new Map(
    customers.flatMap(({ externalId }) =>
      externalId === null ? [] : [[externalId, customerIdOf(tenantId, source, externalId)] as const],
    ),
  )
  const { refs: idOf, former } = await lookUp(
    tx,
    place,
    [...derived.keys()],
    [...customers.flatMap(({ id }) => id ?? []), ...derived.values()],
  )
  const known = new Set(idOf.values())
  const met = [...derived]
    .filter(([externalId]) => !idOf.has(externalId))
    .map(([externalId, id]) => ({ externalId, customerId: former.get(id) ?? id }))
  for (const { externalId, customerId } of met) idOf.set(externalId, customerId)
  const ids = customers.map(({ id, externalId }) =>
    id === null ? (idOf.get(externalId) ?? '') : (former.get(id) ?? id),
  )
  const added = await addCustomers(tx, place, [...new Set(ids)])
  // One that was known a moment ago is gone: Support has just said that it is another. Look again from the start.
  if (added.some((id) => known.has(id))) throw new RetryTransaction()
  const refs = await addRefs(tx, place, met)
  await hold(tx, tenantId, [...new Set(ids)])
  await announce(tx, place, added, refs)
  return ids
}

/**
 * The same of one customer whose id and whose reference are given. Null when the reference is known as another's.
 */
export async function meetAs(tx: Db, place: Place, { externalId, customerId: given }: Met): Promise<string | null> {
  const { refs: idOf, former } = await lookUp(tx, place, [externalId], [given])
  const customerId = former.get(given) ?? given
  const known = idOf.get(externalId)
  if (known !== undefined && known !== customerId) return null
  const added = await addCustomers(tx, place, [customerId])
  if (known !== undefined && added.length > 0) throw new RetryTransaction()
  const refs = await addRefs(tx, place, known === undefined ? [{ externalId, customerId }] : [])
  await hold(tx, place.tenantId, [customerId])
  await announce(tx, place, added, refs)
  return customerId
}

type Found = { isRef: boolean; key: string; customerId: string }

/** Whose the references are that are known, and who the ids are now that were merged away. */
async function lookUp(tx: Db, { tenantId, source }: Place, externalIds: readonly string[], ids: readonly string[]) {
  const rows = await tx.$queryRaw<Found[]>`
    SELECT true AS "isRef", external_id AS key, customer_id AS "customerId" FROM customer_ref
    WHERE tenant_id = ${tenantId}::uuid AND source = ${source} AND external_id = ANY (${[...externalIds]}::text[])
    UNION ALL
    SELECT false, id::text, customer_id FROM customer_merge
    WHERE tenant_id = ${tenantId}::uuid AND id = ANY (${[...new Set(ids)]}::uuid[])`
  const found = (isRefs: boolean) =>
    new Map(rows.filter(({ isRef }) => isRef === isRefs).map(({ key, customerId }) => [key, customerId]))
  return { refs: found(true), former: found(false) }
}

async function addCustomers(tx: Db, { tenantId, now }: Place, ids: string[]): Promise<string[]> {
  // In one order everywhere, so that two batches with the same customers wait for each other and do not deadlock.
  const added = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO customer (tenant_id, id, created_at)
    SELECT ${tenantId}::uuid, id, ${now}::timestamptz FROM unnest(${ids.toSorted()}::uuid[]) AS met (id)
    ON CONFLICT DO NOTHING RETURNING id`
  const news = added.map(({ id }) => id)
  // One of them was merged away a moment ago. Look again from the start.
  if ((await formerIds(tx, tenantId, news)).size > 0) throw new RetryTransaction()
  return news
}

/**
 * Has merges and erasures of them wait. After customers and references, and before any fact, in the order of who moves customers: who touched a
 * fact first, and its customer then, would wait for a merge that waits for the fact.
 */
async function hold(tx: Db, tenantId: string, ids: readonly string[]): Promise<void> {
  if ((await holdCustomers(tx, tenantId, ids)).size < ids.length) throw new RetryTransaction()
}

/** Those of the references that nobody else added meanwhile. */
async function addRefs(tx: Db, place: Place, met: readonly Met[]): Promise<Met[]> {
  if (met.length === 0) return []
  const { tenantId, source } = place
  const sorted = met.toSorted((a, b) => (a.externalId < b.externalId ? -1 : 1))
  const added = await tx.$queryRaw<Met[]>`
    INSERT INTO customer_ref (tenant_id, source, external_id, customer_id)
    SELECT ${tenantId}::uuid, ${source}, external_id, customer_id
    FROM unnest(${sorted.map(({ externalId }) => externalId)}::text[], ${sorted.map(({ customerId }) => customerId)}::uuid[])
      AS met (external_id, customer_id)
    ON CONFLICT DO NOTHING RETURNING external_id AS "externalId", customer_id AS "customerId"`
  // Support may have said since the look-up whose reference this is: its word counts, so look again from the start.
  const externalIds = met.map(({ externalId }) => externalId)
  const { refs: said } = await lookUp(tx, place, externalIds, [])
  if (met.some(({ externalId, customerId }) => said.get(externalId) !== customerId)) throw new RetryTransaction()
  return [...added]
}

async function announce(tx: Db, { tenantId, source, now }: Place, ids: readonly string[], refs: readonly Met[]) {
  const refsOf = Map.groupBy(refs, ({ customerId }) => customerId)
  const news = new Set([...ids, ...refsOf.keys()])
  noteRevised(tx, tenantId, news)
  await publish(
    tx,
    [...news].map((customerId) => {
      const refs = (refsOf.get(customerId) ?? []).map(({ externalId }) => ({ source, externalId }))
      return { tenantId, type: 'customer.seen', occurredAt: now, payload: { customerId, refs } }
    }),
  )
}
