import type { Asking } from '../../advice/subject.ts'
import { newest } from './known.ts'
import { sayGiven, sayNumber } from './say.ts'
import type { Stated } from './stated.ts'

const mostProducts = 3

type Bought = { title: string; quantity: number; orderId: string; quote: string }

/** What a customer buys most, out of the newest orders; each product rests on the newest order that holds it. Many are loaded together. */
export async function boughtBy({ loaders }: Asking, customerId: string): Promise<Stated[]> {
  const orders = (await loaders.newestOrders(newest).load(customerId)).filter(({ status }) => status !== 'CANCELLED')
  const items = await Promise.all(orders.map(({ id }) => loaders.itemsByOrder.load(id)))
  const bySku = new Map<string, Bought>()
  for (const { sku, title, quantity, orderId } of items.flat()) {
    const known = bySku.get(sku)
    if (known) known.quantity += quantity
    else bySku.set(sku, { title: sayGiven(title), quantity, orderId, quote: `${sayGiven(title)} (${sku})` })
  }
  const most = [...bySku.values()].sort((a, b) => b.quantity - a.quantity).slice(0, mostProducts)
  return most.map(({ title, quantity, orderId, quote }, place) => ({
    text:
      place === 0
        ? `In the last ${orders.length === 1 ? 'order' : `${sayNumber(orders.length)} orders`} they bought “${title}” most: ${sayNumber(quantity)}.`
        : `Then “${title}”: ${sayNumber(quantity)}.`,
    cite: { source: 'ORDER', id: orderId, quote },
  }))
}
