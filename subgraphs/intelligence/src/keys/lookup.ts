import { createHash } from 'node:crypto'
import { codedError } from '@quimbi/service/errors.ts'
import type { PartnerViewer } from '@quimbi/service/viewer.ts'
import type { GraphQLError } from 'graphql'
import type { Db } from '../database.ts'

/** A key is 192 random bits: a plain SHA-256 keeps it, a slow hash would only slow each request down. 32 bytes. */
export const hashOf = (key: string): Buffer => createHash('sha256').update(key).digest()

/** Whose key it is, and when it ends by itself. */
export type Known = { viewer: PartnerViewer; expiresAt: Date | null }

type Row = { tenantId: string; keyId: string; scopes: string[]; requestsPerMinute: number; expiresAt: Date | null }

/** The key with this hash, while it opens the door. One that is unknown, revoked or expired is the same to the caller, and costs the same. */
export async function findKey(db: Db, hash: Buffer, now: Date): Promise<Known | null> {
  const [row] = await db.$queryRaw<Row[]>`
    SELECT tenant_id AS "tenantId", id AS "keyId", scopes, requests_per_minute AS "requestsPerMinute", expires_at AS "expiresAt"
    FROM app.find_api_key(${hash}, ${now}::timestamptz)`
  if (!row) return null
  const { expiresAt, ...key } = row
  return { viewer: { kind: 'partner', ...key }, expiresAt }
}

/** Of every key that does not open the door, whatever the reason. */
export const keyInvalid = (): GraphQLError =>
  codedError('UNAUTHENTICATED', 'This API key is unknown or has ended.', { reason: 'KEY_INVALID' })
