import { refuse } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { Agent } from '../../generated/prisma/client.ts'
import type { Db } from '../database.ts'

/** The tenant's agent; NOT_FOUND at `path` for anybody else's, and for what is no id. */
export async function findAgent(tx: Db, tenantId: string, id: string, path: string[]): Promise<Agent> {
  const agent = isUuid(id) ? await tx.agent.findFirst({ where: { tenantId, id } }) : null
  return agent ?? refuse('NOT_FOUND', 'There is no such agent.', path)
}

/**
 * The agent, if a ticket may be given to them: CONFLICT for one who was deactivated. Holds off a deactivation until the
 * transaction ends, so that no ticket stays with somebody who is gone. To be called once the ticket is locked.
 */
export async function findAssignable(tx: Db, tenantId: string, id: string, path: string[]): Promise<Agent> {
  // Locked and read in one: who waited for the lock gets the row as it then is.
  const [agent] = isUuid(id)
    ? await tx.$queryRaw<Agent[]>`
        SELECT tenant_id AS "tenantId", id, name, email, password_hash AS "passwordHash", role, status, is_active AS "isActive", capacity,
          accepts_new_tickets AS "acceptsNewTickets", skills, last_assigned_at AS "lastAssignedAt", created_at AS "createdAt"
        FROM agent WHERE tenant_id = ${tenantId}::uuid AND id = ${id}::uuid FOR SHARE`
    : []
  if (!agent) return refuse('NOT_FOUND', 'There is no such agent.', path)
  return agent.isActive ? agent : refuse('CONFLICT', `${agent.name} was deactivated.`, path)
}
