import type pg from 'pg'
import type { Db } from '../database.ts'

/** A ticket whose time has come. */
export type DueTicket = { tenantId: string; id: string }

// Read off the index on next_timer_at, which has no other rows than those that wait for something.
const dueSql = `
  SELECT tenant_id AS "tenantId", id FROM ticket WHERE next_timer_at <= $1 AND id <> ALL ($2::uuid[])
  ORDER BY next_timer_at LIMIT $3`

/** Due tickets of all tenants, soonest first; `but` those. For the system's role. */
export async function dueTickets(
  pool: pg.Pool,
  { now, but, limit }: { now: Date; but: readonly string[]; limit: number },
): Promise<DueTicket[]> {
  return (await pool.query<DueTicket>(dueSql, [now, but, limit])).rows
}

const soonestSql = `
  SELECT next_timer_at AS at FROM ticket WHERE next_timer_at IS NOT NULL AND id <> ALL ($1::uuid[])
  ORDER BY next_timer_at LIMIT 1`

/** The soonest instant of all tickets, on the real clock; null where nothing waits. */
export async function soonestTimer(pool: pg.Pool, but: readonly string[]): Promise<Date | null> {
  return (await pool.query<{ at: Date }>(soonestSql, [but])).rows[0]?.at ?? null
}

/**
 * Locks those of the tickets that are due and that nobody else holds. A statement of its own: what is read in one that waits for locks, or
 * skips them, is partly older than the locks.
 */
export async function lockDue(tx: Db, tenantId: string, ids: readonly string[], now: Date): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM ticket WHERE tenant_id = ${tenantId}::uuid AND id = ANY (${[...ids]}::uuid[]) AND next_timer_at <= ${now}
    ORDER BY id FOR NO KEY UPDATE SKIP LOCKED`
  return rows.map(({ id }) => id)
}

/** Moves all timers of a tenant whose clock was moved forward: what it waited for comes so many seconds sooner on the real clock. */
export async function shiftTimers(tx: Db, tenantId: string, seconds: number): Promise<void> {
  await tx.$executeRaw`
    UPDATE ticket SET next_timer_at = next_timer_at - make_interval(secs => ${seconds}::int)
    WHERE tenant_id = ${tenantId}::uuid AND next_timer_at IS NOT NULL`
}

/** Makes the timers look at every ticket with a running clock: opening hours changed, and with them what is due when. `now`: the tenant's. */
export async function lookAgain(tx: Db, tenantId: string, now: Date): Promise<void> {
  await tx.$executeRaw`
    UPDATE ticket SET next_timer_at = least(next_timer_at,
      ${now}::timestamptz - (SELECT make_interval(secs => clock_offset_seconds) FROM tenant WHERE id = ${tenantId}::uuid))
    WHERE tenant_id = ${tenantId}::uuid AND sla_status IN ('PENDING', 'IMMINENT_BREACH', 'BREACHING')`
}
