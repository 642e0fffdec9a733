import DataLoader from 'dataloader'
import { bySize, groupBy, isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Db } from '../database.ts'
import { similarTicketIds } from './similar.ts'

/** Batches what hangs on tickets. */
export function createTicketLoaders(db: Db, viewer: Viewer) {
  const { tenantId } = viewer
  return {
    actionItemsByTicket: new DataLoader(async (ids: readonly string[]) => {
      const where = { tenantId, ticketId: { in: ids.filter(isUuid) } }
      const rows = await db.actionItem.findMany({ where, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] })
      return groupBy(ids, rows, ({ ticketId }) => ticketId)
    }),
    /** Earlier tickets like these, by id. */
    similarTicketIds: bySize((ids, limit) => similarTicketIds(db, viewer, ids, limit)),
  }
}
