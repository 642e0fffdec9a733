import { refuse } from '@quimbi/service/errors.ts'
import { agentRoles, type AgentRole, type Viewer } from '@quimbi/service/viewer.ts'
import type { Agent } from '../../generated/prisma/client.ts'
import type { Db } from '../database.ts'

const authority = (role: AgentRole): number => agentRoles.indexOf(role)

/** Whether somebody may add, promote to, or end a role: a manager those below their own, an administrator any. */
export function mayAppoint(viewer: Viewer, role: AgentRole): boolean {
  if (viewer.kind === 'service') return true
  if (viewer.kind === 'partner') return false
  return viewer.role === 'ADMIN' || (viewer.role === 'MANAGER' && authority(role) < authority('MANAGER'))
}

/** Refuses what would leave nobody who may do everything. Waits for whoever changes an administrator just now. */
export async function keepAnAdmin(tx: Db, { tenantId, id, role, isActive }: Agent): Promise<void> {
  if (role !== 'ADMIN' || !isActive) return
  // Two administrators who demote each other at once: the second one sees the first one's change.
  const left = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM agent WHERE tenant_id = ${tenantId}::uuid AND role = 'ADMIN' AND is_active ORDER BY id FOR NO KEY UPDATE`
  if (!left.some((admin) => admin.id !== id)) refuse('CONFLICT', 'The last active administrator stays one.', ['input'])
}
