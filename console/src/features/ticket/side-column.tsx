import { CatchBoundary } from '@tanstack/react-router'
import { memo, Suspense, useDeferredValue, type ReactNode } from 'react'
import { lazyPart } from '../../ui/lazy-part.tsx'
import { Missing, Skeleton } from '../../ui/state.tsx'

const TicketSide = lazyPart(async () => (await import('../ticket-side/side.tsx')).TicketSide)
const CustomerPanel = lazyPart(async () => (await import('../customer/panel.tsx')).CustomerPanel)

/** A part that fails, or cannot be fetched, takes nothing else along. */
export function Part({ what, children }: { what: string; children: ReactNode }) {
  return (
    <CatchBoundary getResetKey={() => what} errorComponent={() => <Missing what={what} />}>
      <Suspense fallback={<Skeleton className="h-40" label={`Loading: ${what}`} />}>{children}</Suspense>
    </CatchBoundary>
  )
}

export function TicketPart({ ticketId, children }: { ticketId: string; children?: ReactNode }) {
  return (
    <Part what="What is known of the ticket">
      <TicketSide ticketId={ticketId}>{children}</TicketSide>
    </Part>
  )
}

export function CustomerPart({ customerId }: { customerId: string }) {
  return (
    <Part what="What is known of the customer">
      <CustomerPanel customerId={customerId} />
    </Part>
  )
}

/** Drawn once what it stands in is on the screen, between what people do. */
function Later({ children }: { children: ReactNode }) {
  const isTime = useDeferredValue(true, false)
  return isTime ? children : <Skeleton className="h-40" />
}

type SideColumnProps = { ticketId: string; customerId: string }

/** What is known of the ticket and of who wrote it, beside the conversation. */
export const SideColumn = memo(function SideColumn({ ticketId, customerId }: SideColumnProps) {
  return (
    <aside
      aria-label="Ticket and customer"
      tabIndex={0}
      className="flex w-88 shrink-0 flex-col gap-2 overflow-y-auto border-l border-line bg-ground p-2 outline-offset-[-2px]"
    >
      <Later>
        <TicketPart ticketId={ticketId}>
          <Later>
            <CustomerPart customerId={customerId} />
          </Later>
        </TicketPart>
      </Later>
    </aside>
  )
})
