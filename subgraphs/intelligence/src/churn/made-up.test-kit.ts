import { createRandom } from '@quimbi/service/random.ts'
import type { CustomerHistory, OrderFact } from '../features/history.ts'

const dayMs = 86_400_000
export const asOf = Date.parse('2024-07-01T00:00Z')

/** Customers who buy at a rate of their own until they silently leave: churn that can be learnt. */
export function madeUpCustomers(count: number, seed: number, days = 400): CustomerHistory[] {
  const random = createRandom(seed)
  return Array.from({ length: count }, (_, k) => {
    const rate = 1 / (10 + 80 * random())
    const leaves = asOf - days * dayMs + -Math.log(1 - random()) * 300 * dayMs
    const orders: OrderFact[] = []
    let at = asOf - Math.floor(days * (0.2 + 0.8 * random())) * dayMs
    do {
      const items = 1 + Math.floor(4 * random())
      orders.push(order(at, 10 * items * (0.5 + random()), items))
      at += Math.max(1, -Math.log(1 - random()) / rate) * dayMs
    } while (at < Math.min(leaves, asOf))
    return { customerId: `c${k}`, country: null, orders, interactions: [], events: [] }
  })
}

export const order = (at: number, amount: number, items = 1): OrderFact => ({
  ...{ at, amount, items, lines: items, refunded: 0, discount: 0, discountedLines: 0 },
  ...{ isReturn: false, skus: [], categories: [] },
})
