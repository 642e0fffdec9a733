import { isUuid } from '@quimbi/service/loaders.ts'
import { Prisma } from '../../generated/prisma/client.ts'
import type { Db } from '../database.ts'
import type { TicketEventPayload, TicketEventType } from './ticket-events.ts'

/** A ticket's entry in the log. LEFT_VIEW is made by the stream and stands in no log. */
export type TicketEntry = {
  tenantId: string
  sequence: bigint
  eventId: string
  type: TicketEventType | 'LEFT_VIEW'
  occurredAt: Date
  ticketId: string
  payload: TicketEventPayload
}

const selectEntry = Prisma.raw(`
  e.tenant_id AS "tenantId", e.sequence, e.event_id AS "eventId", e.type, e.occurred_at AS "occurredAt", e.ticket_id AS "ticketId", e.payload`)

// Erased entries tell nothing any more; those of no ticket are for our services, but for `isReordering`.
const isReadable = Prisma.raw(`e.ticket_id IS NOT NULL AND e.payload IS NOT NULL`)
const isReadableOrReordering = Prisma.raw(`(e.ticket_id IS NOT NULL OR e.type = 'RERANKED') AND e.payload IS NOT NULL`)

export type EntriesRequest = {
  /** The last sequence already seen. */
  after: bigint
  limit: number
  types?: readonly string[] | null | undefined
  /** Only what happened to tickets that were this agent's, or nobody's, just after it. */
  confinedTo?: string | null
  /** Also that all tickets were ranked anew, which happened to none in particular; nothing of it unless asked for. */
  withReorderings?: boolean
}

/** Whether an entry tells that all tickets were ranked anew: of no ticket in particular, whatever its type says. Pure. */
export const isReordering = ({ type, ticketId }: { type: string; ticketId: string | null }): boolean =>
  type === 'RERANKED' && ticketId === null

/** Entries of all the tenant's tickets, in the log's order. */
export function listEntries(db: Db, tenantId: string, request: EntriesRequest): Promise<TicketEntry[]> {
  const { after, limit, types, confinedTo = null, withReorderings = false } = request
  // As a CASE: the planner takes it for every second entry, and reads the log in its order. It takes a comparison for one in two
  // hundred, and would gather and sort all of the rest.
  const isSeen =
    confinedTo === null
      ? Prisma.empty
      : Prisma.sql`AND CASE coalesce(e.payload -> 'view' ->> 'assigneeId', ${confinedTo}) WHEN ${confinedTo} THEN true ELSE false END`
  const of = Prisma.sql`FROM event_log e WHERE e.tenant_id = ${tenantId}::uuid AND e.sequence > ${after} AND ${withReorderings ? isReadableOrReordering : isReadable} ${isSeen}`
  if (!types) return db.$queryRaw<TicketEntry[]>`SELECT ${selectEntry} ${of} ORDER BY e.sequence LIMIT ${limit}`
  // Each type's own index gives its first entries in order; one condition on all types would read the log for a rare one.
  return db.$queryRaw<TicketEntry[]>`
    SELECT e.* FROM unnest(${[...new Set(types)]}::text[]) AS wanted (type) CROSS JOIN LATERAL (
      SELECT ${selectEntry} ${of} AND e.type = wanted.type ORDER BY e.sequence LIMIT ${limit}
    ) AS e ORDER BY e.sequence LIMIT ${limit}`
}

/** The first entries of each ticket, one statement for all of them. */
export function firstEntries(
  db: Db,
  tenantId: string,
  ticketIds: readonly string[],
  { after, limit }: { after: bigint; limit: number },
): Promise<TicketEntry[]> {
  return db.$queryRaw<TicketEntry[]>`
    SELECT e.* FROM unnest((SELECT ${ticketIds.filter(isUuid)}::uuid[])) AS wanted (ticket_id) CROSS JOIN LATERAL (
      SELECT ${selectEntry} FROM event_log e
      WHERE e.tenant_id = ${tenantId}::uuid AND e.ticket_id = wanted.ticket_id AND e.sequence > ${after} AND e.payload IS NOT NULL
      ORDER BY e.sequence LIMIT ${limit}
    ) AS e ORDER BY e.sequence`
}

/** Entries of a ticket about what was said, from a revision of the conversation on; the first hundred. */
export function saidSince(db: Db, tenantId: string, ticketId: string, revision: number): Promise<TicketEntry[]> {
  return db.$queryRaw<TicketEntry[]>`
    SELECT ${selectEntry} FROM event_log e
    WHERE e.tenant_id = ${tenantId}::uuid AND e.ticket_id = ${ticketId}::uuid
      AND e.type IN ('MESSAGE_RECEIVED', 'MESSAGE_SENT', 'MESSAGE_EDITED', 'MESSAGE_DELETED', 'MESSAGE_RECALLED')
      AND (e.payload ->> 'revision')::int > ${revision}
    ORDER BY e.sequence LIMIT 100`
}

/** The newest entries of these types before a sequence, newest first. */
export function newestEntries(
  db: Db,
  tenantId: string,
  { before, types, limit }: { before: bigint | null; types: readonly string[]; limit: number },
): Promise<TicketEntry[]> {
  const isBefore = before === null ? Prisma.empty : Prisma.sql`AND e.sequence < ${before}`
  return db.$queryRaw<TicketEntry[]>`
    SELECT e.* FROM unnest(${[...types]}::text[]) AS wanted (type) CROSS JOIN LATERAL (
      SELECT ${selectEntry} FROM event_log e
      WHERE e.tenant_id = ${tenantId}::uuid AND ${isReadable} AND e.type = wanted.type ${isBefore}
      ORDER BY e.sequence DESC LIMIT ${limit}
    ) AS e ORDER BY e.sequence DESC LIMIT ${limit}`
}
