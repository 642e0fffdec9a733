import type { Resolvers } from '../../generated/resolvers.ts'
import { isVip } from './vip.ts'

export const resolvers = {
  Customer: {
    insightSnapshot: async ({ churnRisk, lifetimeValue, archetype, insightAt }, _args, { loaders }) => {
      if (churnRisk === null || lifetimeValue === null || insightAt === null) return null
      const { tenant } = await loaders.tenantConfig()
      return {
        churnRisk,
        ltv: { amount: lifetimeValue.toFixed(2), currencyCode: tenant.currencyCode },
        archetype,
        asOf: insightAt,
      }
    },
    isVip: async (customer, _args, { loaders }) => {
      if (customer.isVip || customer.lifetimeValue === null) return customer.isVip
      return isVip(customer, (await loaders.tenantConfig()).tenant)
    },
  },
} satisfies Pick<Resolvers, 'Customer'>
