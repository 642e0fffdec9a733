import { customerIdOf, newId } from '@quimbi/database/ids.ts'
import type { CustomerOrder } from '../src/orders/types.ts'
import { now } from './analytics-kit.ts'
import { anOrder, dayMs, type World } from './kit.ts'

const ago = (days: number) => new Date(now.getTime() - days * dayMs)
export const idOf = (tenantId: string, nth: number) => customerIdOf(tenantId, 'shop', `C-${nth}`)

export const product = (sku: string, unitPrice = '20') => ({ sku, title: `The ${sku}`, quantity: 1, unitPrice })

/** Orders of a customer at ten in the morning, a few weeks apart. */
export const regular = (nth: number, count = 3, skus: string[] = ['MUG']): CustomerOrder[] =>
  Array.from({ length: count }, (_, time) =>
    anOrder({
      customer: { externalId: `C-${nth}` },
      placedAt: new Date(Math.floor(ago(10 + nth + 28 * time).getTime() / dayMs) * dayMs + 10 * 3_600_000),
      total: String(20 * skus.length),
      items: skus.map((sku) => product(sku)),
    }),
  )

/** A tenant of customers who are all known, with insight. */
export async function aShop(world: World, customers: number, skusOf: (nth: number) => string[] = () => ['MUG']) {
  const tenantId = newId()
  await world.ingest(
    tenantId,
    Array.from({ length: customers }, (_, nth) => regular(nth, 1 + (nth % 5), skusOf(nth))).flat(),
  )
  await world.module.settle()
  return tenantId
}

/** The same customer, passed in. */
export const passedIn = (orders: CustomerOrder[], rest: object = {}) => ({
  customerId: 'theirs',
  orders: orders.map(({ order: { shipments: _, ...order } }) => order),
  ...rest,
})
