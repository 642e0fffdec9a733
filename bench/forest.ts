// What the models cost: training on a hundred thousand customers of a made-up shop, and scoring them one by one and in bulk.
import { explainChurn, scoreChurn, scoreOneChurn } from '@quimbi/intelligence/churn/predict.ts'
import { trainChurn } from '@quimbi/intelligence/churn/train.ts'
import { dnaOf } from '@quimbi/intelligence/dna/profile.ts'
import { trainSegmentation } from '@quimbi/intelligence/dna/segments.ts'
import { extractFeatures } from '@quimbi/intelligence/features/extract.ts'
import type { CustomerHistory, OrderFact } from '@quimbi/intelligence/features/history.ts'
import { createTrainingSet, type TrainingSet } from '@quimbi/intelligence/features/training-set.ts'
import { binMatrix } from '@quimbi/intelligence/learning/bins.ts'
import { binsOf, compileTree, predictForest, trainLibraryTree } from '@quimbi/intelligence/learning/forest.ts'
import { drawRows, takeRows } from '@quimbi/intelligence/learning/matrix.ts'
import { treeShap } from '@quimbi/intelligence/learning/shap.ts'
import { createTreeBuilder } from '@quimbi/intelligence/learning/trees.ts'
import { forecastLtv } from '@quimbi/intelligence/ltv/predict.ts'
import { trainLtv } from '@quimbi/intelligence/ltv/train.ts'
import { between, createRandom, type Random } from '@quimbi/service/random.ts'
import type { BenchOptions, BenchResult } from './lib/contract.ts'
import { quantile } from './lib/quantile.ts'

const dayMs = 86_400_000
const opened = Date.UTC(2023, 0, 1)
const asOf = Date.UTC(2025, 0, 1)
const horizonDays = 90
const months = 12

/** Microseconds a customer, all on one thread: churn alone, in bulk, TreeSHAP of its booster, the whole profile; seconds to train churn and LTV. @public */
export async function run({ quick, log }: BenchOptions): Promise<BenchResult> {
  const customers = quick ? 2_000 : 100_000
  const measured = quick ? 200 : 5_000
  log(`a shop of ${customers} customers`)
  const random = createRandom(1)
  const histories = Array.from({ length: measured }, (_, i) => customer(i, random))
  const builder = createTrainingSet({ origins: [asOf], horizonDays })
  for (let i = 0; i < customers; i++) builder.add(histories[i] ?? customer(i, random))
  const set = builder.finish()
  log(`${set.n} × ${set.d}; training churn and LTV`)
  const started = performance.now()
  const churn = trainChurn(set, { horizonDays, seed: 1 })
  const churnTrained = performance.now()
  const ltv = trainLtv(set, { horizonDays, seed: 1 })
  const trainSeconds = (performance.now() - started) / 1_000
  log(
    `churn ${((churnTrained - started) / 1_000).toFixed(1)} s, LTV ${((performance.now() - churnTrained) / 1_000).toFixed(1)} s`,
  )
  const booster = churn.members?.booster
  if (!booster) throw new Error('So few customers make no model of their own.')
  const some = takeRows(set, drawRows(set.n, Math.min(set.n, 10_000), createRandom(2)))
  const dna = trainSegmentation(some, { seed: 1 })

  const row = (i: number) => set.x.subarray((i % set.n) * set.d, ((i % set.n) + 1) * set.d)
  const phi = new Float64Array(set.d)
  const features = new Float64Array(set.d)
  const all = new Float64Array(set.n)
  const figures = {
    singleMicros: microsEach(measured, (i) => void scoreOneChurn(churn, row(i))),
    batchMicros: microsEach(1, () => scoreChurn(churn, set, all)) / set.n,
    profileMicros: microsEach(measured / 5, (i) => {
      extractFeatures(histories[i % measured]!, asOf, features, 0, set.reference)
      dnaOf(dna, features)
      explainChurn(churn, features)
      forecastLtv(ltv, features, months)
    }),
    shapMicros: microsEach(measured / 5, (i) => treeShap(booster.trees, row(i), phi)),
    trainSeconds,
    libraryMismatches: mismatches(set, quick ? 2 : 8, log),
  }
  const rows = Object.entries(figures).map(([name, value]) => [name, value.toFixed(2)])
  return { table: { columns: ['figure', 'value'], rows }, figures }
}

