import type { EventOf } from '@quimbi/events/topics.ts'
import type { Db } from '../database.ts'
import { addRefs, erasedAmong, ownersOf, refKey } from './refs.ts'

/**
 * Makes records of customers that Intelligence met first. One whose reference is known already is that customer, and
 * Intelligence hears of it from our own log. Idempotent.
 */
export async function recordSeenCustomers(tx: Db, events: readonly EventOf<'customer.seen'>[]): Promise<void> {
  for (const [tenantId, seen] of Map.groupBy(events, (event) => event.tenantId)) {
    const refs = seen.flatMap(({ payload }) => payload.refs.map((ref) => ({ ...ref, customerId: payload.customerId })))
    const owners = await ownersOf(tx, tenantId, refs)
    const gone = await erasedAmong(
      tx,
      tenantId,
      seen.map(({ payload }) => payload.customerId),
    )
    const isNew = ({ payload }: EventOf<'customer.seen'>) =>
      !gone.has(payload.customerId) && !payload.refs.some((ref) => owners.has(refKey(ref)))
    const added = seen.filter(isNew)
    await tx.customer.createMany({
      data: added.map(({ payload, occurredAt }) => ({
        tenantId,
        id: payload.customerId,
        createdAt: occurredAt,
        updatedAt: occurredAt,
      })),
      skipDuplicates: true,
    })
    const ids = new Set(added.map(({ payload }) => payload.customerId))
    await addRefs(
      tx,
      tenantId,
      refs.filter((ref) => ids.has(ref.customerId)),
    )
  }
}
