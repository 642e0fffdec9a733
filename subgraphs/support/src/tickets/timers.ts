import type { Step, Scene } from './steps.ts'
import { transition } from './status.ts'

/** Where a transfer goes back to, kept in `ticket.returnTo`. `since`: when it was handed on, in ISO form. */
export type ReturnTo = { agentId: string | null; teamId: string | null; queueId: string | null; since: string }

type Due = { at: Date; step: Step }

/** What happens to a ticket by itself, of what its time has come for by `scene.now`: oldest first, each at its exact instant. Pure. */
export function dueSteps(scene: Pick<Scene, 'ticket' | 'sla' | 'now'>): Step[] {
  return [wake(scene), followUp(scene), comeBack(scene)]
    .filter((due): due is Due => due !== null)
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())
    .map(({ at, step }) => ({ ...step, at }))
}

type Looked = Pick<Scene, 'ticket' | 'sla' | 'now'>

const isOver = (instant: Date | null, now: Date): instant is Date => instant !== null && instant <= now

function wake({ ticket, now }: Looked): Due | null {
  const at = ticket.snoozedUntil
  if (!isOver(at, now)) return null
  const set = transition(ticket, { status: 'OPEN' }, at) ?? { snoozedUntil: null }
  return { at, step: { type: 'WOKE', set, reason: 'The snooze ended.' } }
}

function followUp({ ticket, now }: Looked): Due | null {
  const { followUpAt: at, followUpNote: note } = ticket
  if (!isOver(at, now)) return null
  const set = { followUpAt: null, followUpNote: null }
  return { at, step: { type: 'FOLLOW_UP_DUE', set, data: { note }, reason: 'A follow-up was planned.' } }
}

/** Back to whoever had it before, unless the new assignee has replied since. */
function comeBack({ ticket, sla, now }: Looked): Due | null {
  const at = ticket.returnAt
  if (!isOver(at, now)) return null
  const ended = { returnTo: null, returnAt: null }
  const to = ticket.returnTo as ReturnTo | null
  if (to === null || ticket.status === 'CLOSED' || hasReplied(sla.history, to.since))
    return { at, step: { type: 'TICKET_UPDATED', set: ended, reason: 'The transfer stays: there was a reply.' } }
  const { agentId: assigneeId, teamId, queueId } = to
  const reason = 'Came back: nobody replied in time.'
  const set = { ...ended, assigneeId, teamId, queueId }
  return { at, step: { type: 'TRANSFERRED', set, reason, assignment: { strategy: 'RETURNED', explanation: reason } } }
}

function hasReplied(history: Looked['sla']['history'], since: string): boolean {
  const from = Date.parse(since)
  const recalled = new Set(history.flatMap((fact) => (fact.kind === 'recalled' ? [fact.messageId] : [])))
  return history.some(
    (fact) => fact.kind === 'agent_message' && !recalled.has(fact.messageId) && Date.parse(fact.at) >= from,
  )
}
