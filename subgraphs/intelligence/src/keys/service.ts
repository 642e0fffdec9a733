import { createHash, randomBytes } from 'node:crypto'
import { newId } from '@quimbi/database/ids.ts'
import { codedError, refuse } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { PartnerViewer, Viewer } from '@quimbi/service/viewer.ts'
import type { Db } from '../database.ts'

/** What a partner's key may do. */
export const scopes = ['ingest', 'insight:read', 'generate'] as const
export type Scope = (typeof scopes)[number]

// A key is 192 random bits: a plain SHA-256 keeps it, a slow hash would only slow each request down.
const hashOf = (key: string): Buffer => createHash('sha256').update(key).digest()

/** The partner whose key this is; throws UNAUTHENTICATED for an unknown, ended or expired one. */
export async function partnerOf(db: Db, key: string, now: Date): Promise<PartnerViewer> {
  const [row] = await db.$queryRaw<{ tenantId: string; keyId: string; scopes: string[] }[]>`
    SELECT tenant_id AS "tenantId", id AS "keyId", scopes FROM app.find_api_key(${hashOf(key)}, ${now}::timestamptz)`
  if (!row) throw codedError('UNAUTHENTICATED', 'This API key is unknown or has ended.', { reason: 'KEY_INVALID' })
  return { kind: 'partner', ...row }
}

/** Refuses a partner whose key lacks the scope. */
export function requireScope(viewer: Viewer, scope: Scope): void {
  if (viewer.kind === 'partner' && !viewer.scopes.includes(scope))
    refuse('FORBIDDEN', `This API key lacks the scope "${scope}".`)
}

function requireManager(viewer: Viewer): void {
  if (viewer.kind === 'agent' && (viewer.role === 'MANAGER' || viewer.role === 'ADMIN')) return
  refuse('FORBIDDEN', 'Only managers may change API keys.')
}

export type NewApiKey = { name: string; scopes: readonly string[]; expiresAt?: Date | null | undefined }

/** Makes a key. It is returned once and kept as a hash. */
export async function createApiKey(
  tx: Db,
  viewer: Viewer,
  input: NewApiKey,
  now: Date,
): Promise<{ id: string; key: string }> {
  requireManager(viewer)
  const name = input.name.trim()
  if (!/^[^\u0000-\u001F\u007F]{1,200}$/.test(name))
    refuse('INVALID', 'A key has a name of 1 to 200 characters, none of them a control character.', ['input', 'name'])
  const unknown = input.scopes.filter((scope) => !scopes.some((known) => known === scope))
  if (unknown.length > 0 || input.scopes.length === 0) {
    refuse('INVALID', `A key has at least one of these scopes: ${scopes.join(', ')}.`, ['input', 'scopes'])
  }
  if (input.expiresAt && input.expiresAt <= now)
    refuse('INVALID', 'expiresAt lies in the past.', ['input', 'expiresAt'])
  const key = `qk_live_${randomBytes(24).toString('base64url')}`
  const id = newId()
  await tx.apiKey.create({
    data: {
      tenantId: viewer.tenantId,
      id,
      name,
      prefix: key.slice(0, 12),
      hash: Uint8Array.from(hashOf(key)),
      scopes: [...new Set(input.scopes)],
      createdAt: now,
      expiresAt: input.expiresAt ?? null,
    },
  })
  return { id, key }
}

/** Ends a key at once. Idempotent. */
export async function revokeApiKey(tx: Db, viewer: Viewer, id: string, now: Date): Promise<{ id: string; key: null }> {
  requireManager(viewer)
  const where = { tenantId: viewer.tenantId, id }
  const known = isUuid(id) && (await tx.apiKey.findFirst({ where }))
  if (!known) return refuse('NOT_FOUND', 'There is no such key.', ['input', 'id'])
  await tx.apiKey.updateMany({ where: { ...where, revokedAt: null }, data: { revokedAt: now } })
  return { id, key: null }
}
