import { payload } from '@quimbi/service/errors.ts'
import type { Resolvers } from '../../generated/resolvers.ts'
import { deleteQueue, listQueues, saveQueue, ticketsInQueue } from './service.ts'

export const resolvers = {
  Query: {
    queues: (_, _args, context) => listQueues(context),
  },
  Mutation: {
    saveQueue: (_, { input }, { viewer, transact, clock }) =>
      payload(async () => ({ queue: await transact((tx) => saveQueue(tx, viewer, input, clock.now())) })),
    deleteQueue: (_, { input }, { viewer, transact, clock }) =>
      payload(() => transact((tx) => deleteQueue(tx, viewer, input, clock.now()))),
  },
  Queue: {
    openCount: ({ id }, _args, { loaders }) => loaders.openTicketsInQueue.load(id),
    tickets: (queue, page, { db, viewer }) => ticketsInQueue(db, viewer, queue, page),
  },
  Ticket: {
    queue: ({ queueId }, _args, { loaders }) => (queueId ? loaders.queueById.load(queueId) : null),
  },
} satisfies Pick<Resolvers, 'Query' | 'Mutation' | 'Queue' | 'Ticket'>
