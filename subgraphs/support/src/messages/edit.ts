import { refuse } from '@quimbi/service/errors.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Message } from '../../generated/prisma/client.ts'
import { need } from '../agents/permissions.ts'
import type { Db } from '../database.ts'
import type { Scene, Step } from '../tickets/steps.ts'
import { changeMessage, isAuthor, type Said } from './at-hand.ts'
import { outboundContentOf } from './content.ts'
import { recall } from './recall.ts'

/** Changes the text of one's own message while it is held. INVALID_TRANSITION for what is on its way, or was said by others. */
export const editMessage = (tx: Db, viewer: Viewer, input: { id: string; content: string }, now: Date): Promise<Said> =>
  changeMessage(tx, viewer, input.id, now, async (message, { ticket }) => {
    const { tenantId, id } = message
    if (!message.fromAgent) refuse('INVALID_TRANSITION', 'What a customer said stays as it was said.', ['input', 'id'])
    if (!isAuthor(viewer, message)) refuse('FORBIDDEN', 'The message is a colleague’s.', ['input', 'id'])
    const content = outboundContentOf(input.content, message.channel ?? ticket.channel)
    const { count } = await tx.message.updateMany({
      where: { tenantId, id, deliveryStatus: 'HELD', undoUntil: { gt: now } },
      data: content === message.content ? {} : { content, editedAt: now },
    })
    if (count === 0) refuse('INVALID_TRANSITION', 'It is too late: the message is no longer held.', ['input', 'id'])
    if (content === message.content) return []
    const changes = [{ field: 'content', from: message.content, to: content }]
    return [{ type: 'MESSAGE_EDITED', messageId: id, changes, set: { revision: ticket.revision + 1 } }]
  })

/**
 * Removes what a message says, and its files; it stays listed, empty, so that pages do not shift. One that is still held is recalled
 * instead. INVALID_TRANSITION for one that is on its way.
 */
export const deleteMessage = (tx: Db, viewer: Viewer, id: string, now: Date): Promise<Said> =>
  changeMessage(tx, viewer, id, now, (message, scene) =>
    message.deliveryStatus === 'HELD' ? recall(tx, viewer, message, scene) : empty(tx, viewer, message, scene),
  )

async function empty(
  tx: Db,
  viewer: Viewer,
  { tenantId, id, content }: Message,
  { ticket, now }: Scene,
): Promise<Step[]> {
  need(viewer, 'ticket:delete')
  const { count: fileCount } = await tx.messageAttachment.deleteMany({ where: { tenantId, messageId: id } })
  if (content === '' && fileCount === 0) return []
  // Not while it is going out: what arrives would be empty.
  const isStill = { OR: [{ deliveryStatus: null }, { deliveryStatus: { in: ['SENT', 'FAILED', 'RECALLED'] } }] }
  const { count } = await tx.message.updateMany({
    where: { tenantId, id, ...isStill },
    data: { content: '', contentHtml: null, deletedAt: now, editedAt: now },
  })
  if (count === 0)
    refuse('INVALID_TRANSITION', 'The message is on its way: delete it once it is sent.', ['input', 'id'])
  return [{ type: 'MESSAGE_DELETED', messageId: id, set: { revision: ticket.revision + 1 } }]
}
