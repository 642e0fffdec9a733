import { newId } from '@quimbi/database/ids.ts'
import { UserErrors } from '@quimbi/service/errors.ts'
import type { Ticket } from '../../generated/prisma/client.ts'
import { assigned } from '../assignment/by-hand.ts'
import type { NewDecision } from '../decisions/record.ts'
import type { Undone } from '../decisions/undone.ts'
import { levelText, statusText } from '../decisions/values.ts'
import type { ActorRef } from '../log/actors.ts'
import { placedIn } from '../queues/place.ts'
import type { Step } from '../tickets/steps.ts'
import { escalationStep } from '../tickets/escalate.ts'
import { stateOf, statusSteps } from '../tickets/status.ts'
import { tagSteps, untagSteps } from '../tickets/tags.ts'
import type { Action } from './language.ts'

/** Whom to give a ticket: somebody by name, by strategy, with skills, or somebody senior. */
export type Wish = {
  agentId?: string
  strategy: 'BEST_FIT' | 'LEAST_LOADED' | 'ROUND_ROBIN'
  skills?: string[]
  isSenior?: boolean
}

/** What a rule's actions need to know; `pick` answers null where nobody fits who has room. */
export type Means = {
  by: ActorRef
  now: Date
  undone: Undone
  evidence: string[]
  explanation: string
  queues: ReadonlyMap<string, { id: string; teamId: string | null }>
  teamIds: ReadonlySet<string>
  pick(ticket: Ticket, wish: Wish): Promise<{ agentId: string; explanation: string } | null>
}

/** One change, with the decision that it is; null where it is none. */
type Move = { step: Step; choice: Pick<NewDecision, 'field' | 'from' | 'to'> }

/**
 * The steps of a rule's actions, in order: each sees what those before it did. What is so already, is not possible, or was taken back on this
 * ticket, is left out. Pure but for `pick` and new ids.
 */
export async function planActions(ticket: Ticket, actions: readonly Action[], means: Means): Promise<Step[]> {
  const steps: Step[] = []
  let now = ticket
  const take = (step: Step): void => {
    now = { ...now, ...step.set } as Ticket
    steps.push(step)
  }
  for (const action of actions) {
    for (const plan of plansOf(action, means)) {
      const move = await possible(() => plan(now))
      if (!move || means.undone.has(move.choice)) continue
      take(move.step)
      take(decided(move, means))
    }
  }
  return steps
}

const decided = ({ choice }: Move, { evidence, explanation }: Means): Step => ({
  type: 'DECISION_MADE',
  reason: explanation,
  decision: { id: newId(), ...choice, confidence: 1, evidence, explanation },
})

/** What a ticket's state does not allow is no failure of the rule. */
async function possible(run: () => Promise<Move | null> | Move | null): Promise<Move | null> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof UserErrors) return null
    throw error
  }
}

type Plan = (ticket: Ticket) => Promise<Move | null> | Move | null

/** The single changes of an action; each label is its own, so that one can be taken back. */
function plansOf(action: Action, means: Means): Plan[] {
  if ('tag' in action) return action.tag.tags.map((tag) => (ticket) => tagMove(ticket, tag, means))
  if ('untag' in action) return action.untag.tags.map((tag) => (ticket) => untagMove(ticket, tag))
  if ('priority' in action) return [(ticket) => priorityMove(ticket, action.priority.priority)]
  if ('status' in action) return [(ticket) => statusMove(ticket, action.status, means)]
  if ('queue' in action) return [(ticket) => queueMove(ticket, action.queue.id, means)]
  if ('team' in action) return [(ticket) => teamMove(ticket, action.team.id, means)]
  if ('followUp' in action) return [(ticket) => followUpMove(ticket, action.followUp, means)]
  if ('skills' in action)
    return [(ticket) => assignMove(ticket, { strategy: 'BEST_FIT', skills: action.skills.skills }, means)]
  if ('assign' in action) {
    const { agentId, strategy = 'BEST_FIT' } = action.assign
    return [(ticket) => assignMove(ticket, agentId === undefined ? { strategy } : { agentId, strategy }, means)]
  }
  if ('escalate' in action) {
    const { toSenior } = action.escalate
    const up: Plan = (ticket) => escalateMove(ticket, action.escalate, means)
    const over: Plan = (ticket) => assignMove(ticket, { strategy: 'LEAST_LOADED', isSenior: true }, means)
    return toSenior ? [up, over] : [up]
  }
  return []
}

