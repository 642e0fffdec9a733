import { encodeCursor } from '@quimbi/service/cursors.ts'
import { connection, pageSize, type Connection, type PageRequest } from '@quimbi/service/pagination.ts'
import { codedError } from '@quimbi/service/errors.ts'
import { groupBy, isUuid } from '@quimbi/service/loaders.ts'
import { placeInTime } from '@quimbi/service/places.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import { Prisma, type Ticket } from '../../generated/prisma/client.ts'
import type { Db } from '../database.ts'
import type { Loaders } from '../loaders.ts'
import { selectTicket } from './columns.ts'
import { ticketsMatching, type TicketFilter } from './filter.ts'
import { confinedTo, visibleTickets } from './visibility.ts'

type Optional<T> = T | null | undefined

/** More tickets than this are not counted. */
const countLimit = 10_000

/** A page of tickets; the whole is counted only when asked for. */
export type TicketPage = Connection<Ticket> & { countAll(): Promise<number> }

type FilteredPage = PageRequest & { filter?: Optional<TicketFilter> }

/** How many there are; 10,000 stands for that many or more. */
export const countTickets = (db: Db, where: Prisma.TicketWhereInput): Promise<number> =>
  db.ticket.count({ where, take: countLimit })

/** Tickets in any state, newest first; of one customer where that is given. */
export async function listTickets(
  db: Db,
  viewer: Viewer,
  { filter, first, after }: FilteredPage,
  customerId?: string,
): Promise<TicketPage> {
  const size = pageSize(first, { default: 50 })
  const from = placeInTime(after)
  const matching = ticketsMatching(viewer, filter)
  const where = customerId === undefined ? matching : { AND: [matching, { customerId }] }
  const rows = await db.ticket.findMany({
    where: from
      ? {
          AND: [
            where,
            { createdAt: { lte: from[0] } },
            { OR: [{ createdAt: { lt: from[0] } }, { id: { gt: from[1] } }] },
          ],
        }
      : where,
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
    take: size + 1,
  })
  return { ...connection(rows, size, cursorInTime, { after }), countAll: () => countTickets(db, where) }
}

/** The newest tickets of each customer that the viewer may see, by id; one statement for all of them. */
export async function newestTicketIds(
  db: Db,
  viewer: Viewer,
  customerIds: readonly string[],
  limit: number,
): Promise<string[][]> {
  const onlyOf = confinedTo(viewer)
  const rows = await db.$queryRaw<{ id: string; customerId: string }[]>`
    SELECT t.id, t.customer_id AS "customerId"
    FROM unnest(${customerIds.filter(isUuid)}::uuid[]) AS wanted (customer_id) CROSS JOIN LATERAL (
      SELECT id, customer_id FROM ticket WHERE tenant_id = ${viewer.tenantId}::uuid AND customer_id = wanted.customer_id
        AND (${onlyOf}::uuid IS NULL OR assignee_id IS NULL OR assignee_id = ${onlyOf}::uuid)
      ORDER BY created_at DESC, id LIMIT ${limit}
    ) AS t`
  const groups = groupBy(customerIds, rows, ({ customerId }) => customerId)
  return groups.map((group) => group.map(({ id }) => id))
}

/** A customer's tickets, newest first. */
export async function listTicketsOfCustomer(
  { db, loaders, viewer }: { db: Db; loaders: Loaders; viewer: Viewer },
  customerId: string,
  { filter, first, after }: FilteredPage,
): Promise<TicketPage> {
  const size = pageSize(first, { default: 20 })
  // A customer who is only referred to may have an id that is none, and is still a customer.
  const isKnown = isUuid(customerId)
  if ((after || filter) && isKnown) return listTickets(db, viewer, { filter, first: size, after }, customerId)
  const ids = isKnown ? await loaders.newestTicketIds(size + 1).load(customerId) : []
  const where = { tenantId: viewer.tenantId, customerId, AND: [visibleTickets(viewer)] }
  const countAll = async () => (isKnown ? countTickets(db, where) : 0)
  return { ...connection(await loadAll(loaders, ids), size, cursorInTime), countAll }
}

const cursorInTime = (ticket: Ticket): string => encodeCursor([ticket.createdAt.toISOString(), ticket.id])

/** Those of the tickets that are there, in the ids' order. */
async function loadAll(loaders: Loaders, ids: readonly string[]): Promise<Ticket[]> {
  const tickets = await Promise.all(ids.map((id) => loaders.ticketById.load(id)))
  return tickets.filter((ticket) => ticket !== null)
}

/** Earlier tickets like this one, solved ones first. */
export async function similarTickets(loaders: Loaders, { id }: Ticket, first: Optional<number>): Promise<Ticket[]> {
  return loadAll(loaders, await loaders.similarTicketIds(pageSize(first, { default: 5 })).load(id))
}

/** A ticket by its human reference, if the viewer may see it. */
const columns = Prisma.raw(selectTicket)

/** Those of the tickets that the viewer may see. */
export function ticketsById(db: Db, viewer: Viewer, ids: readonly string[]): Promise<Ticket[]> {
  if (viewer.kind === 'partner' || ids.length === 0) return Promise.resolve([])
  const own = confinedTo(viewer)
  const isSeen = own === null ? Prisma.empty : Prisma.sql`AND (t.assignee_id = ${own}::uuid OR t.assignee_id IS NULL)`
  // The ids by a sub-select: one plan for lists of every length, kept from the first on.
  return db.$queryRaw<Ticket[]>`
    SELECT ${columns} FROM ticket t
    WHERE t.tenant_id = ${viewer.tenantId}::uuid AND t.id = ANY ((SELECT ${[...ids]}::uuid[])::uuid[]) ${isSeen}`
}

export const ticketByNumber = (db: Db, viewer: Viewer, number: number): Promise<Ticket | null> =>
  db.ticket.findFirst({ where: { tenantId: viewer.tenantId, number, ...visibleTickets(viewer) } })

/** The ticket of a message that the viewer may see. */
export async function ticketOfMessage(loaders: Loaders, ticketId: string): Promise<Ticket> {
  return (await loaders.ticketById.load(ticketId)) ?? Promise.reject(codedError('NOT_FOUND', 'The ticket is gone.'))
}
