import { dayMs } from '../features/facts.ts'
import type { CustomerHistory } from '../features/history.ts'
import { type Calibration, fitPlatt } from '../learning/calibration.ts'
import { logit } from '../learning/objectives.ts'
import { type ContentCounts, type ContentModel, createContentCounter, holdsProducts, ownedBefore } from './content.ts'
import { createSample } from './customer-sample.ts'
import { createRecommender } from './recommend.ts'

/** Takes histories one by one, in any order. Its memory is bounded by `maxEntries`, the catalogue, and 100,000 products of examples. */
export type ContentTrainer = { add(history: CustomerHistory): void; finish(): ContentModel }
export type ContentTrainerOptions = { asOf: number; maxEntries?: number }

/** What a customer had, and what the next order held. */
type Example = { owned: string[]; next: readonly string[] }

const checkDays = 60
const fewestExamples = 200
const exampleProducts = 100_000
const plain: Calibration = { kind: 'platt', slope: 1, intercept: 0 }
/** Online Retail's, learnt before 2011-06-11: what a tenant has until it has examples of its own. */
const prior: Calibration = { kind: 'platt', slope: 0.64, intercept: -1.34 }

/**
 * Learns from purchases strictly before `asOf`. Probabilities are calibrated on the last 60 days of them: what
 * a model that ends there says of the first five products of each customer, against the customer's next order.
 */
export function createContentTrainer({ asOf, maxEntries = 5_000_000 }: ContentTrainerOptions): ContentTrainer {
  const checkedFrom = asOf - checkDays * dayMs
  const all = createContentCounter(asOf, maxEntries)
  const earlier = createContentCounter(checkedFrom, maxEntries)
  const examples = createSample<Example>(exampleProducts, ({ owned, next }) => owned.length + next.length)
  return {
    add(history) {
      all.add(history)
      earlier.add(history)
      const owned = ownedBefore(history, checkedFrom)
      const later = history.orders.filter((order) => order.at >= checkedFrom && order.at < asOf && holdsProducts(order))
      const [next] = later.sort((a, b) => a.at - b.at)
      if (owned.length > 0 && next) examples.add(history.customerId, { owned, next: next.skus })
    },
    finish: () => ({ ...all.finish(), calibration: calibrate(earlier.finish(), examples.values()) }),
  }
}

function calibrate(counts: ContentCounts, examples: readonly Example[]): Calibration {
  if (examples.length < fewestExamples) return prior
  const recommend = createRecommender({ ...counts, calibration: plain })
  const told = examples.flatMap(({ owned, next }) => {
    const held = new Set(next)
    return recommend({ owned, goal: 'RETAIN', first: 5 }).map(({ sku, probability }) => ({
      score: logit(probability),
      held: held.has(sku) ? 1 : 0,
    }))
  })
  return fitPlatt(
    Float64Array.from(told, ({ score }) => score),
    told.map(({ held }) => held),
  )
}
