import { customerIdOf } from '@quimbi/database/ids.ts'
import { RetryTransaction } from '@quimbi/database/outcomes.ts'
import { publish } from '@quimbi/events/outbox.ts'
import type { Db } from '../database.ts'

type Place = { tenantId: string; source: string; now: Date }
type Ref = { id: string; externalId: null } | { id: null; externalId: string }

/**
 * The ids of the customers referred to, in the same order. Those met for the first time get a record, and Support is
 * told in the same transaction. Five statements at most.
 */
export async function meetCustomers(tx: Db, place: Place, customers: readonly Ref[]): Promise<string[]> {
  const { tenantId, source } = place
  const externalIds = [...new Set(customers.flatMap(({ externalId }) => externalId ?? []))]
  const idOf = await knownIds(tx, place, externalIds)
  const met = externalIds
    .filter((externalId) => !idOf.has(externalId))
    .map((externalId) => ({ externalId, customerId: customerIdOf(tenantId, source, externalId) }))
  for (const { externalId, customerId } of met) idOf.set(externalId, customerId)
  const ids = customers.map((customer) => customer.id ?? idOf.get(customer.externalId) ?? '')
  await introduce(tx, place, [...new Set(ids)], met)
  return ids
}

async function knownIds(tx: Db, { tenantId, source }: Place, externalIds: string[]): Promise<Map<string, string>> {
  const rows = await tx.customerRef.findMany({ where: { tenantId, source, externalId: { in: externalIds } } })
  return new Map(rows.map(({ externalId, customerId }) => [externalId, customerId]))
}

async function introduce(tx: Db, place: Place, ids: string[], met: { externalId: string; customerId: string }[]) {
  const { tenantId, source, now } = place
  // In one order everywhere, so that two batches with the same customers wait for each other and do not deadlock.
  const added = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO customer (tenant_id, id, created_at)
    SELECT ${tenantId}::uuid, id, ${now}::timestamptz FROM unnest(${ids.toSorted()}::uuid[]) AS met (id)
    ON CONFLICT DO NOTHING RETURNING id`
  if (met.length > 0) {
    const data = met
      .map((ref) => ({ tenantId, source, ...ref }))
      .toSorted((a, b) => (a.externalId < b.externalId ? -1 : 1))
    await tx.customerRef.createMany({ data, skipDuplicates: true })
    // Support may have said since the look-up whose reference this is: its word counts, so look again from the start.
    const said = await knownIds(
      tx,
      place,
      met.map(({ externalId }) => externalId),
    )
    if (met.some(({ externalId, customerId }) => said.get(externalId) !== customerId)) throw new RetryTransaction()
  }
  const refsOf = Map.groupBy(met, ({ customerId }) => customerId)
  const news = new Set([...added.map(({ id }) => id), ...refsOf.keys()])
  await publish(
    tx,
    [...news].map((customerId) => {
      const refs = (refsOf.get(customerId) ?? []).map(({ externalId }) => ({ source, externalId }))
      return { tenantId, type: 'customer.seen', occurredAt: now, payload: { customerId, refs } }
    }),
  )
}
