import type { EventOf } from '@quimbi/events/topics.ts'
import type { AgentViewer } from '@quimbi/service/viewer.ts'
import type { Db } from '../database.ts'

/** Whether Support has ended the session that a token belongs to. */
export async function isRevoked(db: Db, { tenantId, sessionId }: AgentViewer): Promise<boolean> {
  return (await db.revokedSession.findFirst({ where: { tenantId, sessionId }, select: { sessionId: true } })) !== null
}

/** Notes sessions that Support ended. Idempotent. */
export async function recordRevokedSessions(tx: Db, events: readonly EventOf<'session.revoked'>[]): Promise<void> {
  await tx.revokedSession.createMany({
    data: events.map(({ tenantId, payload }) => ({ tenantId, ...payload })),
    skipDuplicates: true,
  })
}

/** Forgets sessions whose tokens have expired by themselves; returns how many. */
export async function purgeRevokedSessions(system: Db, now: Date): Promise<number> {
  const { count } = await system.revokedSession.deleteMany({ where: { expiresAt: { lt: now } } })
  return count
}
