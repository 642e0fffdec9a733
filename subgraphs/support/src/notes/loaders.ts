import DataLoader from 'dataloader'
import { byKey, bySize, isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Db } from '../database.ts'
import { visibleTickets } from '../tickets/visibility.ts'
import { notePages } from './service.ts'

export const createNoteLoaders = (db: Db, viewer: Viewer) => {
  const { tenantId } = viewer
  return {
    noteById: new DataLoader(async (ids: readonly string[]) => {
      const where = { tenantId, id: { in: ids.filter(isUuid) }, ticket: visibleTickets(viewer) }
      return byKey(ids, await db.note.findMany({ where }), ({ id }) => id)
    }),
    /** First notes of many tickets at once. */
    firstNotes: bySize((ids, limit) => notePages(db, tenantId, ids, limit)),
  }
}
