import type { Resolvers } from '../../../generated/resolvers.ts'
import { listUsage } from './service.ts'

export const resolvers = {
  Query: {
    generationUsage: (_, { days }, { db, viewer, clock }) => listUsage(db, viewer, days, clock.now()),
  },
} satisfies Pick<Resolvers, 'Query'>
