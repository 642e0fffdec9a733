import { refuse } from '@quimbi/service/errors.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import { requireScope } from '../keys/service.ts'

/** Whose webhooks the viewer sees and changes: managers all of the tenant's, a partner those that its own key made. FORBIDDEN for others. */
export function ownWebhooks(viewer: Viewer): { tenantId: string; keyId?: string } {
  const { tenantId } = viewer
  if (viewer.kind === 'partner') {
    requireScope(viewer, 'insight:read')
    return { tenantId, keyId: viewer.keyId }
  }
  if (viewer.kind === 'agent' && (viewer.role === 'MANAGER' || viewer.role === 'ADMIN')) return { tenantId }
  return refuse('FORBIDDEN', 'Only managers see and change webhooks.')
}
