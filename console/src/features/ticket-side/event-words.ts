import type { TicketEventType } from '../../graph/generated/schema.ts'
import { formatDateTime, formatNumber, formatPercent, words } from '../../shared/format.ts'
import type { TicketSideEventFragment } from './generated/History.ts'

export type Event = Pick<TicketSideEventFragment, 'type' | 'changes'>
/** The name of an agent, a queue or a team by id. */
export type NameOf = (id: string) => string | undefined

type Said = { what: string; details: string[] }

/** What happened, in words: "closed the ticket", with what else changed. Every type has words; those that name a value read it from the changes. */
export function wordsOf(event: Event, name: NameOf): Said {
  const told = new Set<string>()
  const to = (field: string): unknown => {
    told.add(field)
    return event.changes.find((change) => change.field === field)?.to
  }
  const what = sentences[event.type](to, { event, name })
  const details = event.changes.filter(({ field }) => !told.has(field) && !hidden.has(field))
  return { what, details: details.map((change) => changeWords(change, name)) }
}

type Tell = (to: (field: string) => unknown, of: { event: Event; name: NameOf }) => string

/** What the system notes: the sentence says all, whoever noted it. */
export const isImpersonal = (type: TicketEventType): boolean => type.startsWith('SLA_') || type === 'FOLLOW_UP_DUE'

const named = (id: unknown, name: NameOf, otherwise: string) =>
  typeof id === 'string' ? (name(id) ?? otherwise) : otherwise
const at = (value: unknown) => (typeof value === 'string' ? formatDateTime(value) : null)

const sentences: Record<TicketEventType, Tell> = {
  TICKET_CREATED: () => 'opened the ticket',
  TICKET_UPDATED: (_, { event }) => {
    if (event.changes.some(({ field, to }) => field === 'followUpAt' && to === null)) return 'took the follow-up back'
    const fields = event.changes.map(({ field }) => fieldWords(field).toLowerCase())
    return fields.length > 0 ? `changed the ${fields.join(', ')}` : 'changed the ticket'
  },
  TICKET_DELETED: () => 'deleted the ticket',
  MESSAGE_RECEIVED: () => 'wrote',
  MESSAGE_SENT: () => 'answered',
  MESSAGE_EDITED: () => 'changed a message',
  MESSAGE_DELETED: () => 'deleted a message',
  MESSAGE_RECALLED: () => 'took a message back before it was sent',
  DELIVERY_FAILED: () => 'could not deliver a message',
  NOTE_ADDED: () => 'wrote a note',
  ASSIGNED: (to, { name }) => `gave it to ${named(to('assigneeId'), name, 'an agent')}`,
  UNASSIGNED: (to) => {
    to('assigneeId')
    return 'gave it back: nobody has it'
  },
  TRANSFERRED: (to, { name }) => {
    const until = at(to('returnAt'))
    const places = ['assigneeId', 'teamId', 'queueId'].flatMap((field) => {
      const id = to(field)
      return typeof id === 'string' ? [name(id) ?? 'somebody else'] : []
    })
    const where = places.length > 0 ? ` to ${places.join(', ')}` : ''
    return `handed it on${where}${until ? `; it returns ${until} unless they reply` : ''}`
  },
  ESCALATED: (to) => {
    const escalation = to('escalation')
    const { level, reason } = (typeof escalation === 'object' && escalation ? escalation : {}) as Record<
      string,
      unknown
    >
    if (level === undefined) return 'ended the escalation'
    return `called for somebody more senior (level ${String(level)})${typeof reason === 'string' ? `: ${reason}` : ''}`
  },
  STATUS_CHANGED: (to) => {
    const [status, waits] = [to('status'), to('waitingOn')]
    to('closedAt')
    if (status === 'CLOSED') return 'closed it'
    if (status === 'OPEN') return 'opened it'
    return typeof waits === 'string' ? `set it to wait for the ${words(waits).toLowerCase()}` : 'set it to wait'
  },
  PRIORITY_CHANGED: (to) => `set the priority to ${words(String(to('priority') ?? 'another')).toLowerCase()}`,
  SNOOZED: (to) => {
    to('status')
    to('waitingOn')
    return `snoozed it until ${at(to('snoozedUntil')) ?? 'later'}`
  },
  WOKE: (to) => {
    for (const field of ['status', 'waitingOn', 'snoozedUntil']) to(field)
    return 'brought it back from its snooze'
  },
  FOLLOW_UP_DUE: () => 'The planned follow-up was due',
  TAGGED: (_, { event }) => `added ${tagsOf(event, 'to', 'from')}`,
  UNTAGGED: (_, { event }) => `removed ${tagsOf(event, 'from', 'to')}`,
  MERGED: (to) =>
    typeof to('mergedIntoId') === 'string' ? 'made it part of another ticket' : 'merged another ticket into it',
  SPLIT: () => 'moved messages to another ticket',
  SLA_STARTED: () => 'An SLA clock began',
  SLA_WARNING: () => 'An SLA clock is about to breach',
  SLA_BREACHED: () => 'An SLA clock breached',
  SLA_ACHIEVED: () => 'An SLA was met in time',
  SATISFACTION_RECORDED: (to) => {
    const score = to('score') ?? to('satisfaction')
    return typeof score === 'number' ? `answered the survey: ${score} of 5` : 'answered the survey'
  },
  ACTION_COMPLETED: () => 'did a suggested action',
  DECISION_MADE: () => 'decided something by itself',
  DECISION_UNDONE: () => 'took an automatic decision back',
  RERANKED: (_, { event }) => {
    const rank = event.changes.find(({ field }) => field === 'rank')
    const [from, to] = [Number(rank?.from), Number(rank?.to)]
    if (!rank || Number.isNaN(to - from)) return 'moved it in the inbox'
    return `moved it ${to > from ? 'up' : 'down'} in the inbox by ${formatNumber(Math.abs(to - from))} points`
  },
  DEMO_RESET: () => 'set the demo back to its start',
  LEFT_VIEW: () => 'took it out of sight',
}

