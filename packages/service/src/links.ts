import type { JSONWebKeySet, JWK } from 'jose'
import { createLocalJWKSet, importJWK, jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'

const issuer = 'quimbi-support'
const algorithm = 'EdDSA'

/** What a signed link lets its bearer do; one purpose's token is worth nothing for another. */
export type LinkPurpose = 'upload' | 'download' | 'survey' | 'export' | 'checkpoint'

/** What a link is about. `subject` is the id of the thing; `data` small facts that must not be changed on the way. */
export type LinkClaims = { tenantId: string; subject: string; data?: Record<string, string | number> | undefined }

/** Signs and reads tokens for links that need no login. */
export type Links = {
  /** Without `expiresAt` it holds for ever. */
  sign(purpose: LinkPurpose, claims: LinkClaims, times: { now: Date; expiresAt?: Date }): Promise<string>
  /** Null for a token that is forged, of another purpose, or over. */
  read(purpose: LinkPurpose, token: string, now: Date): Promise<LinkClaims | null>
}

const payload = z.object({
  sub: z.string().min(1),
  tid: z.string().min(1),
  data: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
})

/** Uses the key of agent tokens with an audience of its own for each purpose: neither is taken for the other. */
export function createLinks(privateKey: JWK, publicKeys: JSONWebKeySet): Links {
  if (!privateKey.kid) throw new Error('The private key of links needs a "kid"')
  const header = { alg: algorithm, kid: privateKey.kid, typ: 'JWT' }
  const key = importJWK(privateKey, algorithm)
  key.catch(() => {}) // reported by the first sign()
  const keys = createLocalJWKSet(publicKeys)
  const audienceOf = (purpose: LinkPurpose) => `quimbi:link:${purpose}`
  return {
    async sign(purpose, { tenantId, subject, data }, { now, expiresAt }) {
      const token = new SignJWT({ tid: tenantId, ...(data && { data }) })
        .setProtectedHeader(header)
        .setIssuer(issuer)
        .setAudience(audienceOf(purpose))
        .setSubject(subject)
        .setIssuedAt(Math.floor(now.getTime() / 1000))
      if (expiresAt) token.setExpirationTime(expiresAt)
      return token.sign(await key)
    },
    async read(purpose, token, now) {
      // Longer than any of ours: not worth the arithmetic.
      if (token.length > 4_096) return null
      const checks = { issuer, audience: audienceOf(purpose), algorithms: [algorithm], currentDate: now }
      const verified = await jwtVerify(token, keys, checks).catch(() => null)
      const claims = payload.safeParse(verified?.payload)
      if (!claims.success) return null
      const { sub: subject, tid: tenantId, data } = claims.data
      return { tenantId, subject, ...(data && { data }) }
    },
  }
}
