import { payload } from '@quimbi/service/errors.ts'
import type { Resolvers } from '../../generated/resolvers.ts'
import { loadActor } from '../log/load-actor.ts'
import type { ActorRef } from '../log/actors.ts'
import { ticketOfMessage } from '../tickets/service.ts'
import { addNote, listNotes } from './service.ts'

export const resolvers = {
  Mutation: {
    addNote: (_, { input }, { viewer, transact, clock }) =>
      payload(() => transact((tx) => addNote(tx, viewer, input, clock.now()))),
  },
  Ticket: {
    notes: ({ id, tenantId }, page, { db, loaders }) => listNotes({ db, loaders, tenantId, ticketId: id }, page),
  },
  Note: {
    ticket: ({ ticketId }, _args, { loaders }) => ticketOfMessage(loaders, ticketId),
    author: ({ author }, _args, { loaders }) => loadActor(loaders, author as ActorRef),
    mentions: async ({ mentionIds }, _args, { loaders }) => {
      const agents = await Promise.all(mentionIds.map((id) => loaders.agentById.load(id)))
      return agents.filter((agent) => agent !== null)
    },
  },
  NotePayload: { asOf: ({ eventId }, _args, { positionOf }) => positionOf(eventId) },
} satisfies Pick<Resolvers, 'Mutation' | 'Ticket' | 'Note' | 'NotePayload'>
