import { payload } from '@quimbi/service/errors.ts'
import type { Resolvers } from '../../generated/resolvers.ts'
import { createApiKey, revokeApiKey } from './service.ts'

export const resolvers = {
  Mutation: {
    createApiKey: (_, { input }, { viewer, transact, clock }) =>
      payload(() => transact((tx) => createApiKey(tx, viewer, input, clock.now()))),
    revokeApiKey: (_, { input }, { viewer, transact, clock }) =>
      payload(() => transact((tx) => revokeApiKey(tx, viewer, input.id, clock.now()))),
  },
} satisfies Pick<Resolvers, 'Mutation'>
