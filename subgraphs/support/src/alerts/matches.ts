import type { Ticket } from '../../generated/prisma/client.ts'
import type { Db } from '../database.ts'
import type { TicketEventType } from '../log/ticket-events.ts'
import type { Scene } from '../tickets/steps.ts'

/** What changes what is said on a ticket, even where its revision stays. */
const speaking: ReadonlySet<TicketEventType> = new Set([
  'TICKET_CREATED',
  'MESSAGE_RECEIVED',
  'MESSAGE_SENT',
  'MESSAGE_EDITED',
  'MESSAGE_DELETED',
  'MESSAGE_RECALLED',
  'MERGED',
  'SPLIT',
  'DEMO_RESET',
])

type Steps = readonly { type: TicketEventType }[]

/** A ticket that was changed: as it was, as it is, and what happened to it. */
type ChangedTicket = { before: Scene; ticket: Ticket; steps: Steps }

/**
 * Keeps the saved topic alerts' matches of changed tickets of one tenant: the open ones that have a keyword, with their places. To be called in
 * the transaction that changes them, after their messages and they themselves were written. A statement a kind of change, however many tickets;
 * nothing to do without saved alerts.
 */
export async function syncMatches(tx: Db, tenantId: string, changed: readonly ChangedTicket[]): Promise<void> {
  const watched = changed.filter(({ before }) => before.config.alerts.length > 0)
  const open = watched.filter(({ ticket }) => ticket.status === 'OPEN')
  const left = watched.filter(
    ({ before, ticket, steps }) => ticket.status !== 'OPEN' && (before.ticket.status === 'OPEN' || steps.length > 0),
  )
  const others = open.filter(({ before, ticket, steps }) => mayMatchOthers(before.ticket, ticket, steps))
  const moved = open.filter((one) => !others.includes(one) && hasMoved(one.before.ticket, one.ticket))
  if (left.length > 0) await tx.topicAlertMatch.deleteMany({ where: { tenantId, ticketId: { in: idsOf(left) } } })
  const [first] = others
  if (first) await syncTickets(tx, tenantId, idsOf(others), first.before.now)
  if (moved.length > 0) await syncPlaces(tx, tenantId, idsOf(moved))
}

const idsOf = (changed: readonly ChangedTicket[]): string[] => changed.map(({ ticket }) => ticket.id)

const mayMatchOthers = (before: Ticket, after: Ticket, steps: Steps): boolean =>
  before.status !== after.status ||
  before.subject !== after.subject ||
  before.revision !== after.revision ||
  steps.some(({ type }) => speaking.has(type))

const hasMoved = (before: Ticket, after: Ticket): boolean =>
  before.rank !== after.rank || before.assigneeId !== after.assigneeId

// An alert that another transaction is deleting is waited for, so that no match refers to one that is gone.
const syncSql = `
  WITH wanted AS MATERIALIZED (
    SELECT alert_id, ticket_id, rank, assignee_id FROM app.alert_matches($2::uuid[], $3::timestamptz, $4::uuid)
  ), kept AS (
    SELECT id FROM topic_alert WHERE tenant_id = $1::uuid AND id IN (SELECT alert_id FROM wanted) ORDER BY id FOR KEY SHARE
  ), gone AS (
    DELETE FROM topic_alert_match m WHERE m.tenant_id = $1::uuid AND m.ticket_id = ANY ($2::uuid[])
      AND ($4::uuid IS NULL OR m.alert_id = $4::uuid)
      AND NOT EXISTS (SELECT 1 FROM wanted w WHERE w.alert_id = m.alert_id AND w.ticket_id = m.ticket_id)
  )
  INSERT INTO topic_alert_match AS m (tenant_id, alert_id, ticket_id, rank, assignee_id)
  SELECT $1::uuid, alert_id, ticket_id, rank, assignee_id FROM wanted WHERE alert_id IN (SELECT id FROM kept)
  ON CONFLICT (tenant_id, alert_id, ticket_id) DO UPDATE SET rank = excluded.rank, assignee_id = excluded.assignee_id
    WHERE (m.rank, m.assignee_id) IS DISTINCT FROM (excluded.rank, excluded.assignee_id)`

/**
 * Makes the match table say of these tickets what is so: of tickets that this transaction wrote or has locked. `now` is the tenant's; `only`:
 * one alert's matches.
 */
export async function syncTickets(
  tx: Db,
  tenantId: string,
  ids: readonly string[],
  now: Date,
  only: string | null = null,
): Promise<void> {
  if (ids.length === 0) return
  await bindTenant(tx, tenantId)
  await tx.$executeRawUnsafe(syncSql, tenantId, [...ids], now, only)
}

/** Gives the matches of these tickets their tickets' places: ranks, and whose they are. */
export async function syncPlaces(tx: Db, tenantId: string, ids: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    UPDATE topic_alert_match m SET rank = t.rank, assignee_id = t.assignee_id FROM ticket t
    WHERE t.tenant_id = ${tenantId}::uuid AND t.id = ANY (${[...ids]}::uuid[]) AND m.tenant_id = t.tenant_id AND m.ticket_id = t.id
      AND (m.rank, m.assignee_id) IS DISTINCT FROM (t.rank, t.assignee_id)`
}

/** The look-ups run for the tenant that is bound; in a transaction of the system, as a receiver's, none is. */
async function bindTenant(tx: Db, tenantId: string): Promise<void> {
  await tx.$queryRaw`SELECT set_config('app.tenant_id', ${tenantId}, true)`
}
