import { refuse } from '@quimbi/service/errors.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'

/** @throws UserErrors FORBIDDEN for agents who are no managers, and for partners */
export function requireManager(viewer: Viewer): void {
  if (viewer.kind === 'service') return
  if (viewer.kind === 'agent' && (viewer.role === 'MANAGER' || viewer.role === 'ADMIN')) return
  refuse('FORBIDDEN', 'Only managers may look after models.')
}
