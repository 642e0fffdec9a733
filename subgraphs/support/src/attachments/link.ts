import { refuse } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Db } from '../database.ts'

const maxFiles = 20

/**
 * Puts uploaded files on a message. One may send what one uploaded, or what the same ticket holds already; our services
 * what nobody sent yet. NOT_FOUND for anything else, INVALID for a file whose bytes are not here.
 */
export async function linkAttachments(
  tx: Db,
  viewer: Viewer,
  { messageId, ticketId, ids }: { messageId: string; ticketId: string; ids: readonly string[] },
): Promise<void> {
  const path = ['input', 'attachmentIds']
  const wanted = [...new Set(ids.map((id) => id.toLowerCase()))]
  if (wanted.length === 0) return
  if (wanted.length > maxFiles) refuse('LIMIT_EXCEEDED', `At most ${maxFiles} files.`, path)
  const { tenantId } = viewer
  const files = await tx.attachment.findMany({
    where: { tenantId, id: { in: wanted.filter(isUuid) } },
    include: { messages: { select: { message: { select: { ticketId: true } } } } },
  })
  const mine = files.filter(({ uploadedBy, messages }) => {
    const isOwn = viewer.kind === 'agent' ? uploadedBy === viewer.agentId : messages.length === 0
    return isOwn || messages.some(({ message }) => message.ticketId === ticketId)
  })
  if (mine.length < wanted.length) refuse('NOT_FOUND', 'There is no such file, or it is not yours to send.', path)
  if (mine.some(({ uploadedAt }) => uploadedAt === null)) refuse('INVALID', 'Upload the file first.', path)
  await tx.messageAttachment.createMany({
    data: wanted.map((attachmentId) => ({ tenantId, messageId, attachmentId })),
    skipDuplicates: true,
  })
}
