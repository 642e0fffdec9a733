import type { Ticket } from '../../generated/prisma/client.ts'
import type { TicketEscalation } from '../tickets/escalate.ts'
import type { State } from '../tickets/status.ts'

/** A ticket's state as a decision keeps it: `OPEN`, `PENDING:CUSTOMER`, … Pure. */
export const statusText = ({ status, waitingOn }: Pick<Ticket, 'status' | 'waitingOn'>): string =>
  waitingOn === null ? status : `${status}:${waitingOn}`

/** The state that such a text says; a snooze whose end is over is open. Pure. */
export function stateOfText(text: string): State {
  const [status, waitingOn] = text.split(':')
  if (status === 'CLOSED') return { status }
  if (status === 'PENDING' && (waitingOn === 'CUSTOMER' || waitingOn === 'THIRD_PARTY')) return { status, waitingOn }
  return { status: 'OPEN' }
}

/** An escalation's level as text; null where there is none. Pure. */
export function levelText({ escalation }: Pick<Ticket, 'escalation'>): string | null {
  const level = (escalation as TicketEscalation | null)?.level
  return level === undefined ? null : String(level)
}

export const numberText = (value: number | null): string | null => (value === null ? null : String(value))
