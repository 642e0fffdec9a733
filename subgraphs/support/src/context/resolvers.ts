import type { Resolvers } from '../../generated/resolvers.ts'
import { conversationContext } from './gather.ts'

export const resolvers = {
  Ticket: {
    conversationContext: (ticket, _args, { loaders }) => conversationContext(ticket, loaders),
  },
} satisfies Pick<Resolvers, 'Ticket'>
