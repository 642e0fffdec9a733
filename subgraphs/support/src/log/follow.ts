import { createFollower } from '@quimbi/events/follower.ts'
import type { Surroundings, Background } from '@quimbi/subgraph/module.ts'
import { eventMetrics } from '@quimbi/subgraph/event-metrics.ts'
import { recordAudit } from '../audit/record.ts'
import type { Db, SupportDatabase } from '../database.ts'
import { systemActor } from './actors.ts'
import type { TicketEntry } from './entries.ts'
import { ticketEventTypes, type TicketEventType } from './ticket-events.ts'

export type Following = {
  /** Names its cursor: never to be changed once it has run. */
  name: string
  /** All unless given. */
  types?: readonly TicketEventType[]
  /**
   * Acts on events of one tenant, in the log's order; what it writes is committed with the cursor, so it happens exactly once. `tx`
   * sees every tenant: each statement names its `tenantId`. Functions that ask for the current tenant get it. Side effects
   * outside the database belong into jobs, or rows that somebody sends later.
   */
  handle(tx: Db, events: TicketEntry[]): Promise<void>
}

/**
 * Follows what happens to tickets, in any number of instances. An event that `handle` refuses five times is set aside, with a
 * line in the log and in the tenant's audit trail, and the rest goes on.
 */
export function followTickets(
  {
    database,
    bus,
    log,
    clock,
    metrics,
  }: Pick<Surroundings<SupportDatabase>, 'database' | 'bus' | 'log' | 'clock' | 'metrics'>,
  { name, types = ticketEventTypes, handle }: Following,
): Background {
  return createFollower<Db>({
    name,
    logName: 'support',
    pool: database.systemPool,
    database: database.system as Parameters<typeof createFollower<Db>>[0]['database'],
    types,
    // A type may also tell of no ticket in particular, as RERANKED does of a whole inbox.
    async handle(tx, events) {
      const ofTickets = events.filter(({ ticketId }) => ticketId !== null) as TicketEntry[]
      if (ofTickets.length > 0) await handle(tx, ofTickets)
    },
    setAside: (tx, { tenantId, eventId }) =>
      recordAudit(tx, {
        tenantId,
        who: { actor: systemActor('AUTOMATION', name) },
        now: clock.now(),
        action: 'event.set_aside',
        subjectType: 'TicketEvent',
        subjectId: eventId,
      }),
    bus,
    log,
    metrics: eventMetrics(metrics.registry).receiver,
  })
}
