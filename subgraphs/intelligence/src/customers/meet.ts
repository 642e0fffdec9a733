import { customerIdOf } from '@quimbi/database/ids.ts'
import { RetryTransaction } from '@quimbi/database/outcomes.ts'
import { publish } from '@quimbi/events/outbox.ts'
import type { Db } from '../database.ts'
import { noteRevised } from '../profiles/revised.ts'
import { holdCustomers } from './hold.ts'

type Place = { tenantId: string; source: string; now: Date }
type Met = { externalId: string; customerId: string }
type Ref = { id: string; externalId: null } | { id: null; externalId: string }

/**
 * The ids of the customers referred to, in the same order. Those met for the first time get a record, and Support is
 * told in the same transaction, once whoever else meets them. None of them is merged or erased until the transaction ends. Six statements at most.
 */
export async function meetCustomers(tx: Db, place: Place, customers: readonly Ref[]): Promise<string[]> {
  const { tenantId, source } = place
  const externalIds = [...new Set(customers.flatMap(({ externalId }) => externalId ?? []))]
  const idOf = await knownIds(tx, place, externalIds)
  const known = new Set(idOf.values())
  const met = externalIds
    .filter((externalId) => !idOf.has(externalId))
    .map((externalId) => ({ externalId, customerId: customerIdOf(tenantId, source, externalId) }))
  for (const { externalId, customerId } of met) idOf.set(externalId, customerId)
  const ids = customers.map((customer) => customer.id ?? idOf.get(customer.externalId) ?? '')
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
export async function meetAs(tx: Db, place: Place, { externalId, customerId }: Met): Promise<string | null> {
  const known = (await knownIds(tx, place, [externalId])).get(externalId)
  if (known !== undefined && known !== customerId) return null
  const added = await addCustomers(tx, place, [customerId])
  if (known !== undefined && added.length > 0) throw new RetryTransaction()
  const refs = await addRefs(tx, place, known === undefined ? [{ externalId, customerId }] : [])
  await hold(tx, place.tenantId, [customerId])
  await announce(tx, place, added, refs)
  return customerId
}

async function knownIds(tx: Db, { tenantId, source }: Place, externalIds: string[]): Promise<Map<string, string>> {
  const rows = await tx.customerRef.findMany({ where: { tenantId, source, externalId: { in: externalIds } } })
  return new Map(rows.map(({ externalId, customerId }) => [externalId, customerId]))
}

async function addCustomers(tx: Db, { tenantId, now }: Place, ids: string[]): Promise<string[]> {
  // In one order everywhere, so that two batches with the same customers wait for each other and do not deadlock.
  const added = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO customer (tenant_id, id, created_at)
    SELECT ${tenantId}::uuid, id, ${now}::timestamptz FROM unnest(${ids.toSorted()}::uuid[]) AS met (id)
    ON CONFLICT DO NOTHING RETURNING id`
  return added.map(({ id }) => id)
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
  const said = await knownIds(
    tx,
    place,
    met.map(({ externalId }) => externalId),
  )
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
