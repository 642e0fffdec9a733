import { createHash } from 'node:crypto'
import type { JSONWebKeySet, JWK } from 'jose'
import { createLocalJWKSet, errors, importJWK, jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import { codedError } from './errors.ts'
import { createLru } from './lru.ts'
import type { AgentRole, AgentViewer } from './viewer.ts'
import { agentRoles } from './viewer.ts'

const issuer = 'quimbi-support'
const audience = 'quimbi'
const algorithm = 'EdDSA'
const lifetimeMs = 24 * 60 * 60 * 1000

const claims = z.object({
  sub: z.string().min(1),
  sid: z.string().min(1),
  tid: z.string().min(1),
  role: z.enum(agentRoles),
  exp: z.number(),
})

export type AgentClaims = { agentId: string; sessionId: string; tenantId: string; role: AgentRole }

/** Issues agent access tokens: JWT, EdDSA, 24 hours from `now`. */
export type TokenIssuer = { issue(claims: AgentClaims, now: Date): Promise<{ token: string; expiresAt: Date }> }

/** Support alone holds the private key. */
export function createTokenIssuer(privateKey: JWK): TokenIssuer {
  if (!privateKey.kid) throw new Error('The private key of agent tokens needs a "kid"')
  const header = { alg: algorithm, kid: privateKey.kid, typ: 'JWT' }
  const key = importJWK(privateKey, algorithm)
  key.catch(() => {}) // reported by the first issue()
  return {
    async issue({ agentId, sessionId, tenantId, role }, now) {
      const issuedAt = Math.floor(now.getTime() / 1000)
      const expiresAt = new Date(issuedAt * 1000 + lifetimeMs)
      const token = await new SignJWT({ sid: sessionId, tid: tenantId, role })
        .setProtectedHeader(header)
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(agentId)
        .setIssuedAt(issuedAt)
        .setExpirationTime(expiresAt)
        .sign(await key)
      return { token, expiresAt }
    },
  }
}

/** Checks signature, issuer, audience and expiry. Revocation is the session store's business. */
export type TokenVerifier = { verify(token: string, now: Date): Promise<AgentViewer> }

/** Several public keys may be valid at once: the token's `kid` names its own. Throws UNAUTHENTICATED. */
export function createTokenVerifier(publicKeys: JSONWebKeySet, { cacheSize = 10_000 } = {}): TokenVerifier {
  const keys = createLocalJWKSet(publicKeys)
  // A console sends the same token with each request. Measured: known by its hash about 9 µs, checked anew 0.4 ms.
  const verified = createLru<string, AgentViewer>(cacheSize)
  return {
    async verify(token, now) {
      const hash = createHash('sha256').update(token).digest('base64')
      const known = verified.get(hash)
      if (known && known.expiresAt > now) return known
      verified.delete(hash)
      const viewer = await verifyToken(token, keys, now)
      verified.set(hash, viewer)
      return viewer
    },
  }
}

async function verifyToken(token: string, keys: ReturnType<typeof createLocalJWKSet>, now: Date): Promise<AgentViewer> {
  try {
    const checks = { issuer, audience, algorithms: [algorithm], currentDate: now, requiredClaims: ['exp'] }
    const { payload } = await jwtVerify(token, keys, checks)
    const { sub, sid, tid, role, exp } = claims.parse(payload)
    return { kind: 'agent', agentId: sub, sessionId: sid, tenantId: tid, role, expiresAt: new Date(exp * 1000) }
  } catch (error) {
    throw error instanceof errors.JWTExpired
      ? codedError('UNAUTHENTICATED', 'The access token has expired', { reason: 'TOKEN_EXPIRED' })
      : codedError('UNAUTHENTICATED', 'The access token is not valid', { reason: 'TOKEN_INVALID' })
  }
}
