import { refuse } from '@quimbi/service/errors.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'

/**
 * Keys open the door to strangers: managers look after them, and Intelligence's own commands. No other service does, whatever it signs.
 * @throws UserErrors FORBIDDEN
 */
export function requireManager(viewer: Viewer): void {
  if (viewer.kind === 'service' && viewer.service === 'intelligence') return
  if (viewer.kind === 'agent' && (viewer.role === 'MANAGER' || viewer.role === 'ADMIN')) return
  refuse('FORBIDDEN', 'Only managers may look after API keys.')
}
