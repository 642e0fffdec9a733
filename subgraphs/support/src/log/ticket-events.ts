import type { FieldChange } from '@quimbi/service/field-changes.ts'
import type { Ticket } from '../../generated/prisma/client.ts'
import type { ActorRef } from './actors.ts'

/** What can happen to a ticket; LEFT_VIEW is made by the stream and never written. */
export const ticketEventTypes = [
  'TICKET_CREATED',
  'TICKET_UPDATED',
  'TICKET_DELETED',
  'STATUS_CHANGED',
  'PRIORITY_CHANGED',
  'ASSIGNED',
  'UNASSIGNED',
  'TRANSFERRED',
  'TAGGED',
  'UNTAGGED',
  'ACTION_COMPLETED',
  'SATISFACTION_RECORDED',
  'MESSAGE_RECEIVED',
  'MESSAGE_SENT',
  'MESSAGE_EDITED',
  'MESSAGE_DELETED',
  'MESSAGE_RECALLED',
  'DELIVERY_FAILED',
  'NOTE_ADDED',
  'SNOOZED',
  'WOKE',
  'FOLLOW_UP_DUE',
  'MERGED',
  'SPLIT',
  'ESCALATED',
  'DECISION_MADE',
  'DECISION_UNDONE',
  'RERANKED',
  'SLA_STARTED',
  'SLA_WARNING',
  'SLA_BREACHED',
  'SLA_ACHIEVED',
  'DEMO_RESET',
] as const

export type TicketEventType = (typeof ticketEventTypes)[number]

/** What of a ticket decides who sees an event and which filter it passes, as it was just after the event. */
export type TicketView = Pick<
  Ticket,
  | 'number'
  | 'status'
  | 'waitingOn'
  | 'priority'
  | 'channel'
  | 'customerId'
  | 'assigneeId'
  | 'teamId'
  | 'queueId'
  | 'category'
  | 'tags'
  | 'slaStatus'
  | 'isDemo'
> & { createdAt: string }

/** The payload of a ticket's entry in the log. No content of messages but in the changes of MESSAGE_EDITED. */
export type TicketEventPayload = {
  actor: ActorRef
  causedBy?: string | undefined
  /** Automations between a person's act and this; absent: none. */
  depth?: number | undefined
  /** One sentence: why. */
  reason?: string | undefined
  changes: FieldChange[]
  view: TicketView
  /** The conversation's revision after it, where it is about what was said. */
  revision?: number | undefined
  messageId?: string | undefined
  noteId?: string | undefined
  decisionId?: string | undefined
  /** More facts of this type of event, such as an SLA clock's metric. */
  data?: Record<string, unknown> | undefined
}

export function viewOf(ticket: Ticket): TicketView {
  const { number, status, waitingOn, priority, channel, customerId, assigneeId, teamId, queueId, category } = ticket
  const { tags, slaStatus, isDemo, createdAt } = ticket
  return {
    number,
    status,
    waitingOn,
    priority,
    channel,
    customerId,
    assigneeId,
    teamId,
    queueId,
    category,
    tags,
    slaStatus,
    isDemo,
    createdAt: createdAt.toISOString(),
  }
}

/** The view before an event: its changes taken back. */
export function viewBefore({ view, changes }: Pick<TicketEventPayload, 'view' | 'changes'>): TicketView {
  const before = Object.fromEntries(
    changes.filter(({ field }) => field in view).map(({ field, from }) => [field, from]),
  )
  return { ...view, ...before }
}
