import { codedError, payload } from '@quimbi/service/errors.ts'
import type { Resolvers } from '../../generated/resolvers.ts'
import { autoAssignTicket } from './automatic.ts'
import { assignTicket } from './by-hand.ts'
import { assignNextTicket } from './next.ts'
import { transferTicket } from './transfer.ts'

export const resolvers = {
  Mutation: {
    assignTicket: (_, { input }, { viewer, transact, clock }) =>
      payload(() => transact((tx) => assignTicket(tx, viewer, input, clock.now()))),
    autoAssignTicket: (_, { input }, { viewer, transact, clock }) =>
      payload(() => transact((tx) => autoAssignTicket(tx, viewer, input, clock.now()))),
    assignNextTicket: (_, { input }, { viewer, transact, clock }) =>
      payload(() => transact((tx) => assignNextTicket(tx, viewer, input, clock.now()))),
    transferTicket: (_, { input }, { viewer, transact, clock }) =>
      payload(() => transact((tx) => transferTicket(tx, viewer, input, clock.now()))),
  },
  Assignment: {
    agent: async ({ agentId }, _args, { loaders }) =>
      (await loaders.agentById.load(agentId)) ?? Promise.reject(codedError('NOT_FOUND', 'The agent is gone.')),
  },
  Ticket: {
    assignments: ({ id }, _args, { loaders }) => loaders.assignmentsByTicket.load(id),
  },
} satisfies Pick<Resolvers, 'Mutation' | 'Assignment' | 'Ticket'>
