import { useQuery } from '@apollo/client/react'
import { useEffect, useEffectEvent } from 'react'
import { TicketSideHistoryDocument, type TicketSideHistoryQuery } from './generated/History.ts'
import { useReread } from './use-reread.ts'

/** More than any ticket has that people can read: the newest would then be looked for elsewhere. */
const most = 2_000

/** All that happened to a ticket, oldest first. The log is read forward, page by page; what is new is added when `version` says that something is. */
export function useHistory(ticketId: string, version: string) {
  const { data, error, loading, fetchMore } = useQuery(TicketSideHistoryDocument, { variables: { id: ticketId } })
  const page = data?.ticket?.events
  const events = page?.nodes ?? []
  const more = () => fetchMore({ variables: { after: page?.pageInfo.endCursor ?? null }, updateQuery: joined })
  const readOn = useEffectEvent(more)
  const next = page?.pageInfo.hasNextPage && events.length < most ? page.pageInfo.endCursor : null
  useEffect(() => {
    if (next !== null) void readOn()
  }, [next])
  useReread(version, more)
  return {
    events,
    assignments: data?.ticket?.assignments ?? [],
    isLoading: loading && !data,
    isMissing: Boolean(error) && !data?.ticket,
  }
}

function joined(known: TicketSideHistoryQuery, { fetchMoreResult: came }: { fetchMoreResult: TicketSideHistoryQuery }) {
  if (!known.ticket || !came.ticket) return known
  const ids = new Set(known.ticket.events.nodes.map(({ id }) => id))
  const { nodes, pageInfo } = came.ticket.events
  return {
    ...known,
    ticket: {
      ...known.ticket,
      assignments: came.ticket.assignments,
      events: {
        ...known.ticket.events,
        nodes: [...known.ticket.events.nodes, ...nodes.filter(({ id }) => !ids.has(id))],
        // A page with nothing on it has no end: the last known one stays.
        pageInfo: { ...pageInfo, endCursor: pageInfo.endCursor ?? known.ticket.events.pageInfo.endCursor },
      },
    },
  }
}
