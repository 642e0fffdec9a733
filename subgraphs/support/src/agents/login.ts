import { newId } from '@quimbi/database/ids.ts'
import { NIL_TENANT } from '@quimbi/database/tenancy.ts'
import { refuse } from '@quimbi/service/errors.ts'
import type { LoginAttempt, LoginLimiter } from '@quimbi/service/rate-limit.ts'
import type { Agent } from '../../generated/prisma/client.ts'
import { isStorable } from '@quimbi/service/places.ts'
import { recordAudit } from '../audit/record.ts'
import type { LoginDependencies } from '../context.ts'
import type { SupportDatabase } from '../database.ts'
import { systemActor } from '../log/actors.ts'
import { checkPassword } from './password.ts'

export type Login = { accessToken: string; expiresAt: Date; agent: Agent }

/** Exchanges a password for a token. Wrong tenant, address and password are one and the same refusal. */
export async function login(
  { database, issuer, limiter, clock, address }: LoginDependencies,
  { tenant, email, password }: { tenant: string; email: string; password: string },
): Promise<Login> {
  await limitAttempts(limiter, { tenant, email, address })
  const found = isStorable(tenant) ? await findLogin(database, tenant, email) : undefined
  const matches = await checkPassword(found?.passwordHash ?? null, password)
  const now = clock.now()
  if (!found || !matches) {
    await recordFailure(database, found, address, now)
    refuse('INVALID', 'The tenant, the address or the password is wrong.')
  }
  await limiter.succeeded({ tenant, email, address })

  const { tenantId, agentId } = found
  const sessionId = newId()
  return database.transact(tenantId, async (tx) => {
    const agent = await tx.agent.findFirstOrThrow({ where: { tenantId, id: agentId } })
    const role = agent.role as 'AGENT'
    const { token, expiresAt } = await issuer.issue({ agentId, sessionId, tenantId, role }, now)
    await tx.agentSession.create({ data: { tenantId, id: sessionId, agentId, createdAt: now, expiresAt } })
    const who = { actor: { kind: 'agent' as const, id: agentId } }
    await recordAudit(tx, { ...attemptOf(found, address, now), who, action: 'agent.logged_in' })
    return { accessToken: token, expiresAt, agent }
  })
}

/** Counts an attempt; LIMIT_EXCEEDED beyond what is allowed. */
export async function limitAttempts(limiter: LoginLimiter, attempt: LoginAttempt): Promise<void> {
  const { allowed, retryAfterMs } = await limiter.attempt(attempt)
  if (!allowed) refuse('LIMIT_EXCEEDED', `Too many attempts. Try again in ${Math.ceil(retryAfterMs / 1000)} seconds.`)
}

const attemptOf = ({ tenantId, agentId }: Pick<Found, 'tenantId' | 'agentId'>, address: string, now: Date) => ({
  tenantId,
  now,
  subjectType: 'agent',
  subjectId: agentId,
  changes: [{ field: 'address', from: null, to: address }],
})

/** Keeps that somebody tried, as often as the limiter lets them try. */
async function recordFailure(
  database: SupportDatabase,
  found: Found | undefined,
  address: string,
  now: Date,
): Promise<void> {
  const whom = found ?? { tenantId: NIL_TENANT, agentId: NIL_TENANT }
  const entry = { ...attemptOf(whom, address, now), who: { actor: systemActor('INTEGRATION', 'login') } }
  const nobody = new Error('There is nobody to keep it of.')
  const kept = database.transact(whom.tenantId, async (tx) => {
    // For nobody the same is written and taken back, and neither waits for the disk: the time it takes tells nobody who exists.
    await tx.$executeRaw`SET LOCAL synchronous_commit = off`
    await recordAudit(tx, { ...entry, action: 'agent.login_failed' })
    if (!found) throw nobody
  })
  await kept.catch((error: unknown) => {
    if (error !== nobody) throw error
  })
}

type Found = { tenantId: string; agentId: string; passwordHash: string }

// As nobody: the function sees past row-level security, and shows these three alone.
async function findLogin(database: SupportDatabase, tenant: string, email: string): Promise<Found | undefined> {
  const [found] = await database.forTenant('').$queryRaw<Found[]>`
    SELECT tenant_id AS "tenantId", agent_id AS "agentId", password_hash AS "passwordHash" FROM app.find_login(${tenant}, ${email})`
  return found
}
