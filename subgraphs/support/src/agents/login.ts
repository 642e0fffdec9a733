import { newId } from '@quimbi/database/ids.ts'
import { refuse } from '@quimbi/service/errors.ts'
import type { Agent } from '../../generated/prisma/client.ts'
import { isStorable } from '@quimbi/service/places.ts'
import type { LoginDependencies } from '../context.ts'
import type { SupportDatabase } from '../database.ts'
import { checkPassword } from './password.ts'

export type Login = { accessToken: string; expiresAt: Date; agent: Agent }

/** Exchanges a password for a token. Wrong tenant, address and password are one and the same refusal. */
export async function login(
  { database, issuer, limiter, clock, address }: LoginDependencies,
  { tenant, email, password }: { tenant: string; email: string; password: string },
): Promise<Login> {
  const attempt = await limiter.attempt({ tenant, email, address })
  if (!attempt.allowed) {
    refuse('LIMIT_EXCEEDED', `Too many attempts. Try again in ${Math.ceil(attempt.retryAfterMs / 1000)} seconds.`)
  }
  const found = isStorable(tenant) ? await findLogin(database, tenant, email) : undefined
  // Longer than any password can be: not worth hashing.
  const matches = password.length <= 1_024 && (await checkPassword(found?.passwordHash ?? null, password))
  if (!found || !matches) refuse('INVALID', 'The tenant, the address or the password is wrong.')
  await limiter.succeeded({ tenant, email, address })

  const { tenantId, agentId } = found
  const now = clock.now()
  const sessionId = newId()
  return database.transact(tenantId, async (tx) => {
    const agent = await tx.agent.findFirstOrThrow({ where: { tenantId, id: agentId } })
    const role = agent.role as 'AGENT'
    const { token, expiresAt } = await issuer.issue({ agentId, sessionId, tenantId, role }, now)
    await tx.agentSession.create({ data: { tenantId, id: sessionId, agentId, createdAt: now, expiresAt } })
    return { accessToken: token, expiresAt, agent }
  })
}

type Found = { tenantId: string; agentId: string; passwordHash: string }

// As nobody: the function sees past row-level security, and shows these three alone.
async function findLogin(database: SupportDatabase, tenant: string, email: string): Promise<Found | undefined> {
  const [found] = await database.forTenant('').$queryRaw<Found[]>`
    SELECT tenant_id AS "tenantId", agent_id AS "agentId", password_hash AS "passwordHash" FROM app.find_login(${tenant}, ${email})`
  return found
}
