import { newId } from '@quimbi/database/ids.ts'
import type { Db } from '../database.ts'
import type { Doer } from '../log/actors.ts'
import { viewOf, type TicketEventPayload } from '../log/ticket-events.ts'
import { configOf } from '../tenants/config.ts'
import { lockTickets, writeChanges } from '../tickets/change-store.ts'

/** A customer's churn risk before and after, 0 to 1. */
export type ChurnMove = { id: string; churnFrom: number | null; churnTo: number | null }

/** A smaller rise is no news. */
const toldFrom = 0.01

const hasRisen = ({ churnFrom, churnTo }: ChurnMove): boolean =>
  churnTo !== null && churnTo - (churnFrom ?? 0) >= toldFrom

type Telling = { tenantId: string; who: Doer; now: Date }

/** Tells the log, for rules, on each ticket that is not closed, that its customer's churn risk rose. `now` is the real instant. */
export async function tellRisen(tx: Db, { tenantId, who, now }: Telling, moves: readonly ChurnMove[]): Promise<void> {
  const risen = new Map(moves.filter(hasRisen).map((move) => [move.id, move]))
  if (risen.size === 0) return
  const tickets = await tx.ticket.findMany({
    where: { tenantId, customerId: { in: [...risen.keys()] }, status: { in: ['OPEN', 'PENDING'] } },
    select: { id: true },
  })
  if (tickets.length === 0) return
  const { tenant } = await configOf(tx, tenantId)
  const occurredAt = new Date(now.getTime() + tenant.clockOffsetSeconds * 1_000)
  const locked = await lockTickets(
    tx,
    tenantId,
    tickets.map(({ id }) => id),
  )
  const events = locked.map(({ ticket }) => {
    const { churnFrom = null, churnTo = null } = risen.get(ticket.customerId) ?? {}
    const changes = [{ field: 'churnRisk', from: churnFrom, to: churnTo }]
    const payload: TicketEventPayload = {
      ...who,
      reason: 'The customer’s churn risk rose.',
      changes,
      view: viewOf(ticket),
    }
    return { eventId: newId(), type: 'TICKET_UPDATED', occurredAt, ticketId: ticket.id, payload }
  })
  await writeChanges(tx, tenantId, { tickets: [], sla: [], events })
}