function tagsOf({ changes }: Event, here: 'from' | 'to', gone: 'from' | 'to'): string {
  const change = changes.find(({ field }) => field === 'tags')
  const list = (value: unknown) => (Array.isArray(value) ? value.map(String) : [])
  const moved = list(change?.[here]).filter((tag) => !list(change?.[gone]).includes(tag))
  if (moved.length === 0) return 'tags'
  return `the tag${moved.length > 1 ? 's' : ''} ${moved.map((tag) => `“${tag}”`).join(', ')}`
}

/** Told by the sentence, or bookkeeping that says nothing to people. */
const hidden = new Set(['tags', 'rank', 'mergedFrom', 'returnTo', 'updatedAt', 'id'])

const fields: Record<string, string> = {
  assigneeId: 'Assignee',
  queueId: 'Queue',
  teamId: 'Team',
  waitingOn: 'Waits for',
  churnRisk: 'Churn risk',
  slaStatus: 'SLA',
  snoozedUntil: 'Snoozed until',
  followUpAt: 'Follow-up',
  followUpNote: 'Follow-up note',
  closedAt: 'Closed',
  returnAt: 'Returns',
  lifetimeValue: 'Lifetime value',
}

const fieldWords = (field: string) => fields[field] ?? words(field.replaceAll(/([A-Z])/g, '_$1'))

function changeWords({ field, from, to }: Event['changes'][number], name: NameOf): string {
  const before = valueWords(field, from, name)
  return `${fieldWords(field)}: ${before === '–' ? '' : `${before} → `}${valueWords(field, to, name)}`
}

function valueWords(field: string, value: unknown, name: NameOf): string {
  if (value === null || value === undefined || value === '') return '–'
  if (typeof value === 'number') return shares.has(field) ? formatPercent(value) : formatNumber(value)
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (Array.isArray(value)) return value.map((one) => valueWords(field, one, name)).join(', ') || '–'
  if (typeof value !== 'string') return '…'
  if (/At$|Until$/.test(field) && !Number.isNaN(Date.parse(value))) return formatDateTime(value)
  if (/^[A-Z][A-Z_]+$/.test(value)) return words(value)
  return name(value) ?? (/^[0-9a-f-]{36}$/.test(value) ? 'another' : value)
}

const shares = new Set(['churnRisk', 'sentiment', 'difficulty', 'customerSentiment', 'estimatedDifficulty'])
