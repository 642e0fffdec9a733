import DataLoader from 'dataloader'
import { byKey, isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Db } from '../database.ts'
import { visibleTickets } from '../tickets/visibility.ts'

/** Batches queues, and what waits in them. */
export function createQueueLoaders(db: Db, viewer: Viewer) {
  const { tenantId } = viewer
  return {
    queueById: new DataLoader(async (ids: readonly string[]) => {
      const where = { tenantId, id: { in: ids.filter(isUuid) } }
      return byKey(ids, await db.queue.findMany({ where }), ({ id }) => id)
    }),
    openTicketsInQueue: new DataLoader(async (ids: readonly string[]) => {
      const where = { tenantId, queueId: { in: ids.filter(isUuid) }, status: 'OPEN', ...visibleTickets(viewer) }
      const counts = await db.ticket.groupBy({ by: ['queueId'], where, _count: true })
      return byKey(ids, counts, ({ queueId }) => queueId ?? '').map((row) => row?._count ?? 0)
    }),
  }
}
