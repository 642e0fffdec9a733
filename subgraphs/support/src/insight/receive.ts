import type { EventOf } from '@quimbi/events/topics.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import type { Db } from '../database.ts'
import { systemActor } from '../log/actors.ts'
import { recordInsights } from './record.ts'

/** Takes over what Intelligence now thinks of customers. Idempotent: an insight that is not newer changes nothing. */
export const receiveInsight =
  (clock: Clock) =>
  async (tx: Db, events: readonly EventOf<'insight.changed'>[]): Promise<void> => {
    for (const [tenantId, heard] of Map.groupBy(events, (event) => event.tenantId)) {
      const who = { actor: systemActor('MODEL', 'Intelligence'), causedBy: heard.at(-1)?.eventId }
      const insights = heard.map(({ payload: { ltv, ...rest } }) => ({ ...rest, lifetimeValue: ltv }))
      await recordInsights(tx, { tenantId, who, now: clock.now() }, insights)
    }
  }
