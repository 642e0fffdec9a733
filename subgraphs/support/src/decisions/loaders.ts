import DataLoader from 'dataloader'
import { groupBy, isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Db } from '../database.ts'

export function createDecisionLoaders(db: Db, { tenantId }: Viewer) {
  return {
    /** What was decided automatically on tickets, newest first. */
    decisionsByTicket: new DataLoader(async (ids: readonly string[]) => {
      const where = { tenantId, ticketId: { in: ids.filter(isUuid) } }
      const rows = await db.decision.findMany({ where, orderBy: [{ madeAt: 'desc' }, { id: 'desc' }] })
      return groupBy(ids, rows, ({ ticketId }) => ticketId)
    }),
  }
}
