import { newId } from '@quimbi/database/ids.ts'
import { violatedUnique } from '@quimbi/database/outcomes.ts'
import { encodeCursor } from '@quimbi/service/cursors.ts'
import { connection, pageSize, type Connection, type PageRequest } from '@quimbi/service/pagination.ts'
import { codedError, refuse } from '@quimbi/service/errors.ts'
import { groupBy, isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Prisma, Ticket } from '../../generated/prisma/client.ts'
import { once } from '../common/idempotency.ts'
import { placeInTime, placeOf } from '@quimbi/service/places.ts'
import { labels, text } from '../common/text.ts'
import { checkRef, type GivenRef } from '../customers/given-refs.ts'
import type { Db } from '../database.ts'
import type { Loaders } from '../loaders.ts'
import { takeNumbers } from './numbers.ts'
import { ticketRank, type TicketPriority } from './rank.ts'
import { confinedTo, visibleTickets } from './visibility.ts'

type Optional<T> = T | null | undefined

export type TicketFilter = {
  status?: Optional<readonly string[]>
  channel?: Optional<readonly string[]>
  priority?: Optional<readonly string[]>
  assigneeId?: Optional<string>
  unassigned?: Optional<boolean>
  customerId?: Optional<string>
}

/** More tickets than this are not counted. */
const countLimit = 10_000

/** A page of the inbox; the whole is counted only when asked for. */
export type InboxPage = Connection<Ticket> & { countAll(): Promise<number> }

/** OPEN tickets, best first. `after` is a place in the order, so a ticket that kept its rank is neither skipped nor repeated. */
export async function inbox(
  db: Db,
  viewer: Viewer,
  { filter, first, after }: PageRequest & { filter?: Optional<TicketFilter> },
): Promise<InboxPage> {
  const size = pageSize(first, { default: 50 })
  const where = { AND: [matching(viewer, filter), { status: 'OPEN' }] }
  const from = placeOf(after, 'number')
  const rows = await db.ticket.findMany({
    where: from
      ? { AND: [where, { rank: { lte: from[0] } }, { OR: [{ rank: { lt: from[0] } }, { id: { gt: from[1] } }] }] }
      : where,
    orderBy: [{ rank: 'desc' }, { id: 'asc' }],
    take: size + 1,
  })
  const page = connection(rows, size, (ticket) => encodeCursor([ticket.rank, ticket.id]), { after })
  return { ...page, countAll: () => db.ticket.count({ where, take: countLimit }) }
}

/** Tickets in any state, newest first. */
export async function listTickets(
  db: Db,
  viewer: Viewer,
  { filter, first, after }: PageRequest & { filter?: Optional<TicketFilter> },
) {
  const size = pageSize(first, { default: 50 })
  const from = placeInTime(after)
  const where = matching(viewer, filter)
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
  return connection(rows, size, cursorInTime, { after })
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
  page: PageRequest,
) {
  const size = pageSize(page.first, { default: 20 })
  // A customer who is only referred to may have an id that is none, and is still a customer.
  if (page.after && isUuid(customerId))
    return listTickets(db, viewer, { filter: { customerId }, first: size, after: page.after })
  const ids = await loaders.newestTicketIds(size + 1).load(customerId)
  const tickets = await loaders.ticketById.loadMany(ids)
  return connection(
    tickets.filter((ticket): ticket is Ticket => ticket !== null && !(ticket instanceof Error)),
    size,
    cursorInTime,
  )
}

const cursorInTime = (ticket: Ticket): string => encodeCursor([ticket.createdAt.toISOString(), ticket.id])

function matching(viewer: Viewer, filter: Optional<TicketFilter>): Prisma.TicketWhereInput {
  const { status, channel, priority, assigneeId, unassigned, customerId } = filter ?? {}
  return {
    tenantId: viewer.tenantId,
    AND: [
      // Not said twice: "theirs or nobody's" beside either would be gathered and sorted, not read from the index in order.
      isWithinView(viewer, filter) ? {} : visibleTickets(viewer),
      status ? { status: { in: [...status] } } : {},
      channel ? { channel: { in: [...channel] } } : {},
      priority ? { priority: { in: [...priority] } } : {},
      assigneeId ? { assigneeId: known(assigneeId, 'assigneeId') } : {},
      typeof unassigned === 'boolean' ? { assigneeId: unassigned ? null : { not: null } } : {},
      customerId ? { customerId: known(customerId, 'customerId') } : {},
    ],
  }
}

