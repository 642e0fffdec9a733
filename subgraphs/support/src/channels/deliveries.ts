import type { Db, SupportDatabase } from '../database.ts'
import { systemActor } from '../log/actors.ts'
import { changeTickets } from '../tickets/change.ts'
import { leaseMs, next, type DeliveryEvent, type DeliveryState } from './delivery.ts'

/** A message that a deliverer has in hand. `SENDING`: another took it before, and never said what became of it. */
export type Taken = { tenantId: string; id: string; attempts: number; was: 'HELD' | 'QUEUED' | 'SENDING' }

// Takes and leases in one statement, committed before anything goes out. By the index on next_attempt_at, which holds only what still waits.
const takeSql = `
  UPDATE message m SET delivery_status = 'SENDING', next_attempt_at = $2::timestamptz, last_error = NULL,
    attempts = m.attempts + CASE WHEN due.was = 'SENDING' THEN 0 ELSE 1 END
  FROM (
    SELECT tenant_id, id, delivery_status AS was FROM message
    WHERE next_attempt_at <= $1::timestamptz AND delivery_status IN ('HELD', 'QUEUED', 'SENDING')
    ORDER BY next_attempt_at LIMIT $3 FOR UPDATE SKIP LOCKED
  ) AS due
  WHERE m.tenant_id = due.tenant_id AND m.id = due.id
  RETURNING m.tenant_id AS "tenantId", m.id, m.attempts, due.was`

/** Takes the messages that have been due for longest, `most` at most. Of two that ask at once, one gets each. `now` is real. */
export async function takeDue(system: Db, now: Date, most: number): Promise<Taken[]> {
  const lease = new Date(now.getTime() + leaseMs)
  return system.$queryRawUnsafe<Taken[]>(takeSql, now, lease, most)
}

/** When the next message is due, if that is before `until`. */
export async function soonestDue(system: Db, until: Date): Promise<Date | null> {
  const [row] = await system.$queryRaw<{ at: Date | null }[]>`
    SELECT min(next_attempt_at) AS at FROM message WHERE next_attempt_at <= ${until}::timestamptz`
  return row?.at ?? null
}

// Sent when the tenant's clock says so: a demo's may have been moved forward.
const settleSql = `
  UPDATE message SET delivery_status = $5, attempts = $6, next_attempt_at = $7::timestamptz, last_error = $8,
    external_id = coalesce($9, external_id), sent_at = CASE WHEN $9::text IS NULL THEN sent_at ELSE
      $10::timestamptz + (SELECT clock_offset_seconds FROM tenant WHERE id = $1::uuid) * interval '1 second' END
  WHERE tenant_id = $1::uuid AND id = $2::uuid AND delivery_status = $3 AND attempts = $4`

/** Writes what became of a delivery, and tells the ticket of a failure. Does nothing where the message has moved on since. */
export async function settle(
  database: Pick<SupportDatabase, 'transact' | 'forTenant'>,
  { tenantId, id }: { tenantId: string; id: string },
  event: DeliveryEvent,
  facts: { state: DeliveryState; now: Date; chance: number },
): Promise<boolean> {
  const { state, now } = facts
  const change = next(state, event, facts)
  if (!change) return false
  const { isFailure, externalId, status: deliveryStatus, attempts, nextAttemptAt, lastError } = change
  const written = [deliveryStatus, attempts, nextAttemptAt, lastError, externalId ?? null, now]
  const write = async (db: Db) =>
    (await db.$executeRawUnsafe(settleSql, tenantId, id, state.status, state.attempts, ...written)) === 1
  // Of one statement that nobody is told of: a transaction around it would cost two round trips, and wake who follows the log.
  if (!isFailure) return write(database.forTenant(tenantId))
  return database.transact(tenantId, (tx) =>
    tellTicket(tx, { tenantId, id, now, reason: lastError ?? '' }, () => write(tx)),
  )
}

// The ticket is locked first, as by everybody who changes what was said on it: the other order would deadlock with a recall.
async function tellTicket(
  tx: Db,
  { tenantId, id, now, reason }: { tenantId: string; id: string; now: Date; reason: string },
  write: () => Promise<boolean>,
): Promise<boolean> {
  const message = await tx.message.findFirst({ where: { tenantId, id }, select: { ticketId: true } })
  if (!message) return false
  const who = { actor: systemActor('INTEGRATION', 'delivery') }
  const call = { tenantId, who, now: await tenantNow(tx, tenantId, now), ids: [message.ticketId] }
  let isWritten = false
  await changeTickets(tx, call, async () => {
    isWritten = await write()
    return isWritten ? [{ type: 'DELIVERY_FAILED', messageId: id, reason }] : []
  })
  return isWritten
}

/** The tenant's instant: a demo's clock may have been moved forward. */
export async function tenantNow(tx: Db, tenantId: string, now: Date): Promise<Date> {
  const [tenant] = await tx.$queryRaw<{ offset: number }[]>`
    SELECT clock_offset_seconds AS offset FROM tenant WHERE id = ${tenantId}::uuid`
  return new Date(now.getTime() + (tenant?.offset ?? 0) * 1_000)
}
