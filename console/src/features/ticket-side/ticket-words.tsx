import { ChevronDown, ChevronsUp, ChevronUp, Equal } from 'lucide-react'
import type { ReactNode } from 'react'
import type { TicketPriority } from '../../graph/generated/schema.ts'
import type { TicketNow } from './use-ticket.ts'

const waits = { CUSTOMER: 'Waits for customer', THIRD_PARTY: 'Waits for third party', SNOOZE: 'Snoozed' }

/** Where a ticket stands, in words. */
export function statusWords({ status, waitingOn, mergedInto }: Pick<TicketNow, 'status' | 'waitingOn' | 'mergedInto'>) {
  if (status === 'OPEN') return 'Open'
  if (status === 'CLOSED') return mergedInto ? 'Merged' : 'Closed'
  return waitingOn ? waits[waitingOn] : 'Waits'
}

const marks = {
  URGENT: [ChevronsUp, 'text-bad'],
  HIGH: [ChevronUp, 'text-warn'],
  NORMAL: [Equal, 'text-ink-faint'],
  LOW: [ChevronDown, 'text-ink-faint'],
} as const

export function priorityMark(priority: TicketPriority): ReactNode {
  const [Icon, tone] = marks[priority]
  return <Icon aria-hidden className={`size-4 shrink-0 ${tone}`} />
}

export const priorities: readonly TicketPriority[] = ['URGENT', 'HIGH', 'NORMAL', 'LOW']
