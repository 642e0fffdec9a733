import type { Resolvers } from '../../generated/resolvers.ts'
import { ingestPayload } from '../common/intake.ts'
import { ingestInteractions } from './ingest.ts'

export const resolvers = {
  Mutation: {
    ingestInteractions: (_, { input }, { viewer, transact, clock }) =>
      ingestPayload(() => transact((tx) => ingestInteractions(tx, viewer, input, clock.now()))),
  },
} satisfies Pick<Resolvers, 'Mutation'>
