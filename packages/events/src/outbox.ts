import { newId } from '@quimbi/database/ids.ts'
import type { EventOf, Topic } from './topics.ts'
import { parseEvent } from './topics.ts'
import { inTrace } from './trace.ts'
import type { Transaction } from './transaction.ts'

/** An event about to be published: the sender's clock tells when it occurred; `eventId` is made when left out. */
export type NewEvent = { [T in Topic]: Omit<EventOf<T>, 'eventId'> & { eventId?: string } }[Topic]

// One statement whatever the number of events; the ordinality keeps their order, since ids are given after the sort.
const insertEvents = `
  INSERT INTO outbox (tenant_id, event_id, type, occurred_at, payload)
  SELECT tenant_id, event_id, type, occurred_at, payload
  FROM ROWS FROM (jsonb_to_recordset($1::jsonb)
    AS (tenant_id uuid, event_id uuid, type text, occurred_at timestamptz, payload jsonb)) WITH ORDINALITY
  ORDER BY ordinality`

/**
 * Publishes in the caller's transaction: what rolls back was never published. Throws InvalidEvent before anything is
 * written; row-level security refuses another tenant's event. After commit, wake the sequencer. What handles
 * them goes on in the caller's trace.
 */
export async function publish(tx: Pick<Transaction, '$executeRawUnsafe'>, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return
  const rows = events.map((event) => {
    const { eventId, tenantId, type, occurredAt, payload } = parseEvent({ ...event, eventId: event.eventId ?? newId() })
    return { tenant_id: tenantId, event_id: eventId, type, occurred_at: occurredAt, payload: inTrace(payload) }
  })
  await tx.$executeRawUnsafe(insertEvents, JSON.stringify(rows))
}
