import { Toolbar } from 'radix-ui'
import { memo, Suspense, useRef, useState } from 'react'
import { lazyPart } from '../../ui/lazy-part.tsx'
import { ErrorState, Skeleton } from '../../ui/state.tsx'
import { useAbilities } from './abilities.ts'
import type { Panel } from './panels.ts'
import { useServerTimeOf } from './server-time.ts'
import { TicketFacts } from './ticket-facts.tsx'
import { useTicketActs } from './ticket-acts.ts'
import { useToolbarCommands } from './toolbar-commands.ts'
import { ToolbarButtons } from './toolbar-buttons.tsx'
import { useTicket, type TicketNow } from './use-ticket.ts'

const ToolbarDialog = lazyPart(() => import('./toolbar-dialog.tsx').then((module) => module.ToolbarDialog))

/** What can be done with a ticket: status, assignee, snooze, priority, tags, more. */
export const TicketToolbar = memo(function TicketToolbar({ ticketId }: { ticketId: string }) {
  const { ticket, error, isLoading, refetch } = useTicket(ticketId)
  if (ticket) return <Tools key={ticket.id} ticket={ticket} />
  if (isLoading) return <Skeleton className="h-8 w-full" label="Loading the tools" />
  return error ? <ErrorState error={error} onRetry={() => void refetch()} /> : null
})

function Tools({ ticket }: { ticket: TicketNow }) {
  const [open, show] = useState<Panel | null>(null)
  const may = useAbilities(ticket.assignee?.id ?? null)
  const acts = useTicketActs(ticket)
  const panels = { open, show }
  const tools = useRef<HTMLDivElement>(null)
  // The dialogs have no button of their own to give the focus back to.
  const closeDialog = () => {
    show(null)
    setTimeout(() => tools.current?.querySelector<HTMLElement>('[aria-label="More"]')?.focus(), 0)
  }
  useServerTimeOf(ticket.sla)
  useToolbarCommands({ ticket, acts, may, panels })
  return (
    <div className="flex flex-col gap-1">
      <Toolbar.Root ref={tools} aria-label={`Ticket #${ticket.number}`} className="flex flex-wrap items-center gap-0.5">
        <ToolbarButtons {...{ ticket, acts, may, panels }} />
      </Toolbar.Root>
      <TicketFacts ticket={ticket} acts={acts} may={may} />
      {isDialog(open) && (
        <Suspense fallback={null}>
          <ToolbarDialog ticket={ticket} panel={open} onClose={closeDialog} />
        </Suspense>
      )}
    </div>
  )
}

const beside: readonly (Panel | null)[] = ['assign', 'snooze', 'tags', null]
const isDialog = (panel: Panel | null): panel is Exclude<Panel, 'assign' | 'snooze' | 'tags'> => !beside.includes(panel)
