import { randomBytes } from 'node:crypto'
import { newId } from '@quimbi/database/ids.ts'
import { refuse } from '@quimbi/service/errors.ts'
import { differences } from '@quimbi/service/field-changes.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { ApiKey } from '../../generated/prisma/client.ts'
import { recordChange } from '../common/record-change.ts'
import type { Db } from '../database.ts'
import { passOnWebhooks } from '../webhooks/keys.ts'
import { hashOf } from './lookup.ts'
import { requireManager } from './permissions.ts'
import { isLive, liveAt } from './status.ts'

/** What a partner's key may do. */
export const scopes = ['ingest', 'insight:read', 'generate'] as const
export type Scope = (typeof scopes)[number]

/** Keys of a tenant that open the door, those aside that are being replaced; and those. */
export const maxKeys = 100
const maxRequests = 100_000
const maxGraceHours = 168
const hourMs = 3_600_000

/** Refuses a partner whose key lacks the scope. */
export function requireScope(viewer: Viewer, scope: Scope): void {
  if (viewer.kind === 'partner' && !viewer.scopes.includes(scope))
    refuse('FORBIDDEN', `This API key lacks the scope "${scope}".`)
}

export type NewApiKey = {
  name: string
  scopes: readonly string[]
  requestsPerMinute?: number
  expiresAt?: Date | null | undefined
}

/** A key as it is told, once. */
export type ToldKey = { id: string; key: string }

/**
 * Makes a key. It is returned once and kept as a hash.
 * @throws UserErrors FORBIDDEN, INVALID, LIMIT_EXCEEDED beyond 100 at a time
 */
export async function createApiKey(tx: Db, viewer: Viewer, input: NewApiKey, now: Date): Promise<ToldKey> {
  requireManager(viewer)
  const checked = checkNew(input, now)
  const live = await lockLive(tx, viewer.tenantId, now)
  if (live.filter(({ replacedById }) => replacedById === null).length >= maxKeys)
    refuse('LIMIT_EXCEEDED', `A tenant has at most ${maxKeys} keys at a time. Revoke one that nobody uses.`)
  const told = await keepKey(tx, { tenantId: viewer.tenantId, ...checked, createdAt: now })
  const changes = differences({}, checked, ['name', 'scopes', 'requestsPerMinute', 'expiresAt'])
  await recordChange(tx, viewer, { now, action: 'api_key.created', ...subject(told.id), changes })
  return told
}

const subject = (subjectId: string) => ({ subjectType: 'ApiKey', subjectId })

type Checked = Pick<ApiKey, 'name' | 'scopes' | 'requestsPerMinute' | 'expiresAt'>

function checkNew(input: NewApiKey, now: Date): Checked {
  const name = input.name.trim()
  if (!/^[^\u0000-\u001F\u007F]{1,200}$/.test(name) || !name.isWellFormed())
    refuse('INVALID', 'A key has a name of 1 to 200 characters, none of them a control character.', ['input', 'name'])
  const unknown = input.scopes.some((scope) => !scopes.some((known) => known === scope))
  if (unknown || input.scopes.length === 0)
    refuse('INVALID', `A key has at least one of these scopes: ${scopes.join(', ')}.`, ['input', 'scopes'])
  const { requestsPerMinute = 1_000 } = input
  if (!Number.isInteger(requestsPerMinute) || requestsPerMinute < 1 || requestsPerMinute > maxRequests) {
    const message = `A key may make 1 to ${maxRequests} requests a minute.`
    refuse('INVALID', message, ['input', 'requestsPerMinute'])
  }
  return { name, scopes: [...new Set(input.scopes)], requestsPerMinute, expiresAt: endOf(input.expiresAt, now) }
}

function endOf(expiresAt: Date | null | undefined, now: Date): Date | null {
  if (expiresAt && !(expiresAt > now)) refuse('INVALID', 'expiresAt lies in the past.', ['input', 'expiresAt'])
  return expiresAt ?? null
}