/** Median of seven turns through `count` customers, the first of which warm up. */
function microsEach(count: number, run: (i: number) => void): number {
  const turns = Array.from({ length: 9 }, (_, turn) => {
    const started = performance.now()
    for (let i = 0; i < count; i++) run(turn * count + i)
    return ((performance.now() - started) * 1_000) / count
  })
  return quantile(turns.slice(2), 0.5, 2)
}

/** Rows and trees in which a compiled tree and the library's own disagree: in the share that it tells, or in the vote. */
function mismatches(set: TrainingSet, trees: number, log: BenchOptions['log']): number {
  const random = createRandom(3)
  const binned = binMatrix(set, 32)
  const y = Float64Array.from(set.churned)
  const judged = drawRows(set.n, Math.min(set.n, 20_000), random)
  const asked = Array.from(judged, (row) => binsOf(binned, row))
  const judgedRows = takeRows(set, judged)
  let different = 0
  for (let tree = 0; tree < trees; tree++) {
    const rows = Array.from(drawRows(set.n, 500, random))
    const library = trainLibraryTree(binned, y, rows, { maxDepth: 6, minRows: 8, columnFraction: 0.4 }, random)
    const builder = createTreeBuilder()
    compileTree(builder, library, binned, rows, (share) => share)
    const shares = predictForest(builder.build(), judgedRows)
    library.predict(asked).forEach((told, k) => {
      if (Math.abs(told - shares[k]!) > 1e-12 || told > 0.5 !== shares[k]! > 0.5) different++
    })
  }
  log(`${different} of ${trees * judged.length} answers differ from the library's`)
  return different
}

/** One who comes in within two years, orders at an own pace, and at some time no more. */
function customer(i: number, random: Random): CustomerHistory {
  const first = opened + Math.floor(random() * 640) * dayMs
  const gap = 20 + 200 * random() ** 2
  const leaves = first - Math.log(1 - random()) * 400 * dayMs
  const typical = 15 * Math.exp(2 * random())
  const orders: OrderFact[] = []
  for (let at = first; at < Math.min(leaves, asOf + horizonDays * dayMs) || orders.length === 0;) {
    orders.push(order(at, typical, random))
    at += Math.max(0.5, -Math.log(1 - random()) * gap) * dayMs
  }
  const tickets = between(random, -4, 2)
  return {
    customerId: `customer-${i}`,
    country: random() < 0.8 ? 'US' : 'CA',
    orders,
    interactions: Array.from({ length: Math.max(0, tickets) }, (_unused, k) => ({
      at: first + (k + 1) * 20 * dayMs,
      kind: 'SUPPORT_TICKET' as const,
      channel: 'EMAIL' as const,
      sentiment: random(),
      resolvedHours: random() * 50,
    })),
    events: [],
  }
}

function order(at: number, typical: number, random: Random): OrderFact {
  const lines = between(random, 1, 4)
  const amount = Math.round(typical * lines * Math.exp(random() - 0.5) * 100) / 100
  return {
    at: Math.floor(at),
    amount,
    refunded: random() < 0.06 ? amount : 0,
    items: lines + between(random, 0, 3),
    lines,
    discount: random() < 0.3 ? amount * 0.1 : 0,
    discountedLines: random() < 0.3 ? 1 : 0,
    isReturn: false,
    skus: Array.from({ length: lines }, () => `sku-${between(random, 1, 300)}`),
    categories: [`category-${between(random, 1, 12)}`],
  }
}
