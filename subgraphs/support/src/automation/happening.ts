import type { TicketEventPayload, TicketEventType } from '../log/ticket-events.ts'
import type { Trigger } from './language.ts'

/** What a rule reacts to: an entry of the log, or that time went by. */
export type Happening = {
  eventId: string
  type: TicketEventType | 'TIME_IN_STATE'
  at: Date
  ticketId: string
  payload: Pick<TicketEventPayload, 'actor' | 'changes' | 'causedBy' | 'depth' | 'messageId' | 'data'>
}

/** So many automations may stand between a person's act and a rule. */
export const maxDepth = 5

const changing: ReadonlySet<string> = new Set([
  'TICKET_UPDATED',
  'STATUS_CHANGED',
  'PRIORITY_CHANGED',
  'ASSIGNED',
  'UNASSIGNED',
  'TRANSFERRED',
  'TAGGED',
  'UNTAGGED',
  'SNOOZED',
  'WOKE',
  'FOLLOW_UP_DUE',
  'ESCALATED',
  'DECISION_UNDONE',
])

const own: readonly string[] = ['TICKET_CREATED', 'MESSAGE_RECEIVED', 'SLA_WARNING', 'SLA_BREACHED']

/** The types of events that rules can react to. */
export const watchedTypes: readonly string[] = [...own, ...changing]

/** What an event is to rules; null when it is nothing to them, as what an import wrote. Pure. */
export function triggerOf({ type, payload }: Pick<Happening, 'type' | 'payload'>): Trigger | null {
  const { actor, changes } = payload
  if (actor.kind === 'system' && actor.system === 'IMPORT') return null
  if (type === 'TIME_IN_STATE') return type
  if (own.includes(type)) return type as Trigger
  if (!changing.has(type) || changes.length === 0) return null
  return changes.some(({ field }) => field === 'churnRisk') ? 'CHURN_RISK_ROSE' : 'TICKET_UPDATED'
}

/** The event at the beginning of a chain of automations: a rule fires once for it. Pure. */
export const rootOf = ({
  eventId,
  payload: { causedBy, depth = 0 },
}: Pick<Happening, 'eventId' | 'payload'>): string => (depth > 0 && causedBy ? causedBy : eventId)

/** Whether the chain has come to its end. Pure. */
export const isTooDeep = ({ payload: { depth = 0 } }: Pick<Happening, 'payload'>): boolean => depth >= maxDepth
