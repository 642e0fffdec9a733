import { refuse } from '@quimbi/service/errors.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Agent } from '../../generated/prisma/client.ts'
import { recordAudit } from '../audit/record.ts'
import type { LoginDependencies } from '../context.ts'
import { limitAttempts } from './login.ts'
import { checkNewPassword, checkPassword, hashPassword } from './password.ts'
import { aboutAgent } from './service.ts'
import { revokeSessionsOf } from './sessions.ts'

type Passwords = { currentPassword: string; newPassword: string }

/** Changes the caller's own password and ends their other sessions. Guesses count like those at the login. */
export async function changePassword(
  { database, limiter, address }: LoginDependencies,
  viewer: Viewer,
  { currentPassword, newPassword }: Passwords,
  now: Date,
): Promise<Agent> {
  if (viewer.kind !== 'agent') refuse('FORBIDDEN', 'Only an agent has a password.')
  checkNewPassword(newPassword, ['input', 'newPassword'])
  const { tenantId, agentId, sessionId } = viewer
  const db = database.forTenant(tenantId)
  const { slug } = await db.tenant.findFirstOrThrow({ where: { id: tenantId }, select: { slug: true } })
  const agent = await db.agent.findFirstOrThrow({ where: { tenantId, id: agentId } })
  const attempt = { tenant: slug, email: agent.email, address }
  await limitAttempts(limiter, attempt)
  if (!(await checkPassword(agent.passwordHash, currentPassword)))
    refuse('INVALID', 'The current password is wrong.', ['input', 'currentPassword'])
  await limiter.succeeded(attempt)
  // Outside the transaction: hashing takes its time, and a connection is held meanwhile.
  const passwordHash = await hashPassword(newPassword)
  return database.transact(tenantId, async (tx) => {
    const where = { tenantId, id: agentId, passwordHash: agent.passwordHash }
    const { count } = await tx.agent.updateMany({ where, data: { passwordHash } })
    if (count === 0) refuse('CONFLICT', 'The password was just changed elsewhere.', ['input', 'currentPassword'])
    await revokeSessionsOf(tx, { tenantId, agentId, except: sessionId }, now)
    await recordAudit(tx, { ...aboutAgent(viewer, agentId, now), action: 'agent.password_changed' })
    return agent
  })
}
