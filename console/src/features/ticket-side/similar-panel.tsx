import { useQuery } from '@apollo/client/react'
import { Link } from '@tanstack/react-router'
import { words } from '../../shared/format.ts'
import { Badge } from '../../ui/badge.tsx'
import { Missing, Skeleton } from '../../ui/state.tsx'
import { TicketSideSimilarDocument } from './generated/Similar.ts'
import { SidePanel } from './side-panel.tsx'

/** Earlier tickets like this one, and how they were solved. */
export function SimilarPanel({ ticketId }: { ticketId: string }) {
  return (
    <SidePanel name="similar" title="Similar tickets" isOpenAtFirst={false}>
      <SimilarTickets ticketId={ticketId} />
    </SidePanel>
  )
}

/** Looked for only when the part is open. */
function SimilarTickets({ ticketId }: { ticketId: string }) {
  const { data, error, loading } = useQuery(TicketSideSimilarDocument, { variables: { id: ticketId } })
  const tickets = data?.ticket?.similarTickets
  if (loading && !data) return <Skeleton className="h-16" label="Looking for similar tickets" />
  if (!tickets) return error ? <Missing what="Similar tickets" /> : null
  if (tickets.length === 0) return <p className="text-sm text-ink-soft">No earlier ticket is like this one.</p>
  return (
    <ul className="flex flex-col gap-2">
      {tickets.map(({ id, number, subject, status, resolution }) => (
        <li key={id} className="text-sm">
          <div className="flex items-center gap-2">
            <Link
              to="/inbox/$number"
              params={{ number: String(number) }}
              search={(kept) => kept}
              className="inline-flex min-h-6 min-w-0 items-center gap-1 text-accent hover:underline"
            >
              <span className="tabular-nums">#{number}</span>
              <span className="truncate" title={subject}>
                {subject}
              </span>
            </Link>
            <Badge className="ml-auto">{words(status)}</Badge>
          </div>
          {resolution && <p className="text-xs text-ink-soft">{resolution}</p>}
        </li>
      ))}
    </ul>
  )
}
