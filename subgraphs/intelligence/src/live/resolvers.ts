import type { Resolvers } from '../../generated/resolvers.ts'
import type { InsightChange } from './changes.ts'
import { insightChanges, insightPosition } from './service.ts'

export const resolvers = {
  Query: {
    insightPosition: (_, _args, { db, viewer }) => insightPosition(db, viewer),
  },
  Subscription: {
    insightChanged: {
      subscribe: (_, args, context) => insightChanges(context, args),
      resolve: (change: InsightChange) => change,
    },
  },
  InsightChange: {
    customer: ({ customerId }) => ({ id: customerId }),
  },
} satisfies Pick<Resolvers, 'Query' | 'Subscription' | 'InsightChange'>
