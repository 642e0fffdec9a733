import { codedError } from '@quimbi/service/errors.ts'
import type { Db } from '../database.ts'

const version = 'q1'

/** A place in a tenant's log as clients hold it: one place, one text. */
export const encodePosition = (tenantId: string, sequence: bigint): string =>
  Buffer.from(`${version}:${tenantId}:${sequence}`).toString('base64url')

/** The sequence in a cursor; BAD_USER_INPUT for one that is damaged or another tenant's. */
export function decodePosition(tenantId: string, cursor: string): bigint {
  const [mark, tenant, digits = ''] = Buffer.from(cursor, 'base64url').toString('utf8').split(':')
  if (mark === version && tenant === tenantId && /^\d{1,18}$/.test(digits)) {
    const sequence = BigInt(digits)
    // Base64 and numbers have several spellings of one value: only ours is accepted.
    if (encodePosition(tenantId, sequence) === cursor) return sequence
  }
  throw codedError('BAD_USER_INPUT', 'This is no cursor of the log.')
}

/** Where a tenant's log can be read without a hole: after `start`, up to `head`. */
export type LogBounds = { start: bigint; head: bigint }

/** Both of one instant. Retention may have kept entries of old tickets before `start`; what lay between them is gone. */
export async function logBounds(db: Db, tenantId: string): Promise<LogBounds> {
  const [row] = await db.$queryRaw<{ start: bigint; head: bigint }[]>`
    SELECT coalesce((SELECT max(sequence) FROM log_checkpoint WHERE tenant_id = ${tenantId}::uuid), 0) AS start,
      coalesce((SELECT last FROM event_head WHERE tenant_id = ${tenantId}::uuid), 0) AS head`
  return { start: BigInt(row?.start ?? 0), head: BigInt(row?.head ?? 0) }
}

/**
 * The sequence after which to go on reading the tenant's log; without a cursor, where the log begins.
 * BAD_USER_INPUT for a cursor of no use; RESYNC_REQUIRED for one that is older than the log, or ahead of it (the log was
 * restored from a copy): what lies between is not there any more.
 */
export async function resumeAfter(db: Db, tenantId: string, cursor: string | null | undefined): Promise<bigint> {
  const wanted = cursor ? decodePosition(tenantId, cursor) : null
  const { start, head } = await logBounds(db, tenantId)
  if (wanted === null) return start
  if (wanted < start || wanted > head) {
    throw codedError('RESYNC_REQUIRED', 'The log does not reach back to this cursor. Load afresh and go on from there.')
  }
  return wanted
}
