import { RetryTransaction } from '@quimbi/database/outcomes.ts'
import { refuse } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Message } from '../../generated/prisma/client.ts'
import { may } from '../agents/permissions.ts'
import type { Db } from '../database.ts'
import { doerOf } from '../log/actors.ts'
import { changeTicket } from '../tickets/change.ts'
import type { Scene, Step } from '../tickets/steps.ts'
import { visibleTickets } from '../tickets/visibility.ts'

/** A message after a change of it. */
export type Said = {
  message: Message
  /** The last event written; null when nothing changed. */
  eventId: string | null
}

/** Changes one message with its ticket locked. NOT_FOUND if the viewer may not see the ticket. */
export async function changeMessage(
  tx: Db,
  viewer: Viewer,
  id: string,
  now: Date,
  decide: (message: Message, scene: Scene) => Promise<Step[]>,
): Promise<Said> {
  const { tenantId } = viewer
  const where = { tenantId, id, ticket: visibleTickets(viewer) }
  const found = isUuid(id) ? await tx.message.findFirst({ where, select: { ticketId: true } }) : null
  if (!found) return refuse('NOT_FOUND', 'There is no such message.', ['input', 'id'])
  const call = { tenantId, who: doerOf(viewer), now, id: found.ticketId }
  const { eventId } = await changeTicket(tx, call, async (scene) => {
    const message = await tx.message.findFirst({ where })
    // A merge or a split moved it, or the ticket was handed over, between the look and the lock.
    if (message?.ticketId !== found.ticketId) throw new RetryTransaction('The message was just moved.')
    return decide(message, scene)
  })
  return { message: await tx.message.findFirstOrThrow({ where: { tenantId, id } }), eventId }
}

export const isAuthor = (viewer: Viewer, { authorAgentId }: Message): boolean =>
  viewer.kind === 'agent' && authorAgentId === viewer.agentId

/** Refuses to touch a colleague's message, unless the viewer may change all tickets. */
export function needAuthor(viewer: Viewer, message: Message): void {
  if (!isAuthor(viewer, message) && !may(viewer, 'ticket:update_all'))
    refuse('FORBIDDEN', 'The message is a colleague’s.', ['input', 'id'])
}
