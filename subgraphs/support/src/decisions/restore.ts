import { refuse } from '@quimbi/service/errors.ts'
import type { Decision, Ticket } from '../../generated/prisma/client.ts'
import { assigned, unassigned } from '../assignment/by-hand.ts'
import type { ActorRef } from '../log/actors.ts'
import { placedIn } from '../queues/place.ts'
import type { Step, TicketPatch } from '../tickets/steps.ts'
import type { TicketEscalation } from '../tickets/escalate.ts'
import { transition } from '../tickets/status.ts'
import { tagSteps, untagSteps } from '../tickets/tags.ts'
import type { DecisionField } from './record.ts'
import { levelText, numberText, stateOfText, statusText } from './values.ts'

/** What the value before names, where it is still there. */
export type Places = {
  agent: { id: string; name: string } | null
  queue: { id: string; teamId: string | null } | null
  team: { id: string } | null
}

type Undoing = Places & { now: Date; by: ActorRef }
type Value = Pick<Decision, 'from' | 'to'>
type Restore = (ticket: Ticket, value: Value, undoing: Undoing) => Step[]

const path = ['input', 'decisionId']
const reason = 'An automatic decision was taken back.'

/** The steps that give a ticket back what it had before a decision. CONFLICT unless it still has what was decided. Pure. */
export function restoring(ticket: Ticket, decision: Pick<Decision, 'field' | 'from' | 'to'>, undoing: Undoing): Step[] {
  const steps = restores[decision.field as DecisionField](ticket, decision, undoing)
  return steps.map((step) => ({ reason, ...step }))
}

/** Refuses unless a value is still what was decided. */
function needStill(now: string | null, { to }: Value): void {
  if (now !== to) refuse('CONFLICT', 'It has been changed since: change it by hand.', path)
}

const plain =
  (
    now: (ticket: Ticket) => string | null,
    set: (from: string | null) => TicketPatch,
    type: Step['type'] = 'TICKET_UPDATED',
  ): Restore =>
  (ticket, value) => {
    needStill(now(ticket), value)
    return [{ type, set: set(value.from) }]
  }

const numberOf = (from: string | null): number | null => (from === null ? null : Number(from))

const restores: Record<DecisionField, Restore> = {
  PRIORITY: plain(
    ({ priority }) => priority,
    (from) => ({ priority: from ?? 'NORMAL' }),
    'PRIORITY_CHANGED',
  ),
  CATEGORY: plain(
    ({ category }) => category,
    (category) => ({ category }),
  ),
  SENTIMENT: plain(
    ({ sentiment }) => numberText(sentiment),
    (from) => ({ sentiment: numberOf(from) }),
  ),
  DIFFICULTY: plain(
    ({ difficulty }) => numberText(difficulty),
    (from) => ({ difficulty: numberOf(from) }),
  ),
  FOLLOW_UP: plain(
    ({ followUpAt }) => followUpAt?.toISOString() ?? null,
    (from) => ({ followUpAt: from === null ? null : new Date(from), followUpNote: null }),
  ),
  TAG: tag,
  STATUS: status,
  ASSIGNEE: assignee,
  QUEUE: queue,
  ESCALATION: escalation,
  MERGE: () => refuse('INVALID_TRANSITION', 'A merge cannot be taken back: split the ticket.', path),
}

/** A label that was added goes; one that was taken away (its `to` is empty) comes back. */
function tag(ticket: Ticket, { from, to }: Value, { by }: Undoing): Step[] {
  const steps = to === '' ? tagSteps(ticket, [from ?? ''], { by, confidence: null }) : untagSteps(ticket, [to])
  return steps.length > 0 ? steps : refuse('CONFLICT', 'Its labels have been changed since.', path)
}

function status(ticket: Ticket, value: Value, { now }: Undoing): Step[] {
  needStill(statusText(ticket), value)
  const to = stateOfText(value.from ?? 'OPEN')
  const isReopened = ticket.status === 'CLOSED' && to.status === 'PENDING'
  const opened = isReopened ? transition(ticket, { status: 'OPEN' }, now, path) : null
  const set = { ...opened, ...transition({ ...ticket, ...opened }, to, now, path) }
  // It was never meant to be closed: that is no reopening of the customer's.
  return [{ type: 'STATUS_CHANGED', set: { ...set, reopenCount: ticket.reopenCount } }]
}

/** Whoever had it and is there no more does not get it back. */
function assignee(ticket: Ticket, value: Value, { agent }: Undoing): Step[] {
  needStill(ticket.assigneeId, value)
  if (!agent) return [unassigned(reason)]
  return [assigned(agent.id, { strategy: 'RETURNED', explanation: `Back to ${agent.name}: ${reason}` })]
}

function queue(ticket: Ticket, value: Value, places: Undoing): Step[] {
  if (!value.to.startsWith('team:')) {
    needStill(ticket.queueId, value)
    return [{ type: 'TRANSFERRED', set: placedIn(places.queue) }]
  }
  needStill(`team:${ticket.teamId ?? ''}`, value)
  return [{ type: 'TRANSFERRED', set: { teamId: places.team?.id ?? null } }]
}

function escalation(ticket: Ticket, value: Value): Step[] {
  needStill(levelText(ticket), value)
  const current = ticket.escalation as TicketEscalation | null
  const back = value.from === null || !current ? null : { ...current, level: Number(value.from) }
  return [{ type: 'TICKET_UPDATED', set: { escalation: back } }]
}
