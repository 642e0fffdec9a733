import { useQuery } from '@apollo/client/react'
import { useEffect } from 'react'
import { TicketMessagesDocument, TicketPageDocument } from './generated/Ticket.ts'

/** A ticket with its whole thread: the API reads it from its beginning, and its end is what is wanted. */
export function useThread(number: number) {
  const { data, error, loading, refetch, fetchMore } = useQuery(TicketPageDocument, { variables: { number } })
  const ticket = data?.ticketByNumber
  const id = ticket?.id
  const { hasNextPage = false, endCursor = null } = ticket?.messages.pageInfo ?? {}
  useEffect(() => {
    if (id === undefined || !hasNextPage) return
    fetchMore({ query: TicketMessagesDocument, variables: { id, after: endCursor } }).catch(() => {})
  }, [id, hasNextPage, endCursor, fetchMore])
  return { ticket, error, isLoading: loading, refetch }
}

export type Thread = NonNullable<ReturnType<typeof useThread>['ticket']>
