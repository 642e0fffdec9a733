import type { ApolloClient } from '@apollo/client'
import { addTypenameToDocument, getMainDefinition } from '@apollo/client/utilities'
import { execute, type DocumentNode, type GraphQLSchema } from 'graphql'
import type { Live } from '../../../graph/live.ts'
import { streamDraft } from './draft-stream.ts'
import { fits, isInInbox, viewNotification, type Filter } from './queries.ts'
import type { EventRecord, TicketRecord } from './records.ts'
import { viewEvent } from './view.ts'
import type { World } from './world.ts'

type Values = Record<string, unknown>
type Subscriber = { field: string; variables: Values; tell(value: unknown): void }

/** Subscriptions of the demo: what happens in the world, told within this browser. */
export function createDemoLive(world: World, schema: GraphQLSchema, apollo: ApolloClient): Live {
  const subscribers = new Set<Subscriber>()
  const ends = [
    world.listen(({ event, ticket }) => {
      for (const one of subscribers) tellOf(world, one, event, ticket)
    }),
    world.onNotification((notification) => {
      for (const one of subscribers)
        if (one.field === 'notificationReceived') one.tell(viewNotification(world, notification))
    }),
  ]
  const live = { state: 'live' } as const
  return {
    subscribe({ document, variables }, sink) {
      const query = addTypenameToDocument(document)
      const field = rootFieldOf(query)
      const given: Values = variables ?? {}
      const subscriber: Subscriber = {
        field,
        variables: given,
        // After the answer of what caused it, as over a wire.
        tell: (value) =>
          void setTimeout(() => {
            if (!subscribers.has(subscriber)) return
            const data = run(schema, query, field, value, given)
            apollo.cache.write({ dataId: 'ROOT_SUBSCRIPTION', query, variables: given as never, result: data as never })
            sink.next(data as never, [])
          }),
      }
      subscribers.add(subscriber)
      const stop = field === 'draftStream' ? streamDraft(world, given, subscriber.tell) : undefined
      return () => {
        subscribers.delete(subscriber)
        stop?.()
      }
    },
    status: () => live,
    onStatus: () => () => {},
    tryNow() {},
    close() {
      subscribers.clear()
      ends.forEach((end) => end())
    },
  }
}

function rootFieldOf(query: DocumentNode): string {
  const definition = getMainDefinition(query)
  const [first] = definition.selectionSet.selections
  return first?.kind === 'Field' ? first.name.value : ''
}

/** What of an event a subscriber gets to hear; out of the inbox it has left the view. */
function tellOf(world: World, { field, variables, tell }: Subscriber, event: EventRecord, ticket: TicketRecord): void {
  const view = viewEvent(world, event, ticket)
  if (field === 'ticketUpdated' && variables['ticketId'] === ticket.id) tell(view)
  if (field !== 'inboxUpdated') return
  const isThere = world.tickets.includes(ticket)
  if (isThere && isInInbox(ticket) && fits(ticket, variables['filter'] as Filter | null)) return tell(view)
  tell({ ...view, type: 'LEFT_VIEW', ticket: null })
}

/** The subscription's selection over one event; a query over its root type is exactly that. */
function run(schema: GraphQLSchema, document: DocumentNode, field: string, value: unknown, variableValues: Values) {
  const result = execute({ schema, document, rootValue: { [field]: value }, variableValues })
  if (result instanceof Promise) throw new Error('The demo answers at once.')
  const answered = result as { data?: Record<string, unknown> | null; errors?: readonly Error[] }
  if (!answered.data) throw answered.errors?.[0] ?? new Error('The demo has no answer.')
  return answered.data
}
