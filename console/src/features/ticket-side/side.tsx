import type { ReactNode } from 'react'
import { ErrorState, Skeleton } from '../../ui/state.tsx'
import { useAbilities } from './abilities.ts'
import { DecisionsPanel } from './decisions-panel.tsx'
import { HistoryPanel } from './history-panel.tsx'
import { ActionsPanel } from './actions-panel.tsx'
import { OutcomePanel } from './outcome-panel.tsx'
import { ScorePanel } from './score-panel.tsx'
import { useServerTimeOf } from './server-time.ts'
import { SimilarPanel } from './similar-panel.tsx'
import { SlaPanel } from './sla-panel.tsx'
import { TriagePanel } from './triage-panel.tsx'
import { useTicket, type TicketNow } from './use-ticket.ts'

/** What is known and to be done of a ticket: next best actions, SLA clocks, score, decisions, history. What is given stands after what presses. */
export function TicketSide({ ticketId, children }: { ticketId: string; children?: ReactNode }) {
  const { ticket, error, isLoading, refetch } = useTicket(ticketId)
  if (ticket)
    return (
      <Parts key={ticket.id} ticket={ticket}>
        {children}
      </Parts>
    )
  if (isLoading)
    return (
      <div className="flex flex-col gap-2">
        <Skeleton className="h-32" label="Loading what is known of the ticket" />
        <Skeleton className="h-20" />
        {children}
      </div>
    )
  return (
    <>
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {children}
    </>
  )
}

function Parts({ ticket, children }: { ticket: TicketNow; children: ReactNode }) {
  const may = useAbilities(ticket.assignee?.id ?? null)
  useServerTimeOf(ticket.sla)
  return (
    <div className="flex flex-col gap-2">
      <ActionsPanel ticket={ticket} mayAct={may.change} />
      <SlaPanel clocks={ticket.sla} />
      {children}
      <DecisionsPanel ticket={ticket} mayUndo={may.change} />
      <ScorePanel score={ticket.smartScore} />
      <TriagePanel ticket={ticket} />
      <OutcomePanel ticket={ticket} />
      <SimilarPanel ticketId={ticket.id} />
      <HistoryPanel ticket={ticket} />
    </div>
  )
}
