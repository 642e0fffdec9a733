import DataLoader from 'dataloader'
import { byKey, bySize, groupBy, isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Db } from '../database.ts'
import { visibleTickets } from '../tickets/visibility.ts'
import { firstMessages, lastMessages } from './service.ts'

export function createMessageLoaders(db: Db, viewer: Viewer) {
  const { tenantId } = viewer
  return {
    messageById: new DataLoader(async (ids: readonly string[]) => {
      const where = { tenantId, id: { in: ids.filter(isUuid) }, ticket: visibleTickets(viewer) }
      return byKey(ids, await db.message.findMany({ where }), ({ id }) => id)
    }),
    lastMessageByTicket: new DataLoader((ids: readonly string[]) => lastMessages(db, tenantId, ids)),
    /** First messages of many tickets at once. */
    firstMessages: bySize((ids, limit) => firstMessages(db, tenantId, ids, limit)),
    /** The files of messages that were loaded, and so may be seen. */
    attachmentsByMessage: new DataLoader(async (ids: readonly string[]) => {
      const links = await db.messageAttachment.findMany({
        where: { tenantId, messageId: { in: [...ids] } },
        include: { attachment: true },
        orderBy: [{ attachment: { createdAt: 'asc' } }, { attachmentId: 'asc' }],
      })
      const groups = groupBy(ids, links, ({ messageId }) => messageId)
      return groups.map((group) => group.map(({ attachment }) => attachment))
    }),
  }
}