/** Whether the filter alone keeps to what the role AGENT may see: the viewer's own tickets, or nobody's. */
const isWithinView = (viewer: Viewer, filter: Optional<TicketFilter>): boolean =>
  viewer.kind === 'agent' && (filter?.assigneeId === viewer.agentId || filter?.unassigned === true)

function known(id: string, field: string): string {
  if (isUuid(id)) return id
  throw codedError('BAD_USER_INPUT', `${field} is no id.`)
}

/** A ticket by its human reference, if the viewer may see it. */
export const ticketByNumber = (db: Db, viewer: Viewer, number: number): Promise<Ticket | null> =>
  db.ticket.findFirst({ where: { tenantId: viewer.tenantId, number, ...visibleTickets(viewer) } })

/** The ticket of a message that the viewer may see. */
export async function ticketOfMessage(loaders: Loaders, ticketId: string): Promise<Ticket> {
  return (await loaders.ticketById.load(ticketId)) ?? Promise.reject(codedError('NOT_FOUND', 'The ticket is gone.'))
}

export type NewTicket = {
  customerId: string
  subject: string
  channel: string
  priority?: Optional<TicketPriority>
  initialMessage: string
  tags?: Optional<readonly string[]>
  externalRef?: Optional<GivenRef>
  idempotencyKey?: Optional<string>
}

/** Opens a ticket with its first message, from the customer. */
export async function createTicket(tx: Db, viewer: Viewer, input: NewTicket, now: Date): Promise<Ticket> {
  if (viewer.kind === 'partner') refuse('FORBIDDEN', 'A partner key may not open tickets here.')
  const { tenantId } = viewer
  const subject = text(input.subject, { path: ['input', 'subject'], max: 300 })
  const content = text(input.initialMessage, { path: ['input', 'initialMessage'], max: 50_000 })
  const tags = labels(input.tags, ['input', 'tags'])
  const ref = input.externalRef && checkRef(input.externalRef, ['input', 'externalRef'])
  const priority = input.priority ?? 'NORMAL'
  const call = { tenantId, operation: 'createTicket', key: input.idempotencyKey, input, now }
  const id = await once(tx, call, async () => {
    const customer =
      isUuid(input.customerId) && (await tx.customer.findFirst({ where: { tenantId, id: input.customerId } }))
    if (!customer) return refuse('NOT_FOUND', 'There is no such customer.', ['input', 'customerId'])
    const ticketId = newId()
    const ticket = {
      tenantId,
      id: ticketId,
      number: await takeNumbers(tx, tenantId, 1),
      subject,
      priority,
      channel: input.channel,
      customerId: customer.id,
      tags,
      externalSource: ref?.source ?? null,
      externalId: ref?.externalId ?? null,
      rank: ticketRank({ priority, createdAt: now }),
      createdAt: now,
      updatedAt: now,
    }
    const author = { fromAgent: false, authorName: customer.name ?? 'Unknown', authorEmail: customer.email }
    await tx.ticket.create({ data: ticket }).catch(alreadyImported)
    await tx.message.create({ data: { tenantId, id: newId(), ticketId, ...author, content, createdAt: now } })
    await tx.customer.updateMany({ where: { tenantId, id: customer.id }, data: { lastContactAt: now } })
    return ticketId
  })
  return tx.ticket.findFirstOrThrow({ where: { tenantId, id } })
}

function alreadyImported(error: unknown): never {
  if (violatedUnique(error)?.includes('external')) {
    refuse('ALREADY_EXISTS', 'There is a ticket with this external reference.', ['input', 'externalRef'])
  }
  throw error
}
