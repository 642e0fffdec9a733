import { codedError, payload } from '@quimbi/service/errors.ts'
import type { Resolvers } from '../../generated/resolvers.ts'
import { presenceChanges, setPresence, viewersOf } from './service.ts'
import type { Present } from './store.ts'

export const resolvers = {
  Mutation: {
    setPresence: (_, { input }, context) =>
      payload(() => setPresence(context.live.presence, context, input, context.clock.now()), { viewers: [] }),
  },
  Ticket: { viewers: (ticket, _args, { live, viewer }) => viewersOf(live.presence, viewer, ticket) },
  Presence: {
    agent: async ({ agentId }, _args, { loaders }) =>
      (await loaders.agentById.load(agentId)) ?? Promise.reject(codedError('NOT_FOUND', 'The agent is gone.')),
  },
  Subscription: {
    presenceChanged: {
      subscribe: (_, { ticketId }, context) => presenceChanges(context.live.presence, context, ticketId),
      resolve: (present: Present[]) => present,
    },
  },
} satisfies Pick<Resolvers, 'Mutation' | 'Ticket' | 'Presence' | 'Subscription'>
