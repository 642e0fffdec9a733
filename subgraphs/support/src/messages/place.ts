import { refuse } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import { Prisma, type Tenant, type Ticket } from '../../generated/prisma/client.ts'
import { maySee } from '../agents/permissions.ts'
import type { Db } from '../database.ts'
import { selectTicket } from '../tickets/columns.ts'
import { visibleTickets } from '../tickets/visibility.ts'

/** Where a customer's message belongs: on a ticket, or on a new one, which may go on where an old one ended. */
export type Place = { ticketId: string; customerId: string } | { customerId: string; followUpOf: Ticket | null }

type Asked = {
  tenant: Tenant
  now: Date
  ticketId?: string | null | undefined
  customerId?: string | null | undefined
  channel: string
  /** The ticket of `ticketId`, where it is locked already: it is neither closed nor merged. */
  taken?: Ticket
  /** It shall lie somewhere and disturb nobody: any ticket will do. */
  isQuiet: boolean
}

/** Finds it. From here on until the transaction ends no other message of the customer's is placed, unless its ticket is named. */
export async function placeOf(tx: Db, viewer: Viewer, asked: Asked): Promise<Place> {
  const { tenant, now, ticketId, isQuiet } = asked
  if (!ticketId)
    return placeByCustomer(tx, viewer, { ...asked, customerId: await customerOf(tx, tenant.id, asked), from: null })
  const ticket = asked.taken ?? (await standingTicket(tx, viewer, ticketId))
  if (!maySee(viewer, ticket)) missing()
  if (asked.customerId && (await customerOf(tx, tenant.id, asked)) !== ticket.customerId)
    refuse('CONFLICT', 'The ticket is another customer’s.', ['input', 'customerId'])
  if (isQuiet || !isOver(ticket, tenant, now)) return { ticketId: ticket.id, customerId: ticket.customerId }
  return placeByCustomer(tx, viewer, { ...asked, customerId: ticket.customerId, from: ticket })
}

const isOver = ({ closedAt }: Ticket, tenant: Tenant, now: Date): boolean =>
  closedAt !== null && closedAt < windowStart(tenant, now)

const windowStart = ({ reopenWindowDays }: Tenant, now: Date): Date =>
  new Date(now.getTime() - reopenWindowDays * 86_400_000)

const columns = Prisma.raw(selectTicket)

/** The ticket of an id, or the one that it became part of. */
async function standingTicket(tx: Db, viewer: Viewer, id: string): Promise<Ticket> {
  const { tenantId } = viewer
  for (let next: string | null = id; ;) {
    const [ticket]: Ticket[] = isUuid(next)
      ? await tx.$queryRaw<
          Ticket[]
        >`SELECT ${columns} FROM ticket t WHERE tenant_id = ${tenantId}::uuid AND id = ${next}::uuid`
      : []
    if (!ticket || !maySee(viewer, ticket)) return missing()
    if (ticket.mergedIntoId === null) return ticket
    next = ticket.mergedIntoId
  }
}

const missing = () => refuse('NOT_FOUND', 'There is no such ticket.', ['input', 'ticketId'])

/** The customer of an id, or of one that was merged into them. */
async function customerOf(tx: Db, tenantId: string, { customerId }: Asked): Promise<string> {
  const path = ['input', 'customerId']
  if (!customerId) return refuse('REQUIRED', 'Without a ticket the customer is needed.', path)
  const where = { tenantId, OR: [{ id: customerId }, { aliases: { some: { id: customerId } } }] }
  const customer = isUuid(customerId) ? await tx.customer.findFirst({ where, select: { id: true } }) : null
  return customer?.id ?? refuse('NOT_FOUND', 'There is no such customer.', path)
}

async function placeByCustomer(
  tx: Db,
  viewer: Viewer,
  { tenant, now, customerId, channel, isQuiet, from }: Asked & { customerId: string; from: Ticket | null },
): Promise<Place> {
  const key = JSON.stringify([tenant.id, 'place', customerId])
  // Two first messages at once: the second sees the ticket that the first one opened.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${key}, 0))`
  const where: Prisma.TicketWhereInput = {
    tenantId: tenant.id,
    customerId,
    channel,
    mergedIntoId: null,
    ...visibleTickets(viewer),
    // A demo ticket takes no real customer's words.
    ...(!tenant.isDemo && { isDemo: false }),
  }
  const orderBy = [{ createdAt: 'desc' as const }, { id: 'asc' as const }]
  const open = await tx.ticket.findFirst({ where: { ...where, status: { not: 'CLOSED' } }, orderBy })
  if (open) return { ticketId: open.id, customerId }
  const closed = await tx.ticket.findFirst({ where, orderBy: [{ closedAt: 'desc' }, { id: 'asc' }] })
  if (closed && (isQuiet || !isOver(closed, tenant, now))) return { ticketId: closed.id, customerId }
  return { customerId, followUpOf: from ?? closed }
}
