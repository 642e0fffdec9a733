import { connection, pageSize, type Connection, type PageRequest } from '@quimbi/service/pagination.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import { decodePosition, encodePosition, resumeAfter } from '@quimbi/subgraph/log-cursor.ts'
import { needToRead } from '../agents/permissions.ts'
import type { Db } from '../database.ts'
import type { Loaders } from '../loaders.ts'
import { confinedTo } from '../tickets/visibility.ts'
import { firstEntries, listEntries, type TicketEntry } from './entries.ts'

/** The cursor of an entry. */
export const cursorOf = ({ tenantId, sequence }: TicketEntry): string => encodePosition(tenantId, sequence)

export type EventsPage = PageRequest & { types?: readonly string[] | null | undefined }

/** What happened to all tickets, in the log's order; to the role AGENT, while they were its own or nobody's. */
export async function listEvents(
  db: Db,
  viewer: Viewer,
  { types, first, after }: EventsPage,
): Promise<Connection<TicketEntry>> {
  needToRead(viewer, 'ticket:read_own')
  const { tenantId } = viewer
  const size = pageSize(first, { default: 50 })
  const from = await resumeAfter(db, tenantId, after)
  const request = { after: from, limit: size + 1, types, confinedTo: confinedTo(viewer) }
  return connection(await listEntries(db, tenantId, request), size, cursorOf, { after })
}

/**
 * What happened to one ticket, which the viewer may see, oldest first. No cursor is too old: of a ticket that is not long closed
 * the log keeps everything.
 */
export async function listEventsOfTicket(
  { db, loaders, tenantId, ticketId }: { db: Db; loaders: Loaders; tenantId: string; ticketId: string },
  { first, after }: PageRequest,
): Promise<Connection<TicketEntry>> {
  const size = pageSize(first, { default: 50 })
  const rows = after
    ? await firstEntries(db, tenantId, [ticketId], { after: decodePosition(tenantId, after), limit: size + 1 })
    : await loaders.firstEntries(size + 1).load(ticketId)
  return connection(rows, size, cursorOf, { after })
}
