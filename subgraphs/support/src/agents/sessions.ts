import type { AgentRole, AgentViewer } from '@quimbi/service/viewer.ts'
import { publish } from '@quimbi/events/outbox.ts'
import type { Prisma } from '../../generated/prisma/client.ts'
import type { Db } from '../database.ts'

/** The agent's role now, and how far the tenant's clock was moved, if the session is neither revoked nor over and the agent still active; else null. */
export async function currentSession(
  db: Db,
  viewer: AgentViewer,
  now: Date,
): Promise<{ role: AgentRole; clockOffsetSeconds: number } | null> {
  // One indexed statement a request: what makes a logout take effect at once.
  const [row] = await db.$queryRaw<{ role: AgentRole; clockOffsetSeconds: number }[]>`
    SELECT a.role, (SELECT clock_offset_seconds FROM tenant WHERE id = a.tenant_id) AS "clockOffsetSeconds" FROM agent_session s JOIN agent a ON a.tenant_id = s.tenant_id AND a.id = s.agent_id
    WHERE s.tenant_id = ${viewer.tenantId}::uuid AND s.id = ${viewer.sessionId}::uuid AND a.id = ${viewer.agentId}::uuid
      AND s.revoked_at IS NULL AND s.expires_at > ${now}::timestamptz AND a.is_active`
  return row ?? null
}

/** Ends a session. Idempotent. Intelligence learns of it by event. */
export const revokeSession = (tx: Db, { tenantId, sessionId }: AgentViewer, now: Date): Promise<void> =>
  revoke(tx, { tenantId, id: sessionId }, now)

/** Ends all sessions of an agent, but one if it is named. */
export const revokeSessionsOf = (
  tx: Db,
  { tenantId, agentId, except }: { tenantId: string; agentId: string; except?: string },
  now: Date,
): Promise<void> => revoke(tx, { tenantId, agentId, ...(except !== undefined && { id: { not: except } }) }, now)

async function revoke(tx: Db, which: Prisma.AgentSessionWhereInput & { tenantId: string }, now: Date): Promise<void> {
  const { tenantId } = which
  const ended = await tx.agentSession.updateManyAndReturn({
    where: { ...which, revokedAt: null },
    data: { revokedAt: now },
  })
  const events = ended.map(({ id: sessionId, expiresAt }) => ({
    tenantId,
    type: 'session.revoked' as const,
    occurredAt: now,
    payload: { sessionId, expiresAt },
  }))
  await publish(tx, events)
}

/** Deletes sessions that have been over for a week; returns how many. */
export async function purgeSessions(system: Db, now: Date): Promise<number> {
  const weekAgo = new Date(now.getTime() - 7 * 86_400_000)
  const { count } = await system.agentSession.deleteMany({ where: { expiresAt: { lt: weekAgo } } })
  return count
}
