import type { Resolvers } from '../../generated/resolvers.ts'
import { loadActor } from './load-actor.ts'
import { audienceOf } from '../stream/audience.ts'
import { sightOfEntry } from '../stream/sight.ts'
import { cursorOf, listEvents, listEventsOfTicket } from './service.ts'

export const resolvers = {
  Query: {
    events: (_, page, { db, viewer }) => listEvents(db, viewer, page),
  },
  Ticket: {
    events: ({ id, tenantId }, page, { db, loaders }) =>
      listEventsOfTicket({ db, loaders, tenantId, ticketId: id }, page),
  },
  // LEFT_VIEW tells that a ticket is out of sight, and nothing of what it became.
  TicketEvent: {
    id: ({ eventId }) => eventId,
    cursor: cursorOf,
    actor: ({ payload }, _args, { loaders }) => loadActor(loaders, payload.actor),
    causedBy: ({ payload }) => payload.causedBy ?? null,
    ticket: ({ type, ticketId }, _args, { loaders }) =>
      type === 'LEFT_VIEW' ? null : loaders.ticketById.load(ticketId),
    message: ({ payload }, _args, { loaders }) =>
      payload.messageId ? loaders.messageById.load(payload.messageId) : null,
    note: ({ payload }, _args, { loaders }) => (payload.noteId ? loaders.noteById.load(payload.noteId) : null),
    changes: ({ payload }) => payload.changes,
    reason: ({ payload }) => payload.reason ?? null,
    audience: audienceOf,
    sight: (entry, _args, { loaders }) => sightOfEntry(loaders, entry),
  },
} satisfies Pick<Resolvers, 'Query' | 'Ticket' | 'TicketEvent'>
