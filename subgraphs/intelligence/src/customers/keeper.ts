import { refuse } from '@quimbi/service/errors.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import { requireScope } from '../keys/service.ts'

/** Refuses who may not merge or erase customers: agents below admins, partners who may not send anything either. */
export function requireKeeper(viewer: Viewer): void {
  requireScope(viewer, 'ingest')
  if (viewer.kind === 'agent' && viewer.role !== 'ADMIN')
    refuse('FORBIDDEN', 'Only admins may merge or erase what is known of customers.')
}
