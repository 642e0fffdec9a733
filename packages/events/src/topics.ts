import { NIL_TENANT } from '@quimbi/database/tenancy.ts'
import { z } from 'zod'

const tenantId = z.guid().refine((id) => id !== NIL_TENANT, 'an event belongs to a tenant')
/** A Date when published, its ISO text when received. */
const instant = z.union([z.date(), z.iso.datetime().transform((text) => new Date(text))])
const sourceRef = z.object({ source: z.string().min(1), externalId: z.string().min(1) })
const customer = z.object({ customerId: z.guid(), refs: z.array(sourceRef) })
const interaction = z.object({
  ticketId: z.guid(),
  customerId: z.guid(),
  channel: z.enum(['EMAIL', 'SMS', 'PHONE', 'CHAT', 'FORM']),
  isDemo: z.boolean(),
})

/** A figure of a customer since others were last told of it; null: there was none, or is none any more. */
const move = z.object({
  metric: z.enum(['CHURN_RISK', 'LTV_12M', 'ENGAGEMENT']),
  from: z.number().nullable(),
  to: z.number().nullable(),
})

/** Who did it: a person, a partner by its key, or a service of ours. */
const doer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('agent'), agentId: z.guid() }),
  z.object({ kind: z.literal('partner'), keyId: z.guid() }),
  z.object({ kind: z.literal('service'), service: z.string().min(1) }),
])

/** What travels. Unknown keys are dropped both ways: nothing personal slips in, and a newer sender is understood. */
const payloads = {
  /** Support → Intelligence: a tenant was made or its settings changed. */
  'tenant.saved': z.object({ name: z.string(), currencyCode: z.string().length(3), timeZone: z.string().min(1) }),
  /** Support → Intelligence: a customer was made or its references changed. */
  'customer.saved': customer,
  /** Intelligence → Support: a customer was met first in behaviour. */
  'customer.seen': customer,
  /** Support → Intelligence: two customers turned out to be one; `fromId` is no more. */
  'customer.merged': z.object({ fromId: z.guid(), intoId: z.guid() }),
  /** Support → Intelligence: a person asked to be forgotten. */
  'customer.erased': z.object({ customerId: z.guid() }),
  /** Support → Intelligence: what happens between customer and team; no content. */
  'ticket.opened': interaction,
  'ticket.closed': interaction,
  'message.received': interaction.extend({ messageId: z.guid() }),
  'satisfaction.recorded': interaction.extend({ score: z.int().min(1).max(5) }),
  /** Intelligence → Support: what is thought of a customer has changed. `ltv` in the tenant's currency. */
  'insight.changed': z.object({
    customerId: z.guid(),
    churnRisk: z.number().min(0).max(1).nullable(),
    ltv: z.number().min(0).nullable(),
    archetype: z.string().nullable(),
    asOf: instant,
    /** Each metric once at most, those that stayed left out. What was sent before there were any has none. */
    moves: z.array(move).optional(),
  }),
  /** Intelligence → Support, which keeps the audit trail: somebody changed a key, a webhook, a model's role or a setting. Never a secret. */
  'audit.recorded': z.object({
    doer,
    /** `noun.verb` */
    action: z.string().regex(/^[a-z_]+\.[a-z_]+$/),
    subjectType: z.string().min(1),
    subjectId: z.string().min(1),
    changes: z.array(z.object({ field: z.string().min(1), from: z.json(), to: z.json() })),
  }),
  /** Support → Intelligence: a session ended before its time; `expiresAt` is when it would have ended. */
  'session.revoked': z.object({ sessionId: z.guid(), expiresAt: instant }),
}

export type Topic = keyof typeof payloads

/** One event of the topic, or of any of several. */
export type EventOf<T extends Topic> = {
  [K in T]: {
    eventId: string
    tenantId: string
    type: K
    occurredAt: Date
    payload: z.output<(typeof payloads)[K]>
  }
}[T]

export type Event = EventOf<Topic>

/** An event as a log holds it: its payload not yet looked at. */
export type UnparsedEvent = { eventId: string; tenantId: string; type: string; occurredAt: Date; payload: unknown }

/** An event whose payload is not what its topic says. Names the places, never the values. */
export class InvalidEvent extends Error {
  constructor(event: UnparsedEvent, reason: string) {
    super(`Event ${event.eventId} of type "${event.type}" is not valid: ${reason}`)
    this.name = 'InvalidEvent'
  }
}

export const isTopic = (type: string): type is Topic => Object.hasOwn(payloads, type)

/** Throws InvalidEvent. */
export function parseEvent(event: UnparsedEvent): Event {
  if (!isTopic(event.type)) throw new InvalidEvent(event, 'no such topic')
  const tenant = tenantId.safeParse(event.tenantId)
  const payload = payloads[event.type].safeParse(event.payload)
  const issues = [...(tenant.error?.issues ?? []), ...(payload.error?.issues ?? [])]
  if (issues.length > 0) {
    throw new InvalidEvent(
      event,
      issues.map((issue) => `${issue.path.join('.') || 'tenantId'} (${issue.code})`).join(', '),
    )
  }
  // The table above ties the payload to the type; the compiler does not follow an indexed union that far.
  return { ...event, payload: payload.data } as Event
}
