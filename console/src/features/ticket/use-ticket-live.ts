import { useEffect, useEffectEvent, useState } from 'react'
import { useGraph } from '../../graph/graph.tsx'
import {
  TicketPageDocument,
  TicketPositionDocument,
  TicketUpdatesDocument,
  type TicketUpdatesSubscription,
} from './generated/Ticket.ts'
import { addMessage, addNote, forgetThread } from './thread.ts'

type TicketEvent = TicketUpdatesSubscription['ticketUpdated']

/** After these the thread is another: it is read anew. */
const rethreading = new Set<TicketEvent['type']>(['SPLIT', 'MERGED', 'DEMO_RESET'])

/** Keeps a ticket current while it is shown; tells whether it was deleted. */
export function useTicketLive(ticketId: string, number: number): { isDeleted: boolean } {
  const { apollo, live } = useGraph()
  const [isDeleted, setDeleted] = useState(false)

  const load = () => apollo.query({ query: TicketPageDocument, variables: { number }, fetchPolicy: 'network-only' })
  const next = useEffectEvent((event: TicketEvent) => {
    if (event.type === 'TICKET_DELETED') setDeleted(true)
    if (rethreading.has(event.type)) {
      forgetThread(apollo.cache, ticketId)
      load().catch(() => {})
      return
    }
    if (event.message) addMessage(apollo.cache, ticketId, event.message.id)
    if (event.note) addNote(apollo.cache, ticketId, event.note.id)
  })
  const resync = useEffectEvent(async () => {
    // The position first: what happens between the two is heard twice rather than never.
    const { data } = await apollo.query({ query: TicketPositionDocument, fetchPolicy: 'network-only' })
    await load()
    return data?.inbox?.asOf ?? null
  })

  useEffect(
    () =>
      live.subscribe(
        { document: TicketUpdatesDocument, variables: { ticketId } },
        { next: ({ ticketUpdated }) => next(ticketUpdated), resync: () => resync() },
      ),
    [live, ticketId],
  )
  return { isDeleted }
}
