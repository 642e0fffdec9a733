import { Check, Clock, LoaderCircle, RotateCcw, TriangleAlert, type LucideIcon } from 'lucide-react'
import { classes } from '../../../ui/classes.ts'
import type { TicketMessageFragment } from '../generated/Ticket.ts'

type Told = { icon: LucideIcon; text: string; isBad?: boolean; isBusy?: boolean }

const told: Record<NonNullable<TicketMessageFragment['delivery']>['status'], Told> = {
  HELD: { icon: Clock, text: 'Sent, can still be taken back for a moment' },
  QUEUED: { icon: LoaderCircle, text: 'On its way' },
  SENT: { icon: Check, text: 'Delivered' },
  FAILED: { icon: TriangleAlert, text: 'Not delivered', isBad: true },
  RECALLED: { icon: RotateCcw, text: 'Taken back before it went out' },
}

/** How far a message got, in words beside the sign. */
export function Delivery({
  of: { status, lastError, attempts },
}: {
  of: NonNullable<TicketMessageFragment['delivery']>
}) {
  const { icon: Icon, text, isBad = false } = told[status]
  return (
    <span className={classes('inline-flex items-center gap-1', isBad && 'font-medium text-bad')}>
      <Icon aria-hidden className="size-3" />
      {text}
      {isBad && lastError ? `: ${lastError}` : null}
      {status === 'QUEUED' && attempts > 0 && `, tried ${attempts} ${attempts === 1 ? 'time' : 'times'}`}
    </span>
  )
}
