import { money, totalOf } from './insight.ts'
import type { OrderRecord } from './records.ts'
import { iso } from './world.ts'

export const viewOrder = (order: OrderRecord) => ({
  ...order,
  source: 'demo-shop',
  placedAt: iso(order.placedAt),
  total: money(totalOf(order)),
  discount: null,
  refunded: order.status === 'RETURNED' ? money(totalOf(order)) : null,
  items: order.items.map(({ price, ...item }) => ({ ...item, discounted: false, unitPrice: money(price) })),
  shipments:
    order.status === 'PAID'
      ? []
      : [
          {
            carrier: 'DHL',
            status: order.status === 'DELIVERED' ? 'DELIVERED' : 'IN_TRANSIT',
            trackingNumber: `JD${order.externalId.slice(1)}`,
            updatedAt: iso(order.placedAt + 2 * 86_400_000),
          },
        ],
})
