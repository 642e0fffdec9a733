import { ErrorState } from '../../ui/state.tsx'
import { TicketDeleted, TicketNotFound, TicketSkeleton } from './states.tsx'
import { OpenTicket } from './open-ticket.tsx'
import { useThread } from './use-thread.ts'
import { failuresOf } from '../../graph/errors.ts'
import { useTicketLive } from './use-ticket-live.ts'
import type { Thread } from './use-thread.ts'

/** A ticket: conversation, composer, and beside them what is known. */
export function TicketPage({ number }: { number: number }) {
  const { ticket, error, isLoading, refetch } = useThread(number)
  if (ticket) return <Followed key={ticket.id} ticket={ticket} />
  if (isLoading) return <TicketSkeleton />
  const isAbsent = failuresOf(error).every(({ code }) => code === 'NOT_FOUND' || code === 'BAD_USER_INPUT')
  if (isAbsent) return <TicketNotFound number={number} />
  return <ErrorState title="The ticket could not be loaded" error={error} onRetry={() => void refetch()} />
}

function Followed({ ticket }: { ticket: Thread }) {
  const { isDeleted } = useTicketLive(ticket.id, ticket.number)
  return isDeleted ? <TicketDeleted number={ticket.number} /> : <OpenTicket ticket={ticket} />
}
