import { newId } from '@quimbi/database/ids.ts'
import { parseEvent, type Topic } from '@quimbi/events/topics.ts'
import type { FieldChange } from '@quimbi/service/field-changes.ts'
import type { OutboxRow } from './change-store.ts'
import type { TakenStep } from './steps.ts'

/** What Intelligence is to hear of a step: no content, only that it happened. */
export function travelling(step: TakenStep, changes: readonly FieldChange[]): OutboxRow[] {
  const { type, ticket, at, messageId, data } = step
  const about = { ticketId: ticket.id, customerId: ticket.customerId, channel: ticket.channel, isDemo: ticket.isDemo }
  const row = (topic: Topic, payload: object): OutboxRow[] => {
    const event = { eventId: newId(), tenantId: ticket.tenantId, type: topic, occurredAt: at, payload }
    const { eventId, occurredAt, payload: parsed } = parseEvent(event)
    return [{ eventId, type: topic, occurredAt, ticketId: null, payload: parsed }]
  }
  if (type === 'TICKET_CREATED') return row('ticket.opened', about)
  if (changes.some(({ field, to }) => field === 'status' && to === 'CLOSED')) return row('ticket.closed', about)
  // An auto-reply is no word of the customer's.
  const isSaid = type === 'MESSAGE_RECEIVED' && data?.['isAutomatic'] !== true
  if (isSaid && messageId !== undefined) return row('message.received', { ...about, messageId })
  if (type === 'SATISFACTION_RECORDED') return row('satisfaction.recorded', { ...about, score: data?.['score'] })
  return []
}
