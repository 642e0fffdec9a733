import { payload } from '@quimbi/service/errors.ts'
import type { Resolvers } from '../../generated/resolvers.ts'
import { ingestPayload } from '../common/intake.ts'
import { listOrders } from '../orders/service.ts'
import { featuresView } from '../profiles/insight.ts'
import { eraseCustomerInsight } from './erase.ts'
import { mergeIdentities } from './merge.ts'
import { customerInsight, customerInsightByRef, customerInsights } from './service.ts'
import { syncCustomer } from './sync.ts'

export const resolvers = {
  Query: {
    customerInsight: (_, { customerId }, { loaders, viewer }) =>
      customerInsight(loaders.lookByCustomer, viewer, customerId),
    customerInsights: (_, { customerIds }, { loaders, viewer }) =>
      customerInsights(loaders.lookByCustomer, viewer, customerIds),
    customerInsightByExternalRef: (_, { source, id }, { db, viewer }) => customerInsightByRef(db, viewer, source, id),
  },
  Mutation: {
    syncCustomer: (_, { input }, { viewer, transact, clock }) =>
      payload(() => transact((tx) => syncCustomer(tx, viewer, input, clock.now()))),
    mergeIdentities: (_, { input }, { viewer, transact, clock }) =>
      payload(() => transact((tx) => mergeIdentities(tx, viewer, input, clock.now()))),
    eraseCustomerInsight: (_, { input }, { viewer, transact, clock }) =>
      ingestPayload(() => transact((tx) => eraseCustomerInsight(tx, viewer, input, clock.now()))),
  },
  Customer: {
    __resolveReference: ({ id }) => ({ id }),
    behavior: async ({ id }, _args, { loaders }) => {
      const behavior = await loaders.behaviorByCustomer.load(id)
      return behavior && { ...behavior, features: async () => featuresView(await loaders.insightByCustomer.load(id)) }
    },
    orders: ({ id }, page, { db, viewer, loaders }) => listOrders({ db, loaders, viewer, customerId: id }, page),
    sourceRefs: async ({ id }, _args, { loaders }) => {
      const refs = await loaders.refsByCustomer.load(id)
      return refs.map(({ source, externalId }) => ({ source, id: externalId }))
    },
  },
} satisfies Pick<Resolvers, 'Query' | 'Mutation' | 'Customer'>