async function keepKey(tx: Db, key: Checked & { tenantId: string; createdAt: Date }): Promise<ToldKey> {
  const told = { id: newId(), key: `qk_live_${randomBytes(24).toString('base64url')}` }
  const kept = { id: told.id, prefix: told.key.slice(0, 12), hash: Uint8Array.from(hashOf(told.key)) }
  await tx.apiKey.create({ data: { ...key, ...kept } })
  return told
}

/** Until the transaction ends nobody else changes the tenant's keys: many who make one at once would each count too few. */
const lockKeys = (tx: Db, tenantId: string) =>
  tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`keys:${tenantId}`}, 0))`

/** The tenant's keys that open the door, locked. */
async function lockLive(tx: Db, tenantId: string, now: Date): Promise<ApiKey[]> {
  await lockKeys(tx, tenantId)
  return tx.apiKey.findMany({ where: { tenantId, ...liveAt(now) } })
}

export type Rotation = { id: string; graceHours?: number; expiresAt?: Date | null | undefined }

/**
 * Makes a key like another one, which goes on for `graceHours` (24) and then ends; sooner where its own end comes first.
 * @throws UserErrors FORBIDDEN, INVALID, NOT_FOUND; CONFLICT for one that has ended or was replaced; LIMIT_EXCEEDED while 100 are being replaced
 */
export async function rotateApiKey(tx: Db, viewer: Viewer, input: Rotation, now: Date): Promise<ToldKey> {
  requireManager(viewer)
  const { graceHours = 24 } = input
  if (!Number.isInteger(graceHours) || graceHours < 0 || graceHours > maxGraceHours)
    refuse('INVALID', `A replaced key goes on for 0 to ${maxGraceHours} hours.`, ['input', 'graceHours'])
  const { tenantId } = viewer
  const live = await lockLive(tx, tenantId, now)
  const old = await knownKey(tx, tenantId, input.id)
  if (!isLive(old, now)) refuse('CONFLICT', 'This key has ended. Make a new one.', ['input', 'id'])
  if (old.replacedById !== null)
    refuse('CONFLICT', `This key was replaced already, by ${old.replacedById}.`, ['input', 'id'])
  if (graceHours > 0 && live.filter(({ replacedById }) => replacedById !== null).length >= maxKeys)
    refuse(
      'LIMIT_EXCEEDED',
      `At most ${maxKeys} keys are being replaced at a time; with 0 hours this one ends at once.`,
    )
  const { name, scopes, requestsPerMinute } = old
  const expiresAt = endOf(input.expiresAt, now) ?? old.expiresAt
  const told = await keepKey(tx, { tenantId, name, scopes, requestsPerMinute, expiresAt, createdAt: now })
  const end = new Date(Math.min(now.getTime() + graceHours * hourMs, old.expiresAt?.getTime() ?? Infinity))
  await tx.apiKey.updateMany({ where: { tenantId, id: old.id }, data: { expiresAt: end, replacedById: told.id } })
  await passOnWebhooks(tx, tenantId, old.id, told.id)
  const changes = differences<ApiKey>(old, { expiresAt: end, replacedById: told.id }, ['expiresAt', 'replacedById'])
  await recordChange(tx, viewer, { now, action: 'api_key.rotated', ...subject(old.id), changes })
  return told
}

/** Ends a key at once. Idempotent; one that has ended stays as it is. */
export async function revokeApiKey(tx: Db, viewer: Viewer, id: string, now: Date): Promise<{ id: string; key: null }> {
  requireManager(viewer)
  const { tenantId } = viewer
  await lockKeys(tx, tenantId)
  const { id: known } = await knownKey(tx, tenantId, id)
  const ended = { where: { tenantId, id: known, ...liveAt(now) }, data: { revokedAt: now } }
  const { count } = await tx.apiKey.updateMany(ended)
  const changes = differences<ApiKey>({}, { revokedAt: now }, ['revokedAt'])
  if (count > 0) await recordChange(tx, viewer, { now, action: 'api_key.revoked', ...subject(known), changes })
  return { id: known, key: null }
}

async function knownKey(tx: Db, tenantId: string, id: string): Promise<ApiKey> {
  const known = isUuid(id) ? await tx.apiKey.findFirst({ where: { tenantId, id } }) : null
  return known ?? refuse('NOT_FOUND', 'There is no such key.', ['input', 'id'])
}
