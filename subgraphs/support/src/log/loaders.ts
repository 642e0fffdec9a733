import { bySize, groupBy } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Db } from '../database.ts'
import { firstEntries } from './entries.ts'

export function createLogLoaders(db: Db, { tenantId }: Viewer) {
  return {
    /** First log entries of many tickets at once. */
    firstEntries: bySize(async (ids, limit) =>
      groupBy(ids, await firstEntries(db, tenantId, ids, { after: 0n, limit }), ({ ticketId }) => ticketId),
    ),
  }
}
