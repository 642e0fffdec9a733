import { newId } from '@quimbi/database/ids.ts'
import type { Ticket } from '../../generated/prisma/client.ts'
import { syncPlaces } from '../alerts/matches.ts'
import type { Db } from '../database.ts'
import type { Doer } from '../log/actors.ts'
import { viewOf, type TicketEventPayload } from '../log/ticket-events.ts'
import { lockTickets, writeChanges, type OutboxRow } from '../tickets/change-store.ts'
import { configOf } from '../tenants/config.ts'
import { isNews, rankOf } from './score.ts'

export type Reranking = {
  tenantId: string
  ids: readonly string[]
  who: Doer
  /** On the real clock; events are given the tenant's. */
  now: Date
  reason: string
  /** Whether each ticket that moved gets an event of its own. */
  isTold: boolean
}

/**
 * Ranks tickets anew where only what the rank is made of has changed, and nothing on the tickets themselves; returns how many moved. A batch
 * is three statements, whatever its size.
 */
export async function rerankTickets(tx: Db, { tenantId, ids, who, now, reason, isTold }: Reranking): Promise<number> {
  const moved: { ticket: Ticket; rank: number }[] = []
  const events: OutboxRow[] = []
  for (const { ticket, customer, configVersion } of await lockTickets(tx, tenantId, ids)) {
    const { formula, tenant } = await configOf(tx, tenantId, configVersion)
    const rank = rankOf({ ...ticket, ...customer }, formula)
    if (rank === ticket.rank) continue
    moved.push({ ticket, rank })
    if (!isTold || !isNews(ticket.rank, rank)) continue
    const at = new Date(now.getTime() + tenant.clockOffsetSeconds * 1_000)
    const changes = [{ field: 'rank', from: ticket.rank, to: rank }]
    const payload: TicketEventPayload = { ...who, reason, changes, view: viewOf(ticket) }
    events.push({ eventId: newId(), type: 'RERANKED', occurredAt: at, ticketId: ticket.id, payload })
  }
  if (moved.length === 0) return 0
  const rows = JSON.stringify(moved.map(({ ticket: { id }, rank }) => ({ id, rank })))
  await tx.$executeRaw`
    UPDATE ticket t SET rank = r.rank FROM jsonb_to_recordset(${rows}::jsonb) AS r (id uuid, rank float8)
    WHERE t.tenant_id = ${tenantId}::uuid AND t.id = r.id`
  await syncPlaces(
    tx,
    tenantId,
    moved.map(({ ticket }) => ticket.id),
  )
  if (events.length > 0) await writeChanges(tx, tenantId, { tickets: [], sla: [], events })
  return moved.length
}
