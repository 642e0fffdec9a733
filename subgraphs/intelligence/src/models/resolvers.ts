import { payload } from '@quimbi/service/errors.ts'
import type { Resolvers } from '../../generated/resolvers.ts'
import { listJobs, listModels, trainModels } from './service.ts'

export const resolvers = {
  Query: {
    models: (_, _args, { db, viewer }) => listModels(db, viewer),
    jobs: (_, { first }, { db, viewer }) => listJobs(db, viewer, first),
  },
  Mutation: {
    trainModels: (_, { input }, { viewer, transact, clock }) =>
      payload(() => transact((tx) => trainModels(tx, viewer, input, clock.now()))),
  },
} satisfies Pick<Resolvers, 'Query' | 'Mutation'>
