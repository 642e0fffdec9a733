import { payload } from '@quimbi/service/errors.ts'
import type { Resolvers } from '../../generated/resolvers.ts'
import { listPolicies, savePolicy } from './service.ts'

export const resolvers = {
  Query: {
    policies: (_, _args, { db, viewer }) => listPolicies(db, viewer),
  },
  Mutation: {
    savePolicy: (_, { input }, { viewer, transact, clock }) =>
      payload(async () => ({ policy: await transact((tx) => savePolicy(tx, viewer, input, clock.now())) })),
  },
  Policy: {
    maxCompensation: async ({ tenantId, maxCompensation }, _args, { loaders }) => {
      if (maxCompensation === null) return null
      const { currencyCode } = await loaders.tenantById.load(tenantId)
      return { amount: maxCompensation.toFixed(), currencyCode }
    },
  },
} satisfies Pick<Resolvers, 'Query' | 'Mutation' | 'Policy'>
