import type { Resolvers } from '../../generated/resolvers.ts'
import { ingestPayload } from '../common/intake.ts'
import { ingestEvents } from './ingest.ts'

export const resolvers = {
  Mutation: {
    ingestEvents: (_, { input }, { viewer, transact, clock }) =>
      ingestPayload(() => transact((tx) => ingestEvents(tx, viewer, input, clock.now()))),
  },
} satisfies Pick<Resolvers, 'Mutation'>
