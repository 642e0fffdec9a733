import type { Resolvers } from '../../generated/resolvers.ts'
import { supportMetrics } from './service.ts'

export const resolvers = {
  Query: { supportMetrics: (_, range, { viewer, transact }) => supportMetrics({ viewer, transact }, range) },
} satisfies Pick<Resolvers, 'Query'>
