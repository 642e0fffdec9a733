import type { AgentRole, AgentViewer } from '@quimbi/service/viewer.ts'
import { publish } from '@quimbi/events/outbox.ts'
import type { Db } from '../database.ts'

/** The agent's role now, if the session is neither revoked nor over and the agent still active; else null. */
export async function currentSession(db: Db, viewer: AgentViewer, now: Date): Promise<{ role: AgentRole } | null> {
  // One indexed statement a request: what makes a logout take effect at once.
  const [row] = await db.$queryRaw<{ role: AgentRole }[]>`
    SELECT a.role FROM agent_session s JOIN agent a ON a.tenant_id = s.tenant_id AND a.id = s.agent_id
    WHERE s.tenant_id = ${viewer.tenantId}::uuid AND s.id = ${viewer.sessionId}::uuid AND a.id = ${viewer.agentId}::uuid
      AND s.revoked_at IS NULL AND s.expires_at > ${now}::timestamptz AND a.is_active`
  return row ?? null
}

/** Ends a session. Idempotent. Intelligence learns of it by event. */
export async function revokeSession(tx: Db, { tenantId, sessionId }: AgentViewer, now: Date): Promise<void> {
  const where = { tenantId, id: sessionId, revokedAt: null }
  const session = await tx.agentSession.findFirst({ where })
  if (!session) return
  await tx.agentSession.updateMany({ where, data: { revokedAt: now } })
  const payload = { sessionId, expiresAt: session.expiresAt }
  await publish(tx, [{ tenantId, type: 'session.revoked', occurredAt: now, payload }])
}

/** Deletes sessions that have been over for a week; returns how many. */
export async function purgeSessions(system: Db, now: Date): Promise<number> {
  const weekAgo = new Date(now.getTime() - 7 * 86_400_000)
  const { count } = await system.agentSession.deleteMany({ where: { expiresAt: { lt: weekAgo } } })
  return count
}
