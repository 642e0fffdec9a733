import { payload } from '@quimbi/service/errors.ts'
import type { Resolvers } from '../../generated/resolvers.ts'
import { recordDraftUse } from './service.ts'

export const resolvers = {
  Mutation: {
    recordDraftUse: (_, { input }, { viewer, transact, clock }) =>
      payload(() => transact((tx) => recordDraftUse(tx, viewer, input, clock.now()))),
  },
} satisfies Pick<Resolvers, 'Mutation'>
