import { useQuery } from '@apollo/client/react'
import { TicketSideHeadlineDocument, type TicketHeadlineFragment } from './generated/Headline.ts'

export type TicketNow = TicketHeadlineFragment

/** The ticket as it is now: from the cache, where the page's events keep it. Null while it loads, and where there is none. */
export function useTicket(ticketId: string) {
  const { data, error, loading, refetch } = useQuery(TicketSideHeadlineDocument, { variables: { id: ticketId } })
  return { ticket: data?.ticket ?? null, error, isLoading: loading && !data, refetch }
}

/** Changes whenever something happened to the ticket: what is not in the events themselves is then read again. */
export const versionOf = ({ updatedAt, sla, decisions, conversationRevision }: TicketNow): string =>
  [
    updatedAt,
    conversationRevision,
    ...sla.map(({ metric, status }) => `${metric}:${status}`),
    ...decisions.map(({ id, undoneAt }) => `${id}:${undoneAt ?? ''}`),
  ].join()
