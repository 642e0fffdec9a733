import type { Db } from '../database.ts'

/** More messages to one address in an hour are a loop or a mistake, not support. */
export const maxPerRecipientAnHour = 20
/** In a chat people write a line at a time. */
export const maxPerChatAnHour = 300

const hourMs = 3_600_000

// One statement, so that two at once cannot both be the last. What it counted in earlier hours goes with it.
const countSql = `
  WITH earlier AS (
    DELETE FROM recipient_fuse WHERE tenant_id = $1::uuid AND recipient = $2 AND window_start < $3::timestamptz
  )
  INSERT INTO recipient_fuse AS f (tenant_id, recipient, window_start, sent) VALUES ($1::uuid, $2, $3::timestamptz, 1)
  ON CONFLICT (tenant_id, recipient, window_start) DO UPDATE SET sent = f.sent + 1 WHERE f.sent < $4
  RETURNING sent`

/** Counts a message to an address; false when it is one too many for this hour. */
export async function countRecipient(
  db: Db,
  tenantId: string,
  recipient: string,
  { now, max }: { now: Date; max: number },
): Promise<boolean> {
  const hour = new Date(Math.floor(now.getTime() / hourMs) * hourMs)
  const rows = await db.$queryRawUnsafe<object[]>(countSql, tenantId, recipient.toLowerCase(), hour, max)
  return rows.length > 0
}

/** Forgets what was counted more than a day ago; returns how much. */
export async function purgeFuses(system: Db, now: Date): Promise<number> {
  const windowStart = { lt: new Date(now.getTime() - 24 * hourMs) }
  const { count } = await system.recipientFuse.deleteMany({ where: { windowStart } })
  return count
}
