import DataLoader from 'dataloader'
import { byKey, isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Db } from '../database.ts'

/** Batches the answers of many tickets. */
export const createSatisfactionLoaders = (db: Db, { tenantId }: Viewer) => ({
  satisfactionByTicket: new DataLoader(async (ids: readonly string[]) => {
    const rows = await db.satisfaction.findMany({ where: { tenantId, ticketId: { in: ids.filter(isUuid) } } })
    return byKey(ids, rows, ({ ticketId }) => ticketId)
  }),
})
