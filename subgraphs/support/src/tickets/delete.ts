import { refuse } from '@quimbi/service/errors.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import { maySee, need } from '../agents/permissions.ts'
import type { Db } from '../database.ts'
import { doerOf } from '../log/actors.ts'
import { changeTicket, changeTickets } from './change.ts'

export type Deleted = { deletedId: string; eventId: string | null }

/**
 * Removes a ticket with all that hangs on it. Its entries stay in the log, under its id; the last one tells that it was
 * deleted and holds no content. Tickets that were merged into it stand alone again, closed.
 */
export async function deleteTicket(tx: Db, viewer: Viewer, { id }: { id: string }, now: Date): Promise<Deleted> {
  need(viewer, 'ticket:delete')
  const { tenantId } = viewer
  const call = { tenantId, who: doerOf(viewer), now }
  const { ticket, eventId } = await changeTicket(tx, { ...call, id }, (scene) => {
    if (!maySee(viewer, scene.ticket)) refuse('NOT_FOUND', 'There is no such ticket.', ['input', 'id'])
    return [{ type: 'TICKET_DELETED' }]
  })
  await letGo(tx, call, ticket.id)
  await tx.ruleFiring.deleteMany({ where: { tenantId, ticketId: ticket.id } })
  await tx.notification.deleteMany({ where: { tenantId, ticketId: ticket.id } })
  await tx.ticket.deleteMany({ where: { tenantId, id: ticket.id } })
  return { deletedId: ticket.id, eventId }
}

async function letGo(tx: Db, call: { tenantId: string; who: ReturnType<typeof doerOf>; now: Date }, id: string) {
  const where = { tenantId: call.tenantId, mergedIntoId: id }
  const merged = await tx.ticket.findMany({ where, select: { id: true } })
  if (merged.length === 0) return
  const reason = 'The ticket that it was part of was deleted.'
  await changeTickets(tx, { ...call, ids: merged.map((ticket) => ticket.id) }, () => [
    { type: 'TICKET_UPDATED', set: { mergedIntoId: null }, reason },
  ])
}
