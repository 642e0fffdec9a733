import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Prisma } from '../../generated/prisma/client.ts'

/** Which tickets a viewer may see: an AGENT their own and unassigned ones, every other role and our services all. */
export function visibleTickets(viewer: Viewer): Prisma.TicketWhereInput {
  if (viewer.kind === 'partner') return { id: { in: [] } }
  if (viewer.kind === 'service' || viewer.role !== 'AGENT') return {}
  return { OR: [{ assigneeId: viewer.agentId }, { assigneeId: null }] }
}
