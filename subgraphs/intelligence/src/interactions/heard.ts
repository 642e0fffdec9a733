import { derivedId } from '@quimbi/database/ids.ts'
import type { EventOf } from '@quimbi/events/topics.ts'
import { holdCurrent } from '../customers/former.ts'
import type { Db } from '../database.ts'
import { markStale } from '../profiles/stale.ts'
import { storeInteractions, type StoredInteraction } from './store.ts'

/** What Support tells of tickets, each an interaction. */
type Contact = EventOf<'ticket.opened' | 'message.received' | 'satisfaction.recorded'>
type Closing = EventOf<'ticket.closed'>

/** Where these interactions come from, as sources are named. */
const source = 'support'

const idOf = (tenantId: string, kind: StoredInteraction['kind'], id: string) => derivedId(tenantId, source, kind, id)

/**
 * Keeps what happened between customers and the team: a ticket, a message, an answer to the survey; demo tickets are left out. Of a customer
 * who is not known, because they were erased, nothing is kept. Idempotent; of several answers on one ticket the last counts.
 */
export async function recordContacts(tx: Db, events: readonly Contact[], now: Date): Promise<void> {
  const real = events.filter(({ payload }) => !payload.isDemo)
  for (const [tenantId, contacts] of Map.groupBy(real, (event) => event.tenantId)) {
    const current = await holdCurrent(
      tx,
      tenantId,
      contacts.map(({ payload }) => payload.customerId),
    )
    const rows = contacts.map(interactionOf).flatMap((row) => {
      const customerId = current.get(row.customerId)
      return customerId === undefined ? [] : [{ ...row, customerId }]
    })
    const latest = new Map(rows.map((row) => [row.id, row]))
    const written = await storeInteractions(tx, tenantId, [...latest.values()], now)
    await markStale(
      tx,
      tenantId,
      written.flatMap(({ customerId, former }) => (former === null ? customerId : [customerId, former])),
      now,
    )
  }
}

/** Pure. */
export function interactionOf(event: Contact): StoredInteraction {
  const { tenantId, occurredAt, payload } = event
  const { customerId, channel, ticketId } = payload
  const as = (kind: StoredInteraction['kind'], externalId: string, sentiment: number | null = null) => ({
    ...{ id: idOf(tenantId, kind, externalId), source, externalId, customerId, channel, kind, sentiment },
    ...{ at: occurredAt.toISOString(), resolvedHours: null },
  })
  if (event.type === 'ticket.opened') return as('SUPPORT_TICKET', ticketId)
  if (event.type === 'message.received') return as('MESSAGE', event.payload.messageId)
  // 1 to 5 stars, from unhappy to happy.
  return as('SURVEY', ticketId, (event.payload.score - 1) / 4)
}

// A ticket that is reopened and closed again took until then.
const resolveTickets = `
  UPDATE interaction AS i SET resolved_hours = took.hours
  FROM (
    SELECT t.id, greatest(0, extract(epoch FROM closed.at - t.at) / 3600)::float8 AS hours
    FROM jsonb_to_recordset($2::jsonb) AS closed (id uuid, at timestamptz)
    JOIN interaction t ON t.tenant_id = $1::uuid AND t.id = closed.id
  ) AS took
  WHERE i.tenant_id = $1::uuid AND i.id = took.id AND i.resolved_hours IS DISTINCT FROM took.hours
  RETURNING i.customer_id AS "customerId"`

/** Notes how long tickets took; one that is not known tells nothing. Idempotent. */
export async function recordClosings(tx: Db, events: readonly Closing[], now: Date): Promise<void> {
  for (const [tenantId, closings] of Map.groupBy(events, (event) => event.tenantId)) {
    const latest = new Map(
      closings.map(({ payload, occurredAt }) => [idOf(tenantId, 'SUPPORT_TICKET', payload.ticketId), occurredAt]),
    )
    const rows = [...latest].map(([id, at]) => ({ id, at }))
    const changed = await tx.$queryRawUnsafe<{ customerId: string }[]>(resolveTickets, tenantId, JSON.stringify(rows))
    await markStale(
      tx,
      tenantId,
      changed.map(({ customerId }) => customerId),
      now,
    )
  }
}
