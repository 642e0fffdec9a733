import type { Ticket } from '../../generated/prisma/client.ts'
import type { Step } from '../tickets/steps.ts'
import { statusSteps, type State } from '../tickets/status.ts'

type Said = { messageId: string; now: Date; isAutomatic: boolean }

/** A customer's message: it waits for an answer, and brings back a ticket that waits or is done. Automatic ones do neither. Pure. */
export function receivedSteps(ticket: Ticket, { messageId, now, isAutomatic }: Said): Step[] {
  const revision = ticket.revision + 1
  if (isAutomatic) return [{ type: 'MESSAGE_RECEIVED', messageId, set: { revision }, data: { isAutomatic } }]
  const received: Step = {
    type: 'MESSAGE_RECEIVED',
    messageId,
    set: { revision, waitingSince: ticket.waitingSince ?? now },
    facts: [{ at: now.toISOString(), kind: 'customer_message', messageId }],
  }
  return [received, ...statusSteps(ticket, { status: 'OPEN' }, now, { reason: 'The customer wrote.' })]
}

export type Sent = Said & {
  /** The agent who answers a ticket of nobody's, and so takes it. */
  takenBy?: string | undefined
  /** The state to put the ticket in. */
  then?: State | undefined
}

/** The team's message: it answers what waited, unless it is automatic. A closed ticket stays closed unless `then` says otherwise. Pure. */
export function sentSteps(ticket: Ticket, { messageId, now, isAutomatic, takenBy, then }: Sent): Step[] {
  const revision = ticket.revision + 1
  const taken: Step[] =
    takenBy === undefined
      ? []
      : [
          {
            type: 'ASSIGNED',
            set: { assigneeId: takenBy },
            reason: 'Replied first.',
            assignment: { strategy: 'TAKEN', explanation: 'Replied first.' },
          },
        ]
  const sent: Step = isAutomatic
    ? { type: 'MESSAGE_SENT', messageId, set: { revision }, data: { isAutomatic } }
    : {
        type: 'MESSAGE_SENT',
        messageId,
        set: { revision, waitingSince: null, firstRepliedAt: ticket.firstRepliedAt ?? now },
        facts: [{ at: now.toISOString(), kind: 'agent_message', messageId }],
      }
  const path = ['input', 'thenStatus']
  return [...taken, sent, ...(then ? statusSteps(ticket, then, now, { path, reason: 'Set with the answer.' }) : [])]
}

/** What the conversation says of itself without a message that was taken back. */
export type Standing = { waitingSince: Date | null; firstRepliedAt: Date | null }

/** A message taken back, as if it had never been sent: a state that was set with it is taken back too. Pure. */
export function recalledSteps(
  ticket: Ticket,
  { message, now, standing }: { message: { id: string; createdAt: Date }; now: Date; standing: Standing },
): Step[] {
  // The state that came with the message has its instant. Left closed, a customer without an answer would be forgotten.
  const isItsState =
    ticket.status !== 'OPEN' &&
    ticket.mergedIntoId === null &&
    ticket.stateSince?.getTime() === message.createdAt.getTime()
  // What was closed by hand since waits for no answer.
  const staysClosed = ticket.status === 'CLOSED' && !isItsState
  const recalled: Step = {
    type: 'MESSAGE_RECALLED',
    messageId: message.id,
    set: { revision: ticket.revision + 1, ...standing, ...(staysClosed && { waitingSince: null }) },
    facts: [{ at: now.toISOString(), kind: 'recalled', messageId: message.id }],
  }
  if (!isItsState) return [recalled]
  const reopened = statusSteps(ticket, { status: 'OPEN' }, now, { reason: 'The answer was taken back.' })
  const { reopenCount } = ticket
  return [recalled, ...reopened.map((step) => ({ ...step, set: { ...step.set, reopenCount } }))]
}
