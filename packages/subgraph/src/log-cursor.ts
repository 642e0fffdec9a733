import type { Transaction } from '@quimbi/events/transaction.ts'
import { codedError } from '@quimbi/service/errors.ts'
import { decodePosition, encodePosition } from '@quimbi/service/log-position.ts'

export { decodePosition, encodePosition }

type Reader = Pick<Transaction, '$queryRawUnsafe'>

/** Where a tenant's log can be read without a hole: after `start`, up to `head`. */
export type LogBounds = { start: bigint; head: bigint }

const selectBounds = `
  SELECT coalesce((SELECT max(sequence) FROM log_checkpoint WHERE tenant_id = $1::uuid), 0) AS start,
    coalesce((SELECT last FROM event_head WHERE tenant_id = $1::uuid), 0) AS head`

/** Both of one instant. Retention may have kept entries of old tickets before `start`; what lay between them is gone. */
export async function logBounds(db: Reader, tenantId: string): Promise<LogBounds> {
  const [row] = await db.$queryRawUnsafe<{ start: bigint; head: bigint }[]>(selectBounds, tenantId)
  return { start: BigInt(row?.start ?? 0), head: BigInt(row?.head ?? 0) }
}

/**
 * The sequence after which to go on reading the tenant's log; without a cursor, where the log begins.
 * BAD_USER_INPUT for a cursor of no use; RESYNC_REQUIRED for one that is older than the log, or ahead of it (the log was
 * restored from a copy): what lies between is not there any more.
 */
export async function resumeAfter(db: Reader, tenantId: string, cursor: string | null | undefined): Promise<bigint> {
  const wanted = cursor ? decodePosition(tenantId, cursor) : null
  const { start, head } = await logBounds(db, tenantId)
  if (wanted === null) return start
  if (wanted < start || wanted > head) throw beyondLog()
  return wanted
}

/** What lies between a cursor and now is not there any more. */
export const beyondLog = () =>
  codedError('RESYNC_REQUIRED', 'The log does not reach back to this cursor. Load afresh and go on from there.')
