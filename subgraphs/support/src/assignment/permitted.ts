import { refuse } from '@quimbi/service/errors.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import { may, maySee, mayUpdate } from '../agents/permissions.ts'

type Assigned = { assigneeId: string | null }

/** Whether the viewer may give a ticket to an agent, or (null) back: anybody's with ticket:assign, nobody's to oneself, one's own back. Pure. */
export function mayAssign(viewer: Viewer, { assigneeId }: Assigned, agentId: string | null): boolean {
  if (may(viewer, 'ticket:assign')) return true
  if (viewer.kind !== 'agent') return false
  if (agentId === null)
    return assigneeId === null || (assigneeId === viewer.agentId && mayUpdate(viewer, { assigneeId }))
  return agentId === viewer.agentId && (assigneeId === null || assigneeId === agentId) && may(viewer, 'ticket:take')
}

/** Refuses an assignment: NOT_FOUND of what the viewer may not see, FORBIDDEN of what is not theirs to give. */
export function needAssign(viewer: Viewer, ticket: Assigned, agentId: string | null): void {
  if (!maySee(viewer, ticket)) refuse('NOT_FOUND', 'There is no such ticket.', ['input', 'id'])
  if (!mayAssign(viewer, ticket, agentId)) refuse('FORBIDDEN', 'This needs the permission ticket:assign.')
}
