import { between, createRandom, pick, type Random } from '@quimbi/service/random.ts'
import type { IntelligenceDatabase } from '../database.ts'
import { ingestOrders } from '../orders/ingest.ts'
import type { CustomerOrder } from '../orders/types.ts'

const products = [
  { sku: 'LAMP-01', title: 'Opal glass lamp', category: 'Lighting', price: 8_900 },
  { sku: 'KETT-02', title: 'Copper kettle', category: 'Kitchen', price: 12_500 },
  { sku: 'MUG-07', title: 'Stoneware mug, set of 4', category: 'Kitchen', price: 3_600 },
  { sku: 'THRW-03', title: 'Wool throw', category: 'Textiles', price: 7_400 },
  { sku: 'CHAI-11', title: 'Oak chair', category: 'Furniture', price: 24_900 },
  { sku: 'RUG-05', title: 'Kilim rug', category: 'Textiles', price: 31_000 },
  { sku: 'CNDL-09', title: 'Beeswax candle', category: 'Home', price: 1_800 },
] as const

type Product = (typeof products)[number]

const dayMs = 86_400_000
const decimal = (cents: number) => (cents / 100).toFixed(2)

/** Orders of the demo shop: loyal, lapsed and one-time buyers. The same seed and instant give the same orders. */
export function demoOrders(seed: number, now: Date, customerCount: number): CustomerOrder[] {
  const random = createRandom(seed)
  return Array.from({ length: customerCount }, (_, index) => {
    const loyalty = random()
    const count = loyalty < 0.35 ? 1 : loyalty < 0.75 ? between(random, 2, 6) : between(random, 7, 24)
    const silence = random() < 0.25 ? between(random, 120, 400) : between(random, 1, 60)
    const gap = between(random, 8, 70)
    const externalId = `C-${1001 + index}`
    return Array.from({ length: count }, (_order, nth) => {
      const daysAgo = silence + nth * gap + between(random, 0, 5)
      // A row of thirty for each customer, the newest first: so that what the demo's customers write names orders of theirs.
      return orderOf(random, { externalId, number: 10_001 + 30 * index + nth, daysAgo, now })
    })
  }).flat()
}

function orderOf(
  random: Random,
  { externalId, number, daysAgo, now }: { externalId: string; number: number; daysAgo: number; now: Date },
): CustomerOrder {
  const chosen = new Map<string, Product>()
  for (let line = between(random, 1, 3); line > 0; line -= 1) {
    const product = pick<Product>(random, products)
    chosen.set(product.sku, product)
  }
  const items = [...chosen.values()].map(({ sku, title, category, price }) => {
    const discounted = random() < 0.2
    return {
      sku,
      title,
      category,
      quantity: between(random, 1, 2),
      cents: discounted ? Math.round(price * 0.8) : price,
      discounted,
    }
  })
  const total = items.reduce((sum, { quantity, cents }) => sum + quantity * cents, 0)
  const placedAt = new Date(now.getTime() - daysAgo * dayMs)
  const isReturned = random() < 0.06 && daysAgo > daysOnTheWay
  return {
    customer: { externalId },
    order: {
      externalId: `#${number}`,
      placedAt,
      total: decimal(total),
      currencyCode: 'USD',
      status: isReturned ? 'RETURNED' : stateAt(daysAgo),
      refunded: isReturned ? decimal(total) : null,
      items: items.map(({ cents, ...item }) => ({ ...item, unitPrice: decimal(cents) })),
      shipments: shipmentsAt(number, daysAgo, placedAt),
    },
  }
}

/** Days until a parcel leaves, and until it is there. */
const daysInTheHouse = 2
const daysOnTheWay = 9

const stateAt = (daysAgo: number) =>
  daysAgo <= daysInTheHouse ? 'PAID' : daysAgo <= daysOnTheWay ? 'FULFILLED' : 'DELIVERED'

function shipmentsAt(number: number, daysAgo: number, placedAt: Date) {
  if (daysAgo <= daysInTheHouse) return []
  const isThere = daysAgo > daysOnTheWay
  const updatedAt = new Date(placedAt.getTime() + (isThere ? daysOnTheWay : daysInTheHouse) * dayMs)
  const status = isThere ? 'delivered' : 'in transit'
  return [{ carrier: 'Parcel Post', trackingNumber: `PP${number}US`, status, updatedAt }]
}

/** Gives the demo tenant its orders. */
export async function seedDemoOrders(
  database: IntelligenceDatabase,
  { tenantId, source, customerCount }: { tenantId: string; source: string; customerCount: number },
  now: Date,
): Promise<void> {
  const viewer = { kind: 'service', service: 'intelligence', tenantId } as const
  const orders = demoOrders(2, now, customerCount)
  for (let start = 0; start < orders.length; start += 1_000) {
    const batch = { source, orders: orders.slice(start, start + 1_000) }
    await database.transact(tenantId, (tx) => ingestOrders(tx, viewer, batch, now))
  }
}
