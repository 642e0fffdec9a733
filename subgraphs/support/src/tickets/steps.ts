import { newId } from '@quimbi/database/ids.ts'
import type { FieldChange } from '@quimbi/service/field-changes.ts'
import type { Ticket } from '../../generated/prisma/client.ts'
import type { AssignmentReason } from '../assignment/record.ts'
import type { NewDecision } from '../decisions/record.ts'
import type { Doer } from '../log/actors.ts'
import { isVip } from '../insight/vip.ts'
import { viewOf, type TicketEventPayload, type TicketEventType } from '../log/ticket-events.ts'
import { isNews, rankOf } from '../scoring/score.ts'
import { clocksOf, type SlaFact, type SlaSubject } from '../sla/clock.ts'
import { pressingStatus, transitions } from '../sla/transitions.ts'
import type { TenantConfig } from '../tenants/config.ts'
import type { LockedTicket, OutboxRow } from './change-store.ts'
import { travelling } from './travelling.ts'

/** A ticket in hand: locked, with all that decides about it. `now`: see `nowOn`. */
export type Scene = Omit<LockedTicket, 'configVersion'> & { config: TenantConfig; now: Date }

/** What a step may set. Derived columns (rank, clocks, timers, `updatedAt`) follow by themselves. */
export type TicketPatch = Partial<
  Omit<
    Ticket,
    'tenantId' | 'id' | 'number' | 'rank' | 'slaStatus' | 'nextBreachAt' | 'nextTimerAt' | 'createdAt' | 'updatedAt'
  >
>

/** One thing that happens to a ticket: one event in the log, with the fields that it sets. */
export type Step = {
  type: TicketEventType
  set?: TicketPatch
  /** When it happened, if not now: a timer's exact instant. */
  at?: Date
  reason?: string | undefined
  /** Changes of what is no field of the ticket. */
  changes?: FieldChange[]
  messageId?: string
  noteId?: string
  data?: Record<string, unknown>
  /** What the SLA clocks count, besides status and conditions, which follow from `set`. */
  facts?: SlaFact[]
  /** Of a step that sets `assigneeId`. */
  assignment?: AssignmentReason
  decision?: NewDecision
}

/** A clock may be so far behind another instance's. */
const mostSkewMs = 60_000

/** When something happens to a ticket: not before what happened to it last, though an instance did that whose clock is ahead. Pure. */
export function nowOn({ updatedAt }: Pick<Ticket, 'updatedAt'>, now: Date): Date {
  const behind = updatedAt.getTime() - now.getTime()
  return behind > 0 && behind <= mostSkewMs ? updatedAt : now
}

export type ChangeCall = { tenantId: string; who: Doer; now: Date }

export type Outcome = {
  before: Scene
  ticket: Ticket
  sla: Scene['sla'] | null
  events: OutboxRow[]
  steps: TakenStep[]
}
export type TakenStep = Step & { eventId: string; ticket: Ticket; at: Date; who: Doer }

/** Pure but for new ids: what the steps make of the ticket. */
export function apply(scene: Scene, steps: readonly Step[], { who, now }: ChangeCall): Outcome {
  let ticket = scene.ticket
  const taken: TakenStep[] = []
  const events: OutboxRow[] = []
  const history = [...scene.sla.history]

  const take = (step: Step): void => {
    const { set = {}, at = now } = step
    const after = { ...ticket, ...set }
    const changes = [...changesOf(ticket, set), ...(step.changes ?? [])]
    history.push(...(step.facts ?? []), ...factsOf(ticket, after, at))
    ticket = after
    const one: TakenStep = { ...step, eventId: newId(), ticket, at, who }
    taken.push(one)
    events.push(eventOf(one, changes))
    events.push(...travelling(one, changes))
  }

  for (const step of steps) take(step)
  if (steps.length === 0 && !isDue(scene)) return { before: scene, ticket, sla: null, events, steps: taken }

  history.push(...vipFacts(scene, history))
  history.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
  const clocks = clocksOf(history, scene.config.sla, noEarlier(now, history, scene.sla.clocks))
  const slaStatus = pressingStatus(clocks)
  ticket = {
    ...ticket,
    slaStatus,
    nextBreachAt: earliest(clocks.map(({ breachAt, satisfiedAt }) => (satisfiedAt ? null : breachAt))),
  }
  const moved = changesOf(scene.ticket, { slaStatus })
  const told = transitions(scene.sla.clocks, clocks)
  told.forEach(({ type, at, clock: { metric, policyId, policyVersion, startedAt, breachAt } }, index) => {
    const data = { metric, policyId, policyVersion, startedAt, breachAt }
    take({ type, at: new Date(at), data, changes: index === 0 ? moved : [] })
  })
  if (told.length === 0) amendLast(taken, events, moved)
  const rank = rankOf({ ...ticket, ...scene.customer }, scene.config.formula)
  const from = scene.ticket.rank
  ticket = { ...ticket, rank }
  const isNew = steps.some(({ type }) => type === 'TICKET_CREATED')
  if (!isNew && isNews(from, rank))
    take({ type: 'RERANKED', changes: [{ field: 'rank', from, to: rank }], reason: reasonOf(taken) })
  ticket = {
    ...ticket,
    updatedAt: steps.length > 0 ? now : ticket.updatedAt,
    nextTimerAt: timerOf(ticket, clocks, scene.config),
  }
  return { before: scene, ticket, sla: { history, clocks }, events, steps: taken }
}

