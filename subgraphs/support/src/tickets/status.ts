import { refuse } from '@quimbi/service/errors.ts'
import type { Ticket } from '../../generated/prisma/client.ts'
import type { Step, TicketPatch } from './steps.ts'

export type TicketStatus = 'OPEN' | 'PENDING' | 'CLOSED'
export type WaitingOn = 'CUSTOMER' | 'THIRD_PARTY' | 'SNOOZE'

/** Where a ticket stands, and only what belongs to it. */
export type State =
  | { status: 'OPEN' }
  | { status: 'PENDING'; waitingOn: 'CUSTOMER' | 'THIRD_PARTY' }
  | { status: 'PENDING'; waitingOn: 'SNOOZE'; until: Date }
  | {
      status: 'CLOSED'
      /** How it was solved, if nothing says so yet. */
      resolution?: string | null
    }

/** What decides about a change of state. */
export type Standing = Pick<
  Ticket,
  'status' | 'waitingOn' | 'snoozedUntil' | 'resolution' | 'reopenCount' | 'mergedIntoId'
>

/** The state that a caller asks for. SNOOZE has an end, so it is snoozeTicket's alone. */
export function stateOf(
  { status, waitingOn }: { status: TicketStatus; waitingOn?: WaitingOn | null | undefined },
  path: string[] = ['input'],
): State {
  const at = [...path, 'waitingOn']
  if (status !== 'PENDING') {
    if (waitingOn) refuse('INVALID', 'Only a PENDING ticket waits on somebody.', at)
    return { status }
  }
  if (!waitingOn) return refuse('REQUIRED', 'waitingOn is needed with PENDING.', at)
  if (waitingOn === 'SNOOZE') return refuse('INVALID', 'Use snoozeTicket, which says until when.', at)
  return { status, waitingOn }
}

/**
 * What a move to another state sets; null when the ticket is there already. INVALID_TRANSITION: a merged ticket stays
 * closed, and a closed one is reopened before it waits. Closing ends a snooze and a return; a follow-up stays planned,
 * since looking again after the end is what it is for. Pure.
 */
export function transition(
  ticket: Standing,
  to: State,
  at: Date,
  path: string[] = ['input', 'status'],
): TicketPatch | null {
  if (isAt(ticket, to)) return null
  if (ticket.mergedIntoId !== null)
    refuse('INVALID_TRANSITION', 'The ticket became part of another; go on with that one.', path)
  const isClosed = ticket.status === 'CLOSED'
  if (isClosed && to.status === 'PENDING')
    refuse('INVALID_TRANSITION', 'The ticket is closed: reopen it before it waits.', path)
  const moved = { status: to.status, stateSince: at, closedAt: null, snoozedUntil: null, waitingOn: null }
  switch (to.status) {
    case 'OPEN':
      // What had solved it did not.
      return isClosed ? { ...moved, reopenCount: ticket.reopenCount + 1, resolution: null } : moved
    case 'PENDING':
      return { ...moved, waitingOn: to.waitingOn, snoozedUntil: to.waitingOn === 'SNOOZE' ? to.until : null }
    case 'CLOSED':
      return {
        ...moved,
        closedAt: at,
        resolution: ticket.resolution ?? to.resolution ?? null,
        waitingSince: null,
        returnTo: null,
        returnAt: null,
      }
    default:
      return to satisfies never
  }
}

/** The one step of a move to another state; none when the ticket is there already. */
export function statusSteps(
  ticket: Standing,
  to: State,
  at: Date,
  more: Pick<Step, 'reason' | 'decision'> & { path?: string[] } = {},
): Step[] {
  const { path, ...rest } = more
  const set = transition(ticket, to, at, path)
  return set ? [{ type: 'STATUS_CHANGED', set, at, ...rest }] : []
}

function isAt(ticket: Standing, to: State): boolean {
  if (ticket.status !== to.status) return false
  if (to.status !== 'PENDING') return true
  if (ticket.waitingOn !== to.waitingOn) return false
  return to.waitingOn !== 'SNOOZE' || ticket.snoozedUntil?.getTime() === to.until.getTime()
}
