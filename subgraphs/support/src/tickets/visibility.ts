import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Prisma } from '../../generated/prisma/client.ts'

/** The agent to whose tickets, and nobody's, a viewer is confined; null for every other role and our services. */
export const confinedTo = (viewer: Viewer): string | null =>
  viewer.kind === 'agent' && viewer.role === 'AGENT' ? viewer.agentId : null

/** Which tickets a viewer may see: an AGENT their own and unassigned ones, every other role and our services all. */
export function visibleTickets(viewer: Viewer): Prisma.TicketWhereInput {
  if (viewer.kind === 'partner') return { id: { in: [] } }
  const agentId = confinedTo(viewer)
  return agentId === null ? {} : { OR: [{ assigneeId: agentId }, { assigneeId: null }] }
}
