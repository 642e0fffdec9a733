import { encodeCursor } from '@quimbi/service/cursors.ts'
import { codedError } from '@quimbi/service/errors.ts'
import { connection, pageSize, type Connection, type PageRequest } from '@quimbi/service/pagination.ts'
import { isStorable, placeOf } from '@quimbi/service/places.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import { Prisma, type Ticket } from '../../generated/prisma/client.ts'
import type { Db } from '../database.ts'
import { filterSql } from '../scoring/inbox-sql.ts'
import { selectTicket } from '../tickets/columns.ts'
import type { TicketFilter } from '../tickets/filter.ts'
import { confinedTo } from '../tickets/visibility.ts'
import { highlight } from './highlight.ts'

type Optional<T> = T | null | undefined

export type SearchRequest = PageRequest & { query: string; filter?: Optional<TicketFilter> }

/** Why a ticket was found. `rank`: the better the higher. */
type Found = {
  foundRank: number
  source: 'NUMBER' | 'ORDER' | 'CUSTOMER' | 'SUBJECT' | 'MESSAGE'
  messageId: string | null
}
type FoundTicket = Ticket & Found
type SearchEdge = { node: Ticket; cursor: string; highlight: string; rank: number }

export type SearchPage = Omit<Connection<Ticket>, 'edges'> & { edges: SearchEdge[] }

const maxQuery = 200
/** Of more tickets with these words only the best are looked at; a filter then picks among them. */
const most = 10_000

const { sql } = Prisma
const columns = Prisma.raw(selectTicket)

/**
 * Tickets that a query of 1 to 200 characters means, best first, that pass the filter and the viewer may see: see app.search_tickets for what
 * is looked through, and in which order. BAD_USER_INPUT for an empty or too long query.
 */
export async function searchTickets(db: Db, viewer: Viewer, request: SearchRequest): Promise<SearchPage> {
  const query = queryOf(request.query)
  const size = pageSize(request.first, { default: 20 })
  const place = placeOf(request.after, 'number')
  const after = place
    ? sql`(found_rank < ${place[0]}::float8 OR (found_rank = ${place[0]}::float8 AND t.id > ${place[1]}::uuid))`
    : sql`TRUE`
  const rows = await db.$queryRaw<FoundTicket[]>`
    SELECT ${columns}, found_rank AS "foundRank", source, message_id AS "messageId"
    FROM app.search_tickets(${query}, ${most}::int) AS found
    JOIN ticket t ON t.tenant_id = ${viewer.tenantId}::uuid AND t.id = found.ticket_id
    WHERE ${visibleSql(viewer)} AND ${filterSql(request.filter ?? {})} AND ${after}
    ORDER BY found_rank DESC, t.id LIMIT ${size + 1}`
  const cursorOf = ({ foundRank, id }: FoundTicket): string => encodeCursor([foundRank, id])
  const { edges, ...page } = connection(rows, size, cursorOf, request)
  const textOf = await matchedTexts(db, viewer.tenantId, page.nodes)
  return {
    ...page,
    edges: edges.map(({ node, cursor }) => ({
      node,
      cursor,
      rank: node.foundRank,
      highlight: highlight(textOf(node), query),
    })),
  }
}

function queryOf(given: string): string {
  const query = given.trim()
  if (query === '') throw codedError('BAD_USER_INPUT', 'query must not be empty.')
  if (query.length > maxQuery) throw codedError('BAD_USER_INPUT', `query has at most ${maxQuery} characters.`)
  if (!isStorable(query)) throw codedError('BAD_USER_INPUT', 'query contains U+0000.')
  return query.toWellFormed()
}

function visibleSql(viewer: Viewer): Prisma.Sql {
  if (viewer.kind === 'partner') return sql`FALSE`
  const agentId = confinedTo(viewer)
  return agentId === null ? sql`TRUE` : sql`(t.assignee_id = ${agentId}::uuid OR t.assignee_id IS NULL)`
}

/** What of each ticket has the words; one statement for all the messages, one for all the customers. */
async function matchedTexts(
  db: Db,
  tenantId: string,
  found: readonly FoundTicket[],
): Promise<(ticket: FoundTicket) => string> {
  const messageIds = found.flatMap(({ messageId }) => messageId ?? [])
  const customerIds = found.flatMap(({ source, customerId }) => (source === 'CUSTOMER' ? customerId : []))
  const messages =
    messageIds.length === 0
      ? []
      : await db.message.findMany({ where: { tenantId, id: { in: messageIds } }, select: { id: true, content: true } })
  const customers =
    customerIds.length === 0 ? [] : await db.customer.findMany({ where: { tenantId, id: { in: customerIds } } })
  const said = new Map(messages.map(({ id, content }) => [id, content]))
  const who = new Map(
    customers.map(({ id, name, email, phone }) => [id, [name, email, phone].filter((one) => one !== null).join(' · ')]),
  )
  return ({ source, subject, number, orderNumbers, customerId, messageId }) => {
    if (source === 'NUMBER') return `#${number} ${subject}`
    if (source === 'ORDER') return `${orderNumbers.join(', ')} · ${subject}`
    if (source === 'CUSTOMER') return who.get(customerId) ?? subject
    return (messageId !== null && said.get(messageId)) || subject
  }
}
