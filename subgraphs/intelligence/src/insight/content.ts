import { dayMs, isInstant, isPurchase } from '../features/facts.ts'
import type { CustomerHistory, OrderFact } from '../features/history.ts'
import type { Calibration } from '../learning/calibration.ts'
import { createSample } from './customer-sample.ts'

/** Which products are bought by the same customers; plain data. Products are numbers into `skus`. */
export type ContentModel = ContentCounts & { calibration: Calibration }

export type ContentCounts = {
  skus: string[]
  /** Share of recent orders that hold the product; orders count half after 14 days. */
  popularity: Float64Array
  /** What stands in for the popularity of a product that no recent order holds. */
  leastPopularity: number
  /** The neighbours of product i: `starts[i]` to `starts[i + 1]`, most telling first. */
  starts: Int32Array
  neighbours: Int32Array
  /** How many times as often as chance a customer bought both, smoothed. */
  lifts: Float64Array
}

/** Takes histories one by one, in any order. */
export type ContentCounter = { add(history: CustomerHistory): void; finish(): ContentCounts }

/** Chosen on Online Retail before 2011-09-10, where they beat their neighbours by less than the noise. */
const popularityHalfLifeDays = 14
const smoothing = 5
const neighboursKept = 40
const productsPerCustomer = 200

/**
 * Counts purchases strictly before `asOf`. Popularity reads every order; pairs are counted exactly over all customers as long as they and
 * their products fit into `maxEntries` (four bytes each), else over a random share of them.
 */
export function createContentCounter(asOf: number, maxEntries: number): ContentCounter {
  const numbers = new Map<string, number>()
  const weights: number[] = []
  const sample = createSample<Int32Array>(maxEntries, ({ length }) => length)
  let orderWeight = 0
  const numberOf = (sku: string): number => {
    const known = numbers.get(sku)
    if (known !== undefined) return known
    numbers.set(sku, weights.length)
    return weights.push(0) - 1
  }
  return {
    add(history) {
      const own = new Set<number>()
      for (const order of ordersBefore(history, asOf)) {
        const weight = 0.5 ** ((asOf - order.at) / dayMs / popularityHalfLifeDays)
        orderWeight += weight
        for (const sku of new Set(order.skus)) {
          const product = numberOf(sku)
          weights[product] = (weights[product] ?? 0) + weight
          if (own.size < productsPerCustomer) own.add(product)
        }
      }
      if (own.size > 0) sample.add(history.customerId, Int32Array.from(own))
    },
    finish: () => ({
      skus: [...numbers.keys()],
      popularity: Float64Array.from(weights, (weight) => weight / orderWeight),
      leastPopularity: Math.min(0.001, 0.01 / Math.max(1, orderWeight)),
      ...neighbourhood(sample.values(), [...numbers.keys()]),
    }),
  }
}

/** Newest first; only such as hold products. */
function ordersBefore({ orders }: CustomerHistory, asOf: number): OrderFact[] {
  return orders.filter((order) => order.at < asOf && holdsProducts(order)).sort((a, b) => b.at - a.at)
}

export const holdsProducts = (order: OrderFact): boolean =>
  isInstant(order.at) && isPurchase(order) && order.skus.length > 0

/** What a customer bought before `asOf`, each product once, newest first: what `recommendContent` asks for. */
export function ownedBefore(history: CustomerHistory, asOf: number): string[] {
  return [...new Set(ordersBefore(history, asOf).flatMap(({ skus }) => skus))]
}

/** Product by product: who bought it, what else they bought. One row of counts at a time, so memory is bounded by the purchases. */
function neighbourhood(customers: readonly Int32Array[], skus: readonly string[]) {
  const buyers = skus.map((): number[] => [])
  for (const [customer, own] of customers.entries()) for (const product of own) buyers[product]?.push(customer)
  const counts = new Int32Array(skus.length)
  const lift = new Float64Array(skus.length)
  const isBefore = (a: number, b: number) =>
    lift[a] === lift[b] ? (skus[a] ?? '') < (skus[b] ?? '') : (lift[a] ?? 0) > (lift[b] ?? 0)
  const starts = new Int32Array(skus.length + 1)
  const neighbours: number[] = []
  const lifts: number[] = []
  for (const [product, who] of buyers.entries()) {
    const seen = countOthers(customers, who, counts)
    const best: number[] = []
    for (const other of seen) {
      const byChance = (who.length * (buyers[other]?.length ?? 0)) / customers.length
      lift[other] = ((counts[other] ?? 0) + smoothing) / (byChance + smoothing)
      if (other !== product && (lift[other] ?? 0) > 1) keepBest(best, other, isBefore)
      counts[other] = 0
    }
    neighbours.push(...best)
    for (const other of best) lifts.push(lift[other] ?? 1)
    starts[product + 1] = neighbours.length
  }
  return { starts, neighbours: Int32Array.from(neighbours), lifts: Float64Array.from(lifts) }
}

/** Adds up what these customers bought; returns the products met. */
function countOthers(customers: readonly Int32Array[], who: readonly number[], counts: Int32Array): number[] {
  const seen: number[] = []
  for (const customer of who) {
    for (const other of customers[customer] ?? []) {
      if (counts[other] === 0) seen.push(other)
      counts[other] = (counts[other] ?? 0) + 1
    }
  }
  return seen
}

/** Puts it in its place, unless enough are better: far cheaper than to sort all. */
function keepBest(best: number[], one: number, isBefore: (a: number, b: number) => boolean): void {
  let place = best.length
  while (place > 0 && isBefore(one, best[place - 1] ?? 0)) place -= 1
  if (place >= neighboursKept) return
  best.splice(place, 0, one)
  if (best.length > neighboursKept) best.pop()
}
