import type { Clock } from './clock.ts'
import { codedError } from './errors.ts'
import type { TokenVerifier } from './tokens.ts'
import type { ServiceName, Viewer } from './viewer.ts'

/** What is known of a request before anybody is believed. `caller` and `tenantId` come from a verified signature. */
export type Facts = {
  authorization?: string | undefined
  apiKey?: string | undefined
  requestId: string
  /** The client's network address, for limits. */
  address?: string | undefined
  caller: ServiceName | null
  /** The tenant for which a signed caller acts on its own account. */
  tenantId?: string | undefined
}

/**
 * Who is asking: an agent by bearer token, else a service of ours acting for a tenant, else null.
 * A credential that is present and wrong is refused (UNAUTHENTICATED), never ignored.
 */
export async function authenticate(
  facts: Facts,
  { tokens, clock }: { tokens: TokenVerifier; clock: Clock },
): Promise<Viewer | null> {
  if (facts.authorization !== undefined) return tokens.verify(bearerToken(facts.authorization), clock.now())
  if (facts.caller && facts.tenantId) return { kind: 'service', service: facts.caller, tenantId: facts.tenantId }
  return null
}

function bearerToken(authorization: string): string {
  const token = /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization)?.[1]
  if (token) return token
  throw codedError('UNAUTHENTICATED', 'The authorization header must read "Bearer <access token>"', {
    reason: 'TOKEN_INVALID',
  })
}
