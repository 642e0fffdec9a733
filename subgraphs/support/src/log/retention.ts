import { trimLog } from '@quimbi/events/retention.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import type { Links } from '@quimbi/service/links.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import type { SupportDatabase } from '../database.ts'

const dayMs = 86_400_000

// What travels is kept this long at least, whatever a tenant chose: the other service may be away.
const travellingMs = 30 * dayMs

// Of a ticket that is not closed, or was not for longer than the retention, everything stays.
const stays = `CASE WHEN entry.ticket_id IS NULL THEN entry.occurred_at >= $4 ELSE EXISTS (
  SELECT FROM ticket t WHERE t.tenant_id = entry.tenant_id AND t.id = entry.ticket_id AND (t.closed_at IS NULL OR t.closed_at >= $5)) END`

/** Cuts every tenant's log to its retention; resolves to the number of entries. A log that does not verify is left alone, and said aloud. */
export async function trimLogs({
  database,
  links,
  clock,
  log,
}: {
  database: SupportDatabase
  links: Links
  clock: Clock
  log: Logger
}): Promise<number> {
  const tenants = await database.system.tenant.findMany({
    select: { id: true, eventRetentionDays: true, clockOffsetSeconds: true },
    orderBy: { id: 'asc' },
  })
  let cut = 0
  for (const { id: tenantId, eventRetentionDays, clockOffsetSeconds } of tenants) {
    const now = clock.now()
    const tenantNow = now.getTime() + clockOffsetSeconds * 1_000
    const before = new Date(tenantNow - eventRetentionDays * dayMs)
    const values = [new Date(tenantNow - travellingMs), before]
    const trimmed = await trimLog(database.systemPool, { tenantId, before, keep: { sql: stays, values }, links, now })
    cut += trimmed.cut
    if (trimmed.flaw) {
      const { kind, sequence } = trimmed.flaw
      log.error({ tenantId, kind, sequence: String(sequence) }, 'the log does not verify; nothing is cut from there on')
    }
  }
  return cut
}
