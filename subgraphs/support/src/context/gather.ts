import { groupBy } from '@quimbi/service/loaders.ts'
import type { Policy, Ticket } from '../../generated/prisma/client.ts'
import { isVip } from '../insight/vip.ts'
import type { Db } from '../database.ts'
import type { Loaders } from '../loaders.ts'
import { encodeRevision } from '../tickets/revision.ts'

/** So many of the newest messages, and so many of the customer's other tickets, are told. */
const mostTurns = 50
const mostPastTickets = 10

export type Turn = { messageId: string; fromAgent: boolean; content: string; createdAt: Date }

export type PastTicketRow = Pick<Ticket, 'id' | 'subject' | 'category' | 'resolution' | 'closedAt'> & {
  customerId: string
  satisfaction: number | null
}

/** What was said on each ticket, oldest first, without what was deleted or recalled and without what no person wrote. */
export async function turnsOf(db: Db, tenantId: string, ticketIds: readonly string[]): Promise<Turn[][]> {
  const rows = await db.$queryRaw<(Turn & { ticketId: string })[]>`
    SELECT m.id AS "messageId", m.ticket_id AS "ticketId", m.from_agent AS "fromAgent", m.content, m.created_at AS "createdAt"
    FROM unnest(${[...ticketIds]}::uuid[]) AS wanted (ticket_id) CROSS JOIN LATERAL (
      SELECT * FROM message WHERE tenant_id = ${tenantId}::uuid AND ticket_id = wanted.ticket_id
        AND deleted_at IS NULL AND NOT is_automatic
      ORDER BY created_at DESC, id DESC LIMIT ${mostTurns}
    ) AS m ORDER BY m.created_at, m.id`
  return groupBy(ticketIds, rows, ({ ticketId }) => ticketId)
}

/** The newest tickets of each customer that were closed, with how they ended. */
export async function pastTicketsOf(
  db: Db,
  tenantId: string,
  customerIds: readonly string[],
): Promise<PastTicketRow[][]> {
  const rows = await db.$queryRaw<PastTicketRow[]>`
    SELECT t.id, t.customer_id AS "customerId", t.subject, t.category, t.resolution, t.closed_at AS "closedAt", s.score AS satisfaction
    FROM unnest(${[...customerIds]}::uuid[]) AS wanted (customer_id) CROSS JOIN LATERAL (
      SELECT * FROM ticket WHERE tenant_id = ${tenantId}::uuid AND customer_id = wanted.customer_id
        AND status = 'CLOSED' AND merged_into_id IS NULL
      ORDER BY created_at DESC, id LIMIT ${mostPastTickets + 1}
    ) AS t LEFT JOIN satisfaction s ON s.tenant_id = ${tenantId}::uuid AND s.ticket_id = t.id
    ORDER BY t.created_at DESC, t.id`
  return groupBy(customerIds, rows, ({ customerId }) => customerId)
}

/** Policies in force. */
export const activePolicies = (db: Db, tenantId: string): Promise<Policy[]> =>
  db.policy.findMany({
    where: { tenantId, isActive: true },
    orderBy: [{ kind: 'asc' }, { name: 'asc' }, { id: 'asc' }],
  })

export type GatheredContext = Awaited<ReturnType<typeof conversationContext>>

/** All that a model is given of a conversation; batched over the tickets of a request. */
export async function conversationContext(ticket: Ticket, loaders: Loaders) {
  const [tenant, customer, assignee, turns, past, policies] = await Promise.all([
    loaders.tenantById.load(ticket.tenantId),
    loaders.customerById.load(ticket.customerId),
    ticket.assigneeId ? loaders.agentById.load(ticket.assigneeId) : null,
    loaders.turnsByTicket.load(ticket.id),
    loaders.pastTicketsByCustomer.load(ticket.customerId),
    loaders.activePolicies.load(ticket.tenantId),
  ])
  return {
    subject: ticket.subject,
    channel: ticket.channel,
    priority: ticket.priority,
    sentiment: ticket.sentiment,
    customerName: customer.name ?? '',
    isVip: isVip(customer, tenant),
    locale: customer.locale ?? tenant.locale,
    agentName: assignee?.name ?? null,
    brand: tenant.brand ?? tenant.name,
    signature: tenant.signature,
    policies: policies.map(({ id, kind, text, maxCompensation, maxDiscountPercent }) => ({
      id,
      kind,
      text,
      maxCompensation: maxCompensation?.toFixed() ?? null,
      maxDiscountPercent,
    })),
    turns,
    pastTickets: past.filter(({ id }) => id !== ticket.id).slice(0, mostPastTickets),
    revision: encodeRevision(ticket.revision),
  }
}
