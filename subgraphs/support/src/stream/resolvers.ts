import type { Resolvers } from '../../generated/resolvers.ts'
import type { TicketEntry } from '../log/entries.ts'
import { inboxUpdates, ticketUpdates } from './service.ts'

export const resolvers = {
  Subscription: {
    inboxUpdated: {
      subscribe: (_, args, context) => inboxUpdates(context, args),
      resolve: (entry: TicketEntry) => entry,
    },
    ticketUpdated: {
      subscribe: (_, args, context) => ticketUpdates(context, args),
      resolve: (entry: TicketEntry) => entry,
    },
  },
} satisfies Pick<Resolvers, 'Subscription'>
