import type { Viewer } from '@quimbi/service/viewer.ts'
import { need } from '../agents/permissions.ts'
import { recordAudit } from '../audit/record.ts'
import type { Db } from '../database.ts'
import { doerOf } from '../log/actors.ts'
import { deleteTicket } from '../tickets/delete.ts'

/** Removes all demo tickets of the tenant, and nothing else. Answers with the tenant's id. */
export async function clearDemoData(tx: Db, viewer: Viewer, now: Date): Promise<{ deletedId: string }> {
  need(viewer, 'ticket:delete')
  const { tenantId } = viewer
  const tickets = await tx.ticket.findMany({
    where: { tenantId, isDemo: true },
    select: { id: true },
    orderBy: { id: 'asc' },
  })
  for (const { id } of tickets) await deleteTicket(tx, viewer, { id }, now)
  if (tickets.length > 0) {
    const changes = [{ field: 'demoTickets', from: tickets.length, to: 0 }]
    const subject = { subjectType: 'tenant', subjectId: tenantId }
    await recordAudit(tx, { tenantId, who: doerOf(viewer), now, action: 'demo.cleared', ...subject, changes })
  }
  return { deletedId: tenantId }
}
