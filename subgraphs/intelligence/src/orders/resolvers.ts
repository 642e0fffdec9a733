import type { Resolvers } from '../../generated/resolvers.ts'
import { ingestPayload } from '../common/intake.ts'
import { ingestOrders } from './ingest.ts'
import { money } from './money.ts'

export const resolvers = {
  Mutation: {
    ingestOrders: (_, { input }, { viewer, transact, clock }) =>
      ingestPayload(() => transact((tx) => ingestOrders(tx, viewer, input, clock.now()))),
  },
  Order: {
    __resolveReference: ({ id }, { loaders }) => loaders.orderById.load(id),
    total: ({ total, currencyCode }) => money(total, currencyCode),
    discount: ({ discount, currencyCode }) => discount && money(discount, currencyCode),
    refunded: ({ refunded, currencyCode }) => refunded && money(refunded, currencyCode),
    items: async ({ id, currencyCode }, _args, { loaders }) => {
      const items = await loaders.itemsByOrder.load(id)
      return items.map((item) => ({ ...item, currencyCode }))
    },
    shipments: ({ id }, _args, { loaders }) => loaders.shipmentsByOrder.load(id),
  },
  OrderItem: {
    unitPrice: ({ unitPrice, currencyCode }) => money(unitPrice, currencyCode),
  },
} satisfies Pick<Resolvers, 'Mutation' | 'Order' | 'OrderItem'>
