import type { Resolvers } from '../../generated/resolvers.ts'
import { ticketOfMessage } from '../tickets/service.ts'

export const resolvers = {
  Message: {
    __resolveReference: ({ id }, { loaders }) => loaders.messageById.load(id),
    ticket: ({ ticketId }, _args, { loaders }) => ticketOfMessage(loaders, ticketId),
  },
} satisfies Pick<Resolvers, 'Message'>
