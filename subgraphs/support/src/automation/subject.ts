import type { Ticket } from '../../generated/prisma/client.ts'
import type { Subject } from '../common/conditions.ts'
import { isVip } from '../insight/vip.ts'
import type { CustomerFacts } from '../tickets/change-store.ts'
import type { TicketEscalation } from '../tickets/escalate.ts'
import type { TenantConfig } from '../tenants/config.ts'
import type { Happening } from './happening.ts'

/** What of a customer rules look at, to be read with their ticket. */
export const customerColumns = { isVip: true, churnRisk: true, lifetimeValue: true } as const

/** As read, with the amount as a number. */
export const numeric = <T extends { lifetimeValue: { toNumber(): number } | null }>(customer: T) => ({
  ...customer,
  lifetimeValue: customer.lifetimeValue?.toNumber() ?? null,
})

/** What rules know of an event. */
export type Known = {
  happening: Happening
  customer: Pick<CustomerFacts, 'isVip' | 'churnRisk' | 'lifetimeValue'>
  message: { content: string; isAutomatic: boolean } | null
  tenant: TenantConfig['tenant']
}

/** What a rule's conditions look at: the ticket as it is now, and before the event. What the event did not touch was before as it is. Pure. */
export function subjectOf(ticket: Ticket, { happening, customer, message, tenant }: Known): Subject {
  const { at, type, payload } = happening
  const is = {
    ...fieldsOf(ticket),
    event: type,
    actor: payload.actor.kind,
    isVip: isVip(customer, tenant),
    churnRisk: customer.churnRisk,
    lifetimeValue: customer.lifetimeValue,
    slaMetric: payload.data?.['metric'] ?? null,
    message: message?.content ?? null,
    messageIsAutomatic: message?.isAutomatic ?? null,
    secondsInState: (at.getTime() - (ticket.stateSince ?? ticket.createdAt).getTime()) / 1_000,
    ...localTime(at, tenant.timeZone),
  }
  if (type === 'TIME_IN_STATE' || type === 'TICKET_CREATED') return { is }
  return { is, was: { ...is, ...before(payload.changes) } }
}

function fieldsOf(ticket: Ticket): Record<string, unknown> {
  const { createdAt, escalation, ...fields } = ticket
  return { ...fields, createdAt: createdAt.toISOString(), escalationLevel: levelOf(escalation) }
}

export const levelOf = (escalation: unknown): number => (escalation as TicketEscalation | null)?.level ?? 0

const before = (changes: Happening['payload']['changes']): Record<string, unknown> =>
  Object.fromEntries(
    changes.map(({ field, from }) => (field === 'escalation' ? ['escalationLevel', levelOf(from)] : [field, from])),
  )

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

function localTime(at: Date, timeZone: string): { hour: number; weekday: number } {
  const format = new Intl.DateTimeFormat('en', { timeZone, hour: 'numeric', hourCycle: 'h23', weekday: 'short' })
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]))
  return { hour: Number(parts.get('hour')), weekday: weekdays.indexOf(parts.get('weekday') ?? '') + 1 }
}
