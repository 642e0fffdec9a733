import type { Resolvers } from '../../generated/resolvers.ts'
import { rateLimitOf } from './admission.ts'

export const resolvers = {
  Query: {
    rateLimit: (_, _args, { admission }) => rateLimitOf(admission),
  },
} satisfies Pick<Resolvers, 'Query'>