const reasonOf = (taken: readonly TakenStep[]): string =>
  taken.length > 0 ? `After ${[...new Set(taken.map(({ type }) => type))].join(', ')}.` : 'Time went by.'

/** Who looked at the clock first may come to the ticket last: what was counted and told by then is not taken back, to be told a second time. */
function noEarlier(now: Date, history: readonly SlaFact[], clocks: Scene['sla']['clocks']): Date {
  const instants = [history.at(-1)?.at, ...clocks.flatMap(({ warnedAt, breachedAt }) => [warnedAt, breachedAt])]
  return new Date(Math.max(now.getTime(), ...instants.map((at) => (at ? Date.parse(at) : 0))))
}

/** A pause has no event of its own: the last one tells of it, so that who filters by the SLA's state sees the ticket come and go. */
function amendLast(taken: readonly TakenStep[], events: readonly OutboxRow[], moved: readonly FieldChange[]): void {
  const last = events.find(({ eventId }) => eventId === taken.at(-1)?.eventId)?.payload as
    TicketEventPayload | undefined
  const [change] = moved
  if (!last || !change) return
  last.changes = [...last.changes, change]
  last.view = { ...last.view, slaStatus: change.to as string | null }
}

/** Looked at by the timers: its clocks or its timer have come to an instant, even where no step follows. */
const isDue = ({ ticket: { nextTimerAt }, now, config: { tenant } }: Scene): boolean =>
  nextTimerAt !== null && nextTimerAt.getTime() + tenant.clockOffsetSeconds * 1_000 <= now.getTime()

function changesOf(before: Ticket, set: Partial<Ticket>): FieldChange[] {
  return Object.entries(set)
    .map(([field, to]) => ({ field, from: before[field as keyof Ticket] ?? null, to }))
    .filter(({ field, from, to }) => !silent.has(field) && JSON.stringify(from) !== JSON.stringify(to))
}

/** Bookkeeping that the history need not show. */
const silent = new Set([
  'tagOrigins',
  'stateSince',
  'waitingSince',
  'firstRepliedAt',
  'reopenCount',
  'revision',
  // Taken from what was said; no content goes into the log.
  'resolution',
])

/** What an SLA policy's conditions may look at. */
const subjectOf = ({ priority, channel, queueId, teamId, tags, category }: Ticket): Omit<SlaSubject, 'isVip'> => ({
  priority,
  channel,
  queueId,
  teamId,
  tags,
  category,
})

function factsOf(before: Ticket, after: Ticket, at: Date): SlaFact[] {
  const facts: SlaFact[] = []
  if (before.status !== after.status || before.waitingOn !== after.waitingOn)
    facts.push({ at: at.toISOString(), kind: 'status', status: after.status, waitingOn: after.waitingOn })
  const [was, is] = [subjectOf(before), subjectOf(after)]
  if (JSON.stringify(was) !== JSON.stringify(is)) facts.push({ at: at.toISOString(), kind: 'changed', subject: is })
  return facts
}

/** The customer's standing where it is another than the clocks know: it is no field of the ticket, so they hear of it when the ticket changes. */
function vipFacts({ customer, config: { tenant }, now }: Scene, history: readonly SlaFact[]): SlaFact[] {
  const known = history.findLast((fact) => 'subject' in fact && fact.subject.isVip !== undefined)
  const is = isVip(customer, tenant)
  if (!known || !('subject' in known) || known.subject.isVip === is) return []
  return [{ at: now.toISOString(), kind: 'changed', subject: { isVip: is } }]
}

/** The first fact of a new ticket. */
export const openedFact = ({ ticket, customer, config: { tenant } }: Scene): SlaFact => ({
  at: ticket.createdAt.toISOString(),
  kind: 'opened',
  subject: { ...subjectOf(ticket), isVip: isVip(customer, tenant) },
  byAgent: false,
})

function eventOf(step: TakenStep, changes: FieldChange[]): OutboxRow {
  const { type, at, reason, messageId, noteId, data, decision, ticket, who } = step
  const isSaid = messageId !== undefined || step.set?.revision !== undefined
  const payload: TicketEventPayload = {
    ...who,
    ...(reason !== undefined && { reason }),
    changes,
    view: viewOf(ticket),
    ...(isSaid && { revision: ticket.revision }),
    ...(messageId !== undefined && { messageId }),
    ...(noteId !== undefined && { noteId }),
    ...(decision && { decisionId: decision.id }),
    ...(data && { data }),
  }
  return { eventId: step.eventId, type, occurredAt: at, ticketId: ticket.id, payload }
}

const earliest = (instants: readonly (Date | string | null)[]): Date | null =>
  instants.reduce<Date | null>((soonest, instant) => {
    const date = instant === null ? null : new Date(instant)
    return date !== null && (soonest === null || date < soonest) ? date : soonest
  }, null)

/** The soonest instant at which something happens by itself, on the real clock. */
function timerOf(ticket: Ticket, clocks: Scene['sla']['clocks'], { tenant }: TenantConfig): Date | null {
  const { snoozedUntil, followUpAt, returnAt } = ticket
  const soonest = earliest([snoozedUntil, followUpAt, returnAt, ...clocks.map(({ nextChangeAt }) => nextChangeAt)])
  return soonest && new Date(soonest.getTime() - tenant.clockOffsetSeconds * 1_000)
}
