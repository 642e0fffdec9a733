import { newId } from '@quimbi/database/ids.ts'
import type { Background, Surroundings } from '@quimbi/subgraph/module.ts'
import type { Db, SupportDatabase } from '../database.ts'
import type { TicketEntry } from '../log/entries.ts'
import { followTickets } from '../log/follow.ts'
import type { TicketEventPayload } from '../log/ticket-events.ts'
import { bodyOf } from './body.ts'

type Options = Pick<Surroundings<SupportDatabase>, 'database' | 'bus' | 'log' | 'clock' | 'metrics'>

/** Makes a delivery of each event for each endpoint that wants it. `clock` is the real one. */
export const createWebhookFollower = (options: Options): Background =>
  followTickets(options, { name: 'webhooks', handle: (tx, events) => enqueue(tx, events, options.clock.now()) })

/** The endpoints that a rule's event is for, whatever types they ask for. */
const calledBy = ({ data }: TicketEventPayload): readonly unknown[] => {
  const ids = data?.['webhooks']
  return Array.isArray(ids) ? ids : []
}

async function enqueue(tx: Db, events: readonly TicketEntry[], now: Date): Promise<void> {
  // A demo reaches nobody.
  const real = events.filter(({ payload }) => !payload.view.isDemo)
  const tenantId = real[0]?.tenantId
  if (tenantId === undefined) return
  const endpoints = await tx.webhookEndpoint.findMany({ where: { tenantId, isActive: true } })
  if (endpoints.length === 0) return
  const demo = await tx.tenant.findFirst({ where: { id: tenantId, isDemo: true }, select: { id: true } })
  if (demo) return
  const deliveries = real.flatMap((entry) => {
    const { eventId, type, occurredAt, payload } = entry
    const called = calledBy(payload)
    const wanting = endpoints.filter(
      ({ id, eventTypes, createdAt }) => (eventTypes.includes(type) || called.includes(id)) && createdAt <= occurredAt,
    )
    const body = wanting.length > 0 ? bodyOf(entry) : ''
    return wanting.map(({ id: endpointId }) => ({ endpointId, eventId, body }))
  })
  const shared = { tenantId, createdAt: now, nextAttemptAt: now }
  await tx.webhookDelivery.createMany({
    data: deliveries.map((delivery) => ({ ...delivery, ...shared, id: newId() })),
    skipDuplicates: true,
  })
}
