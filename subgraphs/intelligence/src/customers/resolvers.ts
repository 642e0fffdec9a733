import type { Resolvers } from '../../generated/resolvers.ts'
import { listOrders } from '../orders/service.ts'
import { customerInsight, customerInsightByRef } from './service.ts'

export const resolvers = {
  Query: {
    customerInsight: (_, { customerId }, { db, viewer }) => customerInsight(db, viewer, customerId),
    customerInsightByExternalRef: (_, { source, id }, { db, viewer }) => customerInsightByRef(db, viewer, source, id),
  },
  Customer: {
    __resolveReference: ({ id }) => ({ id }),
    behavior: ({ id }, _args, { loaders }) => loaders.behaviorByCustomer.load(id),
    orders: ({ id }, page, { db, viewer, loaders }) => listOrders({ db, loaders, viewer, customerId: id }, page),
    sourceRefs: async ({ id }, _args, { loaders }) => {
      const refs = await loaders.refsByCustomer.load(id)
      return refs.map(({ source, externalId }) => ({ source, id: externalId }))
    },
  },
} satisfies Pick<Resolvers, 'Query' | 'Customer'>
