import { payload } from '@quimbi/service/errors.ts'
import type { Resolvers } from '../../generated/resolvers.ts'
import type { Context } from '../context.ts'
import type { SupportDoors } from '../settings.ts'
import { recordSatisfaction } from './service.ts'

export const resolvers = {
  Mutation: {
    // The composition root's own options come in whole with a login's.
    recordSatisfaction: (_, { input }, { login }) =>
      payload(() => recordSatisfaction(login as Context['login'] & SupportDoors, input)),
  },
  Ticket: {
    satisfaction: ({ id }, _args, { loaders }) => loaders.satisfactionByTicket.load(id),
  },
} satisfies Pick<Resolvers, 'Mutation' | 'Ticket'>
