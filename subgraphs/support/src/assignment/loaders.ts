import DataLoader from 'dataloader'
import { groupBy } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Db } from '../database.ts'

/** Who had a ticket. */
export const createAssignmentLoaders = (db: Db, { tenantId }: Viewer) => ({
  assignmentsByTicket: new DataLoader(async (ids: readonly string[]) => {
    const where = { tenantId, ticketId: { in: [...ids] } }
    // The id settles what happened within a millisecond: ids rise with time.
    const rows = await db.assignment.findMany({ where, orderBy: [{ assignedAt: 'desc' }, { id: 'desc' }] })
    return groupBy(ids, rows, ({ ticketId }) => ticketId)
  }),
})
