import { refuse } from '@quimbi/service/errors.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Message } from '../../generated/prisma/client.ts'
import type { Db } from '../database.ts'
import type { Scene, Step } from '../tickets/steps.ts'
import { changeMessage, needAuthor, type Said } from './at-hand.ts'
import { recalledSteps, type Standing } from './steps.ts'

/**
 * Takes back a message that is still held, as if it had never been sent; agents still see it, as recalled.
 * INVALID_TRANSITION once it is on its way.
 */
export const recallMessage = (tx: Db, viewer: Viewer, id: string, now: Date): Promise<Said> =>
  changeMessage(tx, viewer, id, now, (message, scene) => recall(tx, viewer, message, scene))

export async function recall(tx: Db, viewer: Viewer, message: Message, { ticket, now }: Scene): Promise<Step[]> {
  needAuthor(viewer, message)
  const { tenantId, id } = message
  // Compared and set in one: of a recall and a delivery at once, the one that writes the row first wins.
  const { count } = await tx.message.updateMany({
    where: { tenantId, id, deliveryStatus: 'HELD', undoUntil: { gt: now } },
    data: { deliveryStatus: 'RECALLED', deletedAt: now, nextAttemptAt: null },
  })
  if (count === 0) refuse('INVALID_TRANSITION', 'It is too late: the message is no longer held.', ['input', 'id'])
  return recalledSteps(ticket, { message, now, standing: await standingOf(tx, tenantId, ticket.id) })
}

type StandingRow = { waitingSince: Date | null; firstRepliedAt: Date | null }

/** What a conversation's messages say of it: the oldest unanswered one, and the first answer. Automatic ones count for neither. */
async function standingOf(tx: Db, tenantId: string, ticketId: string): Promise<Standing> {
  const [row] = await tx.$queryRaw<StandingRow[]>`
    WITH said AS (
      SELECT created_at, id, from_agent FROM message
      WHERE tenant_id = ${tenantId}::uuid AND ticket_id = ${ticketId}::uuid
        AND NOT is_automatic AND delivery_status IS DISTINCT FROM 'RECALLED'
    ), answer AS (SELECT created_at, id FROM said WHERE from_agent ORDER BY created_at DESC, id DESC LIMIT 1)
    SELECT
      (SELECT min(created_at) FROM said WHERE NOT from_agent
        AND NOT EXISTS (SELECT FROM answer WHERE (answer.created_at, answer.id) > (said.created_at, said.id))) AS "waitingSince",
      (SELECT min(created_at) FROM said WHERE from_agent) AS "firstRepliedAt"`
  return row ?? { waitingSince: null, firstRepliedAt: null }
}
