import { customerIdOf } from '@quimbi/database/ids.ts'
import { RetryTransaction } from '@quimbi/database/outcomes.ts'
import { findCustomers } from '../customers/find.ts'
import { addRefs, erasedAmong, ownersOf, refKey, type Ref } from '../customers/refs.ts'
import type { Db } from '../database.ts'
import type { Placed } from './import-known.ts'
import { firstStatistics } from './import-store.ts'

/** A customer of imported tickets: there already, or to be met. */
export type FoundCustomer = { id: string; isNew: boolean }

export const customerKey = ({ customer }: Pick<Placed, 'customer'>): string =>
  'id' in customer ? customer.id : refKey(customer)

/** The customers of the tickets by `customerKey`; one named by an unknown id is missing. */
export async function customersOf(
  tx: Db,
  tenantId: string,
  tickets: readonly Placed[],
): Promise<Map<string, FoundCustomer>> {
  const refs = new Map<string, Ref>()
  const ids = new Set<string>()
  for (const { customer } of tickets) {
    if ('id' in customer) ids.add(customer.id)
    else refs.set(refKey(customer), customer)
  }
  const known = [...(await findCustomers(tx, tenantId, [...ids]))].filter(([, { erasedAt }]) => erasedAt === null)
  const owners = await ownersOf(tx, tenantId, [...refs.values()])
  const found = new Map<string, FoundCustomer>(known.map(([asked, { id }]) => [asked, { id, isNew: false }]))
  const met = new Map(
    [...refs].flatMap(([key, { source, externalId }]) =>
      owners.has(key) ? [] : [[key, customerIdOf(tenantId, source, externalId)] as const],
    ),
  )
  const gone = await erasedAmong(tx, tenantId, [...met.values()])
  for (const [key, { customerId: id }] of owners) found.set(key, { id, isNew: false })
  for (const [key, id] of met) if (!gone.has(id)) found.set(key, { id, isNew: true })
  return found
}

/** Placeholders for the customers that only a reference names, as for those that Intelligence saw first. */
export async function meetCustomers(
  tx: Db,
  tenantId: string,
  tickets: readonly Placed[],
  found: ReadonlyMap<string, FoundCustomer>,
  now: Date,
): Promise<void> {
  const met = new Map<string, Ref>()
  for (const { customer } of tickets) {
    const known = found.get(customerKey({ customer }))
    if (known?.isNew && 'source' in customer) met.set(known.id, customer)
  }
  if (met.size === 0) return
  const ids = [...met.keys()].toSorted()
  await tx.customer.createMany({
    data: ids.map((id) => ({ tenantId, id, createdAt: now, updatedAt: now })),
    skipDuplicates: true,
  })
  await firstStatistics(tx)
  const refs = [...met].map(([customerId, ref]) => ({ ...ref, customerId }))
  const added = await addRefs(tx, tenantId, refs)
  // Somebody was given the reference since it was looked up: the tickets are that customer's.
  if (added.length < refs.length) await refuseOthers(tx, tenantId, refs)
}

async function refuseOthers(tx: Db, tenantId: string, refs: readonly (Ref & { customerId: string })[]): Promise<void> {
  const owners = await ownersOf(tx, tenantId, refs)
  if (refs.some((ref) => owners.get(refKey(ref))?.customerId !== ref.customerId)) throw new RetryTransaction()
}

/** What is thought of a customer, as far as it ranks their tickets. */
export type CustomerInsight = { churnRisk: number | null; lifetimeValue: number | null }

/** The insight of those customers of whom there is one. */
export async function insightsOf(
  tx: Db,
  tenantId: string,
  customerIds: readonly string[],
): Promise<Map<string, CustomerInsight>> {
  const rows = await tx.$queryRaw<(CustomerInsight & { id: string })[]>`
    SELECT id, churn_risk AS "churnRisk", lifetime_value::float8 AS "lifetimeValue" FROM customer
    WHERE tenant_id = ${tenantId}::uuid AND id = ANY (${[...customerIds]}::uuid[])
      AND (churn_risk IS NOT NULL OR lifetime_value IS NOT NULL)`
  return new Map(rows.map(({ id, churnRisk, lifetimeValue }) => [id, { churnRisk, lifetimeValue }]))
}