function tagMove(ticket: Ticket, tag: string, { by }: Means): Move | null {
  const [step] = tagSteps(ticket, [tag], { by, confidence: null })
  return step ? { step, choice: { field: 'TAG', from: null, to: tag } } : null
}

function untagMove(ticket: Ticket, tag: string): Move | null {
  const [step] = untagSteps(ticket, [tag])
  return step ? { step, choice: { field: 'TAG', from: tag, to: '' } } : null
}

function priorityMove({ priority: from }: Ticket, to: string): Move | null {
  if (from === to) return null
  return { step: { type: 'PRIORITY_CHANGED', set: { priority: to } }, choice: { field: 'PRIORITY', from, to } }
}

type StatusAction = Extract<Action, { status: unknown }>['status']

function statusMove(ticket: Ticket, wanted: StatusAction, { now, explanation }: Means): Move | null {
  const [step] = statusSteps(ticket, stateOf(wanted), now, { reason: explanation })
  if (!step) return null
  const after = { status: wanted.status, waitingOn: wanted.waitingOn ?? null }
  return { step, choice: { field: 'STATUS', from: statusText(ticket), to: statusText(after) } }
}

function queueMove(ticket: Ticket, id: string, { queues, explanation }: Means): Move | null {
  const queue = queues.get(id)
  if (!queue || ticket.queueId === id) return null
  const step: Step = { type: 'TRANSFERRED', set: placedIn(queue), reason: explanation }
  return { step, choice: { field: 'QUEUE', from: ticket.queueId, to: id } }
}

/** Teams stand among queues as `team:<id>`: both say where a ticket waits. */
function teamMove(ticket: Ticket, id: string, { teamIds, explanation }: Means): Move | null {
  if (!teamIds.has(id) || ticket.teamId === id) return null
  const step: Step = { type: 'TRANSFERRED', set: { teamId: id }, reason: explanation }
  return { step, choice: { field: 'QUEUE', from: `team:${ticket.teamId ?? ''}`, to: `team:${id}` } }
}

/** Takes nothing from anybody, but for somebody who is named or senior. */
async function assignMove(ticket: Ticket, wish: Wish, { pick }: Means): Promise<Move | null> {
  const mayTake = wish.agentId !== undefined || wish.isSenior === true
  if (ticket.status === 'CLOSED' || (ticket.assigneeId !== null && !mayTake)) return null
  const choice = await pick(ticket, wish)
  if (!choice || choice.agentId === ticket.assigneeId) return null
  const strategy = wish.agentId === undefined ? wish.strategy : 'RULE'
  const step = assigned(choice.agentId, { strategy, explanation: choice.explanation })
  return { step, choice: { field: 'ASSIGNEE', from: ticket.assigneeId, to: choice.agentId } }
}

type EscalateAction = Extract<Action, { escalate: unknown }>['escalate']

function escalateMove(ticket: Ticket, { reason, toTeamId }: EscalateAction, { by, now, teamIds }: Means): Move | null {
  if (ticket.status === 'CLOSED') return null
  const teamId = toTeamId !== undefined && teamIds.has(toTeamId) ? toTeamId : null
  const step = escalationStep(ticket, { reason, by, teamId, now })
  const from = levelText(ticket)
  return { step, choice: { field: 'ESCALATION', from, to: String(Number(from ?? 0) + 1) } }
}

type FollowUpAction = Extract<Action, { followUp: unknown }>['followUp']

/** A plan that is there stays: somebody made it. */
function followUpMove(ticket: Ticket, { inSeconds, note }: FollowUpAction, { now }: Means): Move | null {
  if (ticket.followUpAt !== null || ticket.mergedIntoId !== null) return null
  const followUpAt = new Date(now.getTime() + inSeconds * 1_000)
  const step: Step = { type: 'TICKET_UPDATED', set: { followUpAt, followUpNote: note ?? null } }
  return { step, choice: { field: 'FOLLOW_UP', from: null, to: followUpAt.toISOString() } }
}
