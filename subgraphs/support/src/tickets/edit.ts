import { refuse } from '@quimbi/service/errors.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Ticket } from '../../generated/prisma/client.ts'
import { maySee, mayUpdate } from '../agents/permissions.ts'
import type { Db } from '../database.ts'
import { doerOf } from '../log/actors.ts'
import { changeTicket, type Changed } from './change.ts'
import type { Scene, Step, TicketPatch } from './steps.ts'

/** Which ticket a caller changes, and when. */
export type Edit = { id: string; now: Date; path?: string[] }

/** Changes a ticket for a caller who may. NOT_FOUND of what they may not see, FORBIDDEN of what is not theirs to change. */
export function editTicket(
  tx: Db,
  viewer: Viewer,
  { id, now, path = ['input', 'id'] }: Edit,
  decide: (scene: Scene) => Step[] | Promise<Step[]>,
): Promise<Changed> {
  return changeTicket(tx, { tenantId: viewer.tenantId, who: doerOf(viewer), now, id, path }, (scene) => {
    needToChange(viewer, scene.ticket, path)
    return decide(scene)
  })
}

/** Refuses a change of a ticket that the viewer may not change, at the input that names it. */
export function needToChange(viewer: Viewer, ticket: Pick<Ticket, 'assigneeId'>, path: string[]): void {
  if (!maySee(viewer, ticket)) refuse('NOT_FOUND', 'There is no such ticket.', path)
  if (!mayUpdate(viewer, ticket)) refuse('FORBIDDEN', 'Take the ticket first: it is nobody’s.', path)
}

/** What of a patch is not so already; null when nothing is. */
export function differing(ticket: Ticket, patch: TicketPatch): TicketPatch | null {
  const fields = Object.entries(patch).filter(
    ([field, value]) => JSON.stringify(ticket[field as keyof Ticket]) !== JSON.stringify(value),
  )
  return fields.length > 0 ? Object.fromEntries(fields) : null
}

/** Refuses to plan anything on a ticket that became part of another. */
export function needStanding({ mergedIntoId }: Ticket, path = ['input', 'id']): void {
  if (mergedIntoId !== null)
    refuse('INVALID_TRANSITION', 'The ticket became part of another; go on with that one.', path)
}
