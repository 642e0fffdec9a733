import type { Choice } from '../parts/check-list.tsx'
import { wordChoices } from '../parts/choices.ts'
import type { Operator } from './model.ts'

/** What a field holds, which says how it is compared and entered. `share`: 0 to 1, shown in percent. `duration`: seconds. */
export type FieldKind = 'text' | 'labels' | 'number' | 'share' | 'boolean' | 'choice' | 'duration' | 'instant'
export type ConditionField = {
  name: string
  label: string
  kind: FieldKind
  choices?: readonly Choice[]
  /** Whether only the present counts. */
  isPresentOnly?: boolean
}

const priorities = wordChoices(['URGENT', 'HIGH', 'NORMAL', 'LOW'])
const channels = wordChoices(['EMAIL', 'CHAT', 'SMS', 'PHONE', 'FORM'])
const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

export type Places = { agents: readonly Choice[]; teams: readonly Choice[]; queues: readonly Choice[] }

const choice = (name: string, label: string, choices: readonly Choice[]): ConditionField => ({
  name,
  label,
  kind: 'choice',
  choices,
})
const field = (name: string, label: string, kind: FieldKind): ConditionField => ({ name, label, kind })

/** What a promise can be about. */
export const slaFields = ({ teams, queues }: Places): ConditionField[] =>
  [
    choice('priority', 'Priority', priorities),
    choice('channel', 'Channel', channels),
    choice('queueId', 'Queue', queues),
    choice('teamId', 'Team', teams),
    field('tags', 'Tags', 'labels'),
    field('category', 'Category', 'text'),
    field('isVip', 'Customer is a VIP', 'boolean'),
  ].map((one) => ({ ...one, isPresentOnly: true }))

/** What a rule can look at. Time in a state is for rules on it alone, for which nothing was before. */
export const ruleFields = ({ agents, teams, queues }: Places, isTimed: boolean): ConditionField[] =>
  [
    ...(isTimed ? [field('secondsInState', 'Time in its state', 'duration')] : []),
    choice('priority', 'Priority', priorities),
    choice('status', 'Status', wordChoices(['OPEN', 'PENDING', 'CLOSED'])),
    choice('waitingOn', 'Waiting on', wordChoices(['CUSTOMER', 'THIRD_PARTY', 'SNOOZE'])),
    choice('channel', 'Channel', channels),
    choice('queueId', 'Queue', queues),
    choice('teamId', 'Team', teams),
    choice('assigneeId', 'Assignee', agents),
    field('tags', 'Tags', 'labels'),
    field('subject', 'Subject', 'text'),
    field('message', 'Message', 'text'),
    field('messageIsAutomatic', 'Message is automatic', 'boolean'),
    field('category', 'Category', 'text'),
    field('intent', 'Intent', 'text'),
    field('sentiment', 'Sentiment', 'share'),
    field('difficulty', 'Difficulty', 'share'),
    field('churnRisk', 'Churn risk', 'share'),
    field('lifetimeValue', 'Lifetime value', 'number'),
    field('isVip', 'Customer is a VIP', 'boolean'),
    field('orderNumbers', 'Order numbers', 'labels'),
    field('escalationLevel', 'Escalation level', 'number'),
    field('reopenCount', 'Times reopened', 'number'),
    choice(
      'slaStatus',
      'SLA status',
      wordChoices(['PENDING', 'IMMINENT_BREACH', 'BREACHING', 'BREACHED', 'PAUSED', 'ACHIEVED', 'CANCELLED']),
    ),
    choice(
      'slaMetric',
      'SLA metric',
      wordChoices(['FIRST_RESPONSE', 'NEXT_RESPONSE', 'RESOLUTION', 'REQUESTER_WAIT', 'AGENT_WORK']),
    ),
    choice('actor', 'Done by', [
      { value: 'customer', label: 'The customer' },
      { value: 'agent', label: 'An agent' },
      { value: 'system', label: 'The system' },
    ]),
    choice('event', 'Event', wordChoices(events)),
    field('createdAt', 'Opened at', 'instant'),
    field('hour', 'Hour of the day', 'number'),
    {
      ...field('weekday', 'Weekday', 'number'),
      choices: weekdays.map((label, at) => ({ value: String(at + 1), label })),
    },
    field('isDemo', 'Is of the demo', 'boolean'),
  ].map((one) => ({ ...one, isPresentOnly: isTimed }))

const events = [
  ...['TICKET_CREATED', 'TICKET_UPDATED', 'MESSAGE_RECEIVED', 'STATUS_CHANGED', 'PRIORITY_CHANGED', 'ASSIGNED'],
  ...['UNASSIGNED', 'TRANSFERRED', 'TAGGED', 'UNTAGGED', 'SNOOZED', 'WOKE', 'FOLLOW_UP_DUE', 'ESCALATED'],
  ...['DECISION_UNDONE', 'SLA_WARNING', 'SLA_BREACHED', 'TIME_IN_STATE'],
]

const ofKind: Record<FieldKind, readonly Operator[]> = {
  text: ['contains', 'eq', 'neq', 'in', 'was'],
  labels: ['contains', 'in'],
  number: ['eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'was'],
  share: ['gt', 'gte', 'lt', 'lte', 'eq', 'neq'],
  boolean: ['eq'],
  choice: ['eq', 'neq', 'in', 'was'],
  duration: ['gte', 'gt', 'lt', 'lte'],
  instant: ['gt', 'lt'],
}

/** How a field can be compared. */
export const operatorsOf = ({ kind, isPresentOnly }: ConditionField): Operator[] => {
  const all: Operator[] = [...ofKind[kind], 'exists', 'missing', 'changed']
  const without = (...names: Operator[]) => all.filter((one) => !names.includes(one))
  if (kind === 'boolean' || kind === 'duration') return [...ofKind[kind]]
  return isPresentOnly ? without('was', 'changed') : all
}
