import { useQuery } from '@apollo/client/react'
import { Link } from '@tanstack/react-router'
import { formatDate, words } from '../../shared/format.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { ErrorState, Skeleton } from '../../ui/state.tsx'
import { CustomerTicketsDocument, type CustomerTicketFragment } from './generated/Tickets.ts'
import { Pages } from './pages.tsx'
import { channelName } from './wording.ts'

/** What they wrote about before. */
export function Tickets({ customerId, first = 5 }: { customerId: string; first?: number }) {
  return (
    <Pages>{(after, more) => <TicketsPage key={after ?? 'first'} {...{ customerId, first, after, more }} />}</Pages>
  )
}

type PageProps = { customerId: string; first: number; after: string | null; more: ((cursor: string) => void) | null }

function TicketsPage({ customerId, first, after, more }: PageProps) {
  const { data, loading, error, refetch } = useQuery(CustomerTicketsDocument, {
    variables: { id: customerId, first, after },
    fetchPolicy: 'cache-and-network',
  })
  const tickets = data?.customer?.tickets
  if (!tickets)
    return loading ? (
      <Skeleton className="h-16" label="Loading tickets" />
    ) : (
      <ErrorState title="Their tickets could not be loaded" error={error} onRetry={() => void refetch()} />
    )
  if (tickets.nodes.length === 0 && after === null) return <p className="text-sm text-ink-soft">No ticket yet.</p>
  const { endCursor, hasNextPage } = tickets.pageInfo
  return (
    <>
      <ul aria-label={after === null ? 'Tickets' : 'Earlier tickets'} className="divide-y divide-line">
        {tickets.nodes.map((ticket) => (
          <TicketItem key={ticket.id} ticket={ticket} />
        ))}
      </ul>
      {more && hasNextPage && endCursor && (
        <Button kind="quiet" className="mt-1 w-full" onClick={() => more(endCursor)}>
          Earlier tickets
        </Button>
      )}
    </>
  )
}

const tones: Record<CustomerTicketFragment['status'], Tone> = { OPEN: 'accent', PENDING: 'note', CLOSED: 'neutral' }

function TicketItem({
  ticket: { number, subject, status, channel, createdAt, assignee },
}: {
  ticket: CustomerTicketFragment
}) {
  return (
    <li className="py-1.5 first:pt-0 last:pb-0">
      <Link
        to="/inbox/$number"
        params={{ number: String(number) }}
        className="flex min-h-6 items-center gap-2 rounded text-sm hover:text-accent"
      >
        <span className="text-ink-faint tabular-nums">#{number}</span>
        <span className="min-w-0 flex-1 truncate" title={subject}>
          {subject}
        </span>
        <Badge tone={tones[status]}>{words(status)}</Badge>
      </Link>
      <p className="text-xs text-ink-soft">
        {formatDate(createdAt)} · {channelName(channel)} · {assignee?.name ?? 'nobody’s'}
      </p>
    </li>
  )
}
