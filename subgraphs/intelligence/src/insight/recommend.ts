import { applyCalibration } from '../learning/calibration.ts'
import { logit } from '../learning/objectives.ts'
import type { ContentModel } from './content.ts'

export type OfferGoal = 'RETAIN' | 'WIN_BACK' | 'UPSELL' | 'COMPENSATE'
/** `margin` is a share of the price. */
export type Product = { sku: string; price?: number | undefined; margin?: number | undefined }

export type RecommendInput = {
  /** What the customer bought, newest first (`ownedBefore`). */
  owned: readonly string[]
  /** Recommend among these alone, bought or not; without them, among all that the customer has not bought. */
  products?: readonly Product[] | undefined
  goal: OfferGoal
  first: number
  /** A product's name for the explanations; its code by default. */
  titleOf?: (sku: string) => string
}

export type Recommendation = {
  sku: string
  /** That the customer's next order holds it. */
  probability: number
  explanation: string
}

export type Recommender = (input: RecommendInput) => Recommendation[]

type Candidate = { sku: string; number: number; score: number; rank: number }

const ownedRead = 100
/** Chosen like the constants of `content.ts`. */
const affinityWeight = 0.8

/**
 * Products by the odds that the next order holds them: their popularity times the lifts to what the customer bought (log lifts
 * over the root of the number of products, since those overlap). To UPSELL, given products that all have a price
 * are ordered by expected margin, or by expected revenue where a margin is missing. Equal ones by code. The recommender
 * keeps indexes, so build it once a model.
 */
export function createRecommender(model: ContentModel): Recommender {
  const { skus, popularity, leastPopularity, calibration } = model
  const numbers = new Map(skus.map((sku, number) => [sku, number]))
  const byPopularity = [...skus.keys()].sort((a, b) => (popularity[b] ?? 0) - (popularity[a] ?? 0))
  const popularityOf = (number: number) => Math.min(0.99, Math.max(popularity[number] ?? 0, leastPopularity))
  return ({ owned, products, goal, first, titleOf = (sku) => sku }) => {
    const read = owned.slice(0, ownedRead).flatMap((sku) => numbers.get(sku) ?? [])
    const affinity = affinities(model, read)
    const offered = products ? once(products) : likely(affinity, byPopularity, skus, owned, first)
    const worth = goal === 'UPSELL' ? worthOf(offered) : () => 1
    const explain = (number: number) => {
      const { because, lift } = strongest(model, read, number)
      if (because === null) return `In ${percent(popularityOf(number))} of recent orders.`
      return `Customers who bought ${titleOf(skus[because] ?? '')} buy this ${lift.toFixed(1)} times as often as others.`
    }
    const candidates = offered.map((product): Candidate => {
      const number = numbers.get(product.sku) ?? -1
      const score =
        logit(popularityOf(number)) + (affinityWeight * (affinity.get(number) ?? 0)) / Math.sqrt(read.length || 1)
      return { sku: product.sku, number, score, rank: applyCalibration(calibration, score) * worth(product) }
    })
    return candidates
      .sort((a, b) => b.rank - a.rank || b.score - a.score || (a.sku < b.sku ? -1 : 1))
      .slice(0, Math.max(0, first))
      .map(({ sku, number, score }) => ({
        sku,
        probability: applyCalibration(calibration, score),
        explanation: explain(number),
      }))
  }
}

/** Sums of log lifts from the products bought. */
function affinities({ starts, neighbours, lifts }: ContentModel, owned: readonly number[]): Map<number, number> {
  const sums = new Map<number, number>()
  for (const product of owned) {
    for (let at = starts[product] ?? 0; at < (starts[product + 1] ?? 0); at++) {
      const other = neighbours[at] ?? 0
      sums.set(other, (sums.get(other) ?? 0) + Math.log(lifts[at] ?? 1))
    }
  }
  return sums
}

/** The products not bought that can be among the first: those with a lift, and as many of the most popular. */
function likely(
  affinity: ReadonlyMap<number, number>,
  byPopularity: readonly number[],
  skus: readonly string[],
  owned: readonly string[],
  first: number,
): Product[] {
  const bought = new Set(owned)
  const found = new Set<string>()
  for (const number of affinity.keys()) found.add(skus[number] ?? '')
  let plain = 0
  for (const number of byPopularity) {
    const sku = skus[number] ?? ''
    if (plain >= first) break
    if (bought.has(sku)) continue
    found.add(sku)
    plain += 1
  }
  return Array.from(found.difference(bought), (sku) => ({ sku }))
}

/** The product bought with the largest lift to this one. */
function strongest({ starts, neighbours, lifts }: ContentModel, owned: readonly number[], number: number) {
  let because: number | null = null
  let lift = 1
  for (const product of owned) {
    for (let at = starts[product] ?? 0; at < (starts[product + 1] ?? 0); at++) {
      if (neighbours[at] !== number || (lifts[at] ?? 0) <= lift) continue
      because = product
      lift = lifts[at] ?? 1
    }
  }
  return { because, lift }
}

const once = (products: readonly Product[]): Product[] => [...new Map(products.map((one) => [one.sku, one])).values()]

/** What a sale brings; 1 for all unless all prices are known. */
function worthOf(products: readonly Product[]): (product: Product) => number {
  const isKnown = (value: number | undefined): value is number => value !== undefined && value >= 0
  if (!products.every(({ price }) => isKnown(price))) return () => 1
  const hasMargins = products.every(({ margin }) => isKnown(margin))
  return ({ price = 1, margin = 1 }) => price * (hasMargins ? margin : 1)
}

const percent = (share: number): string => (share < 0.001 ? 'less than 0.1 %' : `${(100 * share).toFixed(1)} %`)
