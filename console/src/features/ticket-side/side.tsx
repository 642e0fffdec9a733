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

/** What is known and to be done of a ticket: next best actions, SLA clocks, score, decisions, history. */
export function TicketSide({ ticketId }: { ticketId: string }) {
  const { ticket, error, isLoading, refetch } = useTicket(ticketId)
  if (ticket) return <Parts key={ticket.id} ticket={ticket} />
  if (isLoading)
    return (
      <div className="flex flex-col gap-2">
        <Skeleton className="h-32" label="Loading what is known of the ticket" />
        <Skeleton className="h-20" />
        <Skeleton className="h-40" />
      </div>
    )
  return error ? <ErrorState error={error} onRetry={() => void refetch()} /> : null
}

function Parts({ ticket }: { ticket: TicketNow }) {
  const may = useAbilities(ticket.assignee?.id ?? null)
  useServerTimeOf(ticket.sla)
  return (
    <div className="flex flex-col gap-2">
      <ActionsPanel ticket={ticket} mayAct={may.change} />
      <SlaPanel clocks={ticket.sla} />
      <DecisionsPanel ticket={ticket} mayUndo={may.change} />
      <ScorePanel score={ticket.smartScore} />
      <TriagePanel ticket={ticket} />
      <OutcomePanel ticket={ticket} />
      <SimilarPanel ticketId={ticket.id} />
      <HistoryPanel ticket={ticket} />
    </div>
  )
}
