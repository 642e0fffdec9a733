import { refuse } from '@quimbi/service/errors.ts'
import { z } from 'zod'
import { checkConditions, type Fields } from '../common/conditions.ts'
import { ticketEventTypes } from '../log/ticket-events.ts'

export const triggers = [
  'TICKET_CREATED',
  'TICKET_UPDATED',
  'MESSAGE_RECEIVED',
  'SLA_WARNING',
  'SLA_BREACHED',
  'CHURN_RISK_ROSE',
  'TIME_IN_STATE',
] as const

export type Trigger = (typeof triggers)[number]

export const priorities = ['LOW', 'NORMAL', 'HIGH', 'URGENT'] as const
export const strategies = ['BEST_FIT', 'LEAST_LOADED', 'ROUND_ROBIN'] as const
const statuses = ['OPEN', 'PENDING', 'CLOSED'] as const
const roles = ['AGENT', 'SENIOR_AGENT', 'TEAM_LEAD', 'MANAGER', 'ADMIN'] as const

/** What conditions may look at: the ticket, its customer, what happened, and when. `hour` and `weekday` (1: Monday) in the tenant's time zone. */
const always: Fields = {
  event: [...ticketEventTypes, 'TIME_IN_STATE'],
  actor: ['agent', 'customer', 'system'],
  subject: 'text',
  status: statuses,
  waitingOn: ['CUSTOMER', 'THIRD_PARTY', 'SNOOZE'],
  priority: priorities,
  channel: 'text',
  customerId: 'text',
  assigneeId: 'text',
  teamId: 'text',
  queueId: 'text',
  category: 'text',
  intent: 'text',
  tags: 'labels',
  orderNumbers: 'labels',
  sentiment: 'number',
  difficulty: 'number',
  reopenCount: 'number',
  escalationLevel: 'number',
  slaStatus: 'text',
  slaMetric: 'text',
  isDemo: 'boolean',
  createdAt: 'instant',
  isVip: 'boolean',
  churnRisk: 'number',
  lifetimeValue: 'number',
  message: 'text',
  messageIsAutomatic: 'boolean',
  hour: 'number',
  weekday: 'number',
}

const shortestWait = 60
const longestWait = 366 * 86_400

const id = z.uuid()
const words = (max: number) => z.string().trim().min(1).max(max)
const tags = z.array(words(100)).min(1).max(20)
const oneOf = (...names: string[]) => ({
  check: (value: object) => names.filter((name) => name in value).length === 1,
  message: `Exactly one of ${names.join(', ')} is needed.`,
})
const assignTo = oneOf('agentId', 'strategy')
const tellTo = oneOf('agentIds', 'teamId', 'role')

const schemas = {
  assign: z
    .strictObject({ agentId: id.optional(), strategy: z.enum(strategies).optional() })
    .refine(assignTo.check, assignTo.message),
  skills: z.strictObject({ skills: tags }),
  queue: z.strictObject({ id }),
  team: z.strictObject({ id }),
  tag: z.strictObject({ tags }),
  untag: z.strictObject({ tags }),
  priority: z.strictObject({ priority: z.enum(priorities) }),
  status: z
    .strictObject({ status: z.enum(statuses), waitingOn: z.enum(['CUSTOMER', 'THIRD_PARTY']).optional() })
    .refine(
      ({ status, waitingOn }) => (status === 'PENDING') === (waitingOn !== undefined),
      'waitingOn belongs to PENDING, and to it alone.',
    ),
  escalate: z.strictObject({ reason: words(1_000), toTeamId: id.optional(), toSenior: z.boolean().optional() }),
  notify: z
    .strictObject({
      agentIds: z.array(id).min(1).max(50).optional(),
      teamId: id.optional(),
      role: z.enum(roles).optional(),
      text: words(500),
    })
    .refine(tellTo.check, tellTo.message),
  followUp: z.strictObject({
    inSeconds: z
      .int()
      .min(60)
      .max(5 * longestWait),
    note: words(1_000).optional(),
  }),
  note: z.strictObject({ text: words(50_000) }),
  webhook: z.strictObject({ endpointId: id }),
  draft: z.strictObject({}),
}

type Kind = keyof typeof schemas

/** One thing that a rule does: `{priority: {priority: 'HIGH'}}`. */
export type Action = { [K in Kind]: { [P in K]: z.infer<(typeof schemas)[K]> } }[Kind]

const kinds = Object.keys(schemas) as Kind[]
const maxActions = 20

/** The actions, if they are some that a rule can do; else refuses them at the place of the first that is not. */
export function checkActions(given: unknown, path = ['input', 'actions']): Action[] {
  if (!Array.isArray(given) || given.length === 0) return refuse('INVALID', 'Actions are a list of at least one.', path)
  if (given.length > maxActions) refuse('LIMIT_EXCEEDED', `A rule does at most ${maxActions} things.`, path)
  const actions = given.map((one, index) => checkAction(one, [...path, String(index)]))
  if (actions.filter((action) => 'notify' in action).length > 1)
    refuse('INVALID', 'A rule notifies once: name all whom it tells in one action.', path)
  return actions
}

function checkAction(given: unknown, path: string[]): Action {
  const [kind, ...more] = typeof given === 'object' && given !== null ? Object.keys(given) : []
  if (kind === undefined || more.length > 0 || !isKind(kind))
    return refuse('INVALID', `An action is an object with one of: ${kinds.join(', ')}.`, path)
  const parsed = schemas[kind].safeParse((given as Record<string, unknown>)[kind])
  if (parsed.success) return { [kind]: parsed.data } as Action
  const [issue] = parsed.error.issues
  return refuse('INVALID', issue?.message ?? 'This is no such action.', [
    ...path,
    kind,
    ...(issue?.path ?? []).map(String),
  ])
}

const isKind = (kind: string): kind is Kind => Object.hasOwn(schemas, kind)

/** The conditions of a rule of this trigger. TIME_IN_STATE says how long, with `secondsInState gte`, at the top or in the top's `all`. */
export function checkRuleConditions(given: unknown, trigger: Trigger, path = ['input', 'conditions']) {
  const isTimed = trigger === 'TIME_IN_STATE'
  const fields = isTimed ? { ...always, secondsInState: 'number' as const } : always
  const conditions = checkConditions(given, { fields, path, past: !isTimed })
  if (!isTimed) return conditions
  const seconds = secondsInStateOf(conditions)
  if (seconds === null)
    return refuse('REQUIRED', 'Say how long: {field: "secondsInState", op: "gte", value: …}, alone or in all.', path)
  if (seconds < shortestWait || seconds > longestWait) refuse('INVALID', 'A state lasts from a minute to a year.', path)
  return conditions
}

/** How long a ticket must have been in its state, by a rule's conditions. */
export function secondsInStateOf(conditions: unknown): number | null {
  const top = conditions as { all?: unknown[] }
  const leaves = (top.all ?? [top]) as { field?: string; op?: string; value?: unknown }[]
  const leaf = leaves.find(({ field, op }) => field === 'secondsInState' && op === 'gte')
  return typeof leaf?.value === 'number' ? leaf.value : null
}
