import type { Resolvers } from '../../generated/resolvers.ts'
import type { InsightChange } from './changes.ts'
import { insightChanges } from './service.ts'

export const resolvers = {
  Subscription: {
    insightChanged: {
      subscribe: (_, args, context) => insightChanges(context, args),
      resolve: (change: InsightChange) => change,
    },
  },
  InsightChange: {
    customer: ({ customerId }) => ({ id: customerId }),
  },
} satisfies Pick<Resolvers, 'Subscription' | 'InsightChange'>
