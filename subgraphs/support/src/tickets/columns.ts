/** A ticket's columns by field, with their types: for the statements that read and write whole tickets at once. */
const columns = {
  number: ['number', 'int'],
  subject: ['subject', 'text'],
  status: ['status', 'text'],
  waitingOn: ['waiting_on', 'text'],
  priority: ['priority', 'text'],
  channel: ['channel', 'text'],
  customerId: ['customer_id', 'uuid'],
  assigneeId: ['assignee_id', 'uuid'],
  teamId: ['team_id', 'uuid'],
  queueId: ['queue_id', 'uuid'],
  tags: ['tags', 'text[]'],
  tagOrigins: ['tag_origins', 'jsonb'],
  category: ['category', 'text'],
  intent: ['intent', 'text'],
  sentiment: ['sentiment', 'double precision'],
  difficulty: ['difficulty', 'double precision'],
  resolution: ['resolution', 'text'],
  orderNumbers: ['order_numbers', 'text[]'],
  externalSource: ['external_source', 'text'],
  externalId: ['external_id', 'text'],
  isDemo: ['is_demo', 'boolean'],
  rank: ['rank', 'double precision'],
  slaStatus: ['sla_status', 'text'],
  nextBreachAt: ['next_breach_at', 'timestamptz'],
  nextTimerAt: ['next_timer_at', 'timestamptz'],
  snoozedUntil: ['snoozed_until', 'timestamptz'],
  followUpAt: ['follow_up_at', 'timestamptz'],
  followUpNote: ['follow_up_note', 'text'],
  returnTo: ['return_to', 'jsonb'],
  returnAt: ['return_at', 'timestamptz'],
  escalation: ['escalation', 'jsonb'],
  mergedIntoId: ['merged_into_id', 'uuid'],
  revision: ['revision', 'int'],
  stateSince: ['state_since', 'timestamptz'],
  waitingSince: ['waiting_since', 'timestamptz'],
  firstRepliedAt: ['first_replied_at', 'timestamptz'],
  reopenCount: ['reopen_count', 'int'],
  createdAt: ['created_at', 'timestamptz'],
  updatedAt: ['updated_at', 'timestamptz'],
  closedAt: ['closed_at', 'timestamptz'],
} as const

const entries = Object.entries(columns)

/** `t.subject AS "subject", …`: a ticket of the table `t` as the generated client would give it. */
export const selectTicket = [
  't.tenant_id AS "tenantId"',
  't.id',
  ...entries.map(([field, [column]]) => `t.${column} AS "${field}"`),
].join(', ')

// Never changed once the ticket is there; the rest is written as a whole.
const fixed = new Set<string>(['number', 'channel', 'externalSource', 'externalId', 'isDemo', 'createdAt'])
const written = entries.filter(([field]) => !fixed.has(field))

/** `subject = r."subject", …` */
export const assignTicket = written.map(([field, [column]]) => `${column} = r."${field}"`).join(', ')

/** What most changes are about: the SLA's clocks, whose turn it is, who has it. */
const usual = new Set<string>([
  ...[
    'status',
    'waitingOn',
    'assigneeId',
    'rank',
    'slaStatus',
    'nextBreachAt',
    'nextTimerAt',
    'revision',
    'stateSince',
  ],
  ...['waitingSince', 'firstRepliedAt', 'updatedAt'],
])

type WrittenField = Exclude<
  keyof typeof columns,
  'number' | 'channel' | 'externalSource' | 'externalId' | 'isDemo' | 'createdAt'
>
type Column = readonly [field: WrittenField, column: string, type: string]

/** The columns that a change writes, and those of them that most changes are content with. */
export const writtenColumns = written.map(([field, [column, type]]): Column => [field as WrittenField, column, type])
export const usualColumns = writtenColumns.filter(([field]) => usual.has(field))

/** Column definitions of a JSON record set of tickets by field. */
export const ticketRecord = ['id uuid', ...written.map(([field, [, type]]) => `"${field}" ${type}`)].join(', ')

/** `number, subject, …` of a ticket that is written for the first time. */
export const openedColumns = ['id', ...entries.map(([, [column]]) => column)].join(', ')
export const openedRecord = ['id uuid', ...entries.map(([field, [, type]]) => `"${field}" ${type}`)].join(', ')
