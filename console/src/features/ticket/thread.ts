import type { ApolloCache, Reference } from '@apollo/client'

/** Puts what came live, or was just written, into its ticket's thread. It is in the cache already. */
export const addMessage = (cache: ApolloCache, ticketId: string, id: string) =>
  add(cache, ticketId, 'messages', `Message:${id}`)

export const addNote = (cache: ApolloCache, ticketId: string, id: string) => add(cache, ticketId, 'notes', `Note:${id}`)

function add(cache: ApolloCache, ticketId: string, field: 'messages' | 'notes', ref: string): void {
  cache.modify<Record<'messages' | 'notes', { nodes?: readonly Reference[] }>>({
    id: `Ticket:${ticketId}`,
    fields: {
      [field]: (list: { nodes?: readonly Reference[] }) =>
        list.nodes?.some(({ __ref }) => __ref === ref)
          ? list
          : { ...list, nodes: [...(list.nodes ?? []), { __ref: ref }] },
    },
  })
}

/** Forgets a thread that was taken apart or begun anew, so that it is read as it is. */
export function forgetThread(cache: ApolloCache, ticketId: string): void {
  cache.evict({ id: `Ticket:${ticketId}`, fieldName: 'messages' })
  cache.evict({ id: `Ticket:${ticketId}`, fieldName: 'notes' })
}
