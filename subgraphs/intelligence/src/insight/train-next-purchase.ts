import { codedError } from '@quimbi/service/errors.ts'
import { createRandom } from '@quimbi/service/random.ts'
import { dayMs } from '../features/facts.ts'
import type { CustomerHistory } from '../features/history.ts'
import { type BoosterOptions, rawBooster, trainBooster } from '../learning/boosting.ts'
import { linearScores } from '../learning/irls.ts'
import { trainLogistic } from '../learning/logistic.ts'
import { type Matrix, takeRows } from '../learning/matrix.ts'
import { createSample } from './customer-sample.ts'
import type { NextPurchaseModel } from './next-purchase.ts'
import { gapsOf } from './purchases.ts'
import { median } from './quantiles.ts'
import { type Buyer, buyerOf, waitingAfter, waitingColumns, writeWaiting } from './waiting.ts'

/** Takes histories one by one, in any order; memory is bounded whatever their number. */
export type NextPurchaseTrainer = { add(history: CustomerHistory): void; finish(): NextPurchaseModel }
export type NextPurchaseTrainerOptions = { asOf: number; seed: number; rows?: number }

type Examples = { m: Matrix; bought: Float64Array }
type Rows = Examples & { buyer: Int32Array; keptShare: number }

const fewestRepeats = 50
const boosterOptions = {
  objective: 'logistic',
  rounds: 80,
  learningRate: 0.1,
  leaves: 8,
  minLeaf: 100,
  l2: 5,
  rowFraction: 0.7,
  columnFraction: 0.8,
} as const satisfies Omit<BoosterOptions, 'seed'>

/**
 * The hazard of the next purchase in discrete time: a row for each week of each customer's waits strictly before `asOf`, and whether
 * a purchase ended it. Weeks without one are thinned to `rows` in all (150,000 by default), and the odds corrected for it.
 * @throws GraphQLError BAD_USER_INPUT with reason INSUFFICIENT_DATA, from `finish`, below 50 repeat purchases
 */
export function createNextPurchaseTrainer(options: NextPurchaseTrainerOptions): NextPurchaseTrainer {
  const { asOf, seed, rows = 150_000 } = options
  // Of the rows half at most are purchases, and of the weeks without one every twentieth is kept at least.
  const buyers = createSample<Buyer>(20 * rows, ({ purchases }) => {
    const weeks = (asOf - (purchases[0] ?? asOf)) / (7 * dayMs)
    return Math.max(weeks, 40 * purchases.length)
  })
  return {
    add(history) {
      const buyer = buyerOf(history, asOf)
      if (buyer) buyers.add(history.customerId, buyer)
    },
    finish: () => train(buyers.values(), { asOf, seed, rows }),
  }
}

function train(buyers: readonly Buyer[], options: Required<NextPurchaseTrainerOptions>): NextPurchaseModel {
  const { seed } = options
  const gaps = buyers.flatMap(({ purchases }) => (purchases.length > 1 ? [median(gapsOf(purchases))] : []))
  const repeats = buyers.reduce((sum, { purchases }) => sum + purchases.length - 1, 0)
  if (repeats < fewestRepeats)
    throw codedError('BAD_USER_INPUT', `${repeats} repeat purchases are too few to learn from.`, {
      reason: 'INSUFFICIENT_DATA',
    })
  const typicalGap = median(gaps)
  const rows = personWeeks(buyers, typicalGap, options)
  const weights = stack(rows, seed)
  // Every week without a purchase stands for several: the odds in the sample are too high by that factor.
  weights.intercept += Math.log(rows.keptShare)
  return { ...fitMembers(rows, seed), weights, typicalGap }
}

const fitMembers = ({ m, bought }: Examples, seed: number) => ({
  logistic: trainLogistic(m, bought, { l2: 1 }),
  booster: trainBooster(m, bought, { ...boosterOptions, seed }),
})

/** How much each member is to be believed, from a fifth of the customers whom neither has seen. */
function stack({ m, bought, buyer }: Rows, seed: number): NextPurchaseModel['weights'] {
  const random = createRandom(seed)
  const held = Uint8Array.from({ length: (buyer.at(-1) ?? 0) + 1 }, () => (random() < 0.2 ? 1 : 0))
  const part = (isHeld: number) => {
    const rows = [...buyer.keys()].filter((row) => held[buyer[row] ?? 0] === isHeld)
    return { m: takeRows(m, rows), bought: Float64Array.from(rows, (row) => bought[row] ?? 0) }
  }
  const seen = part(0)
  const unseen = part(1)
  if (new Set(unseen.bought).size < 2 || new Set(seen.bought).size < 2)
    return { logistic: 0.5, booster: 0.5, intercept: 0 }
  const members = fitMembers(seen, seed)
  const logistic = linearScores(members.logistic, unseen.m)
  const booster = rawBooster(members.booster, unseen.m)
  const x = Float64Array.from({ length: 2 * logistic.length }, (_, at) => (at % 2 ? booster : logistic)[at >> 1] ?? 0)
  const line = trainLogistic({ x, n: logistic.length, d: 2 }, unseen.bought, { l2: 1 })
  const slope = (column: number) => (line.weights[column] ?? 0) / (line.scale[column] ?? 1)
  return {
    logistic: slope(0),
    booster: slope(1),
    intercept: line.intercept - slope(0) * (line.mean[0] ?? 0) - slope(1) * (line.mean[1] ?? 0),
  }
}

/** The last wait counts with its whole weeks, since nobody knows yet how it ends. */
function personWeeks(
  buyers: readonly Buyer[],
  typicalGap: number,
  { asOf, seed, rows }: Required<NextPurchaseTrainerOptions>,
): Rows {
  const random = createRandom(seed)
  const weeksOf = (from: number, to: number) => Math.floor((to - from) / (7 * dayMs))
  let all = 0
  let ends = 0
  for (const { purchases } of buyers) {
    for (const [index, from] of purchases.entries()) all += weeksOf(from, purchases[index + 1] ?? asOf)
    ends += purchases.length - 1
  }
  const keptShare = Math.min(1, (rows - ends) / Math.max(1, all))
  const x: number[] = []
  const bought: number[] = []
  const buyer: number[] = []
  const row = new Float64Array(waitingColumns)
  for (const [who, one] of buyers.entries()) {
    for (const [index, from] of one.purchases.entries()) {
      const next = one.purchases[index + 1]
      const waiting = waitingAfter(one, index + 1, typicalGap)
      const weeks = weeksOf(from, next ?? asOf)
      for (let week = 0; week <= weeks; week++) {
        const isEnd = week === weeks
        // A week that asOf cuts off is left out even if a purchase is seen in it: else unfinished weeks would all end in one.
        if (from + 7 * (week + 1) * dayMs > asOf) break
        if (!isEnd && keptShare < 1 && random() >= keptShare) continue
        writeWaiting(waiting, 7 * week, row, 0)
        x.push(...row)
        bought.push(isEnd ? 1 : 0)
        buyer.push(who)
      }
    }
  }
  const m = { x: Float64Array.from(x), n: bought.length, d: waitingColumns }
  return { m, bought: Float64Array.from(bought), buyer: Int32Array.from(buyer), keptShare }
}
