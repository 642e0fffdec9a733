import { newestFirst } from '@quimbi/intelligence/ltv/origins.ts'
import { fitParetoNbd } from '@quimbi/intelligence/ltv/btyd.ts'
import { paretoNbdAnyPurchase } from '@quimbi/intelligence/ltv/btyd-pareto-nbd.ts'
import { rowOf } from '@quimbi/intelligence/ltv/btyd-counts.ts'
import { createRandom } from '@quimbi/service/random.ts'
import { RandomForestClassifier } from 'ml-random-forest'
import type { Protocol } from './protocols.ts'

/** P(no purchase) by Pareto/NBD, fitted at the newest training origin. */
export function paretoNbdScores({ train, test, horizonDays }: Protocol): Float64Array {
  const [newest] = newestFirst(train)
  const pick = (values: Float64Array) => values.filter((_, row) => train.origin[row] === newest)
  const { frequency, recency, age, meanValue } = train.btyd
  const fitted = fitParetoNbd({
    frequency: pick(frequency),
    recency: pick(recency),
    age: pick(age),
    meanValue: pick(meanValue),
  })
  return Float64Array.from(
    { length: test.n },
    (_, i) => 1 - paretoNbdAnyPurchase(fitted, rowOf(test.btyd, i), horizonDays / 7),
  )
}

/** Its cost per tree grows with the square of the rows: 127 s at 16,000. */
export const stockRows = 500

/** `ml-random-forest` as it comes, on as many random rows as it can bear. */
export function stockForestScores({ train, test }: Protocol, trees: number): Float64Array {
  const random = createRandom(1)
  const rows = Array.from({ length: stockRows }, () => Math.floor(random() * train.n))
  const cells = ({ x, d }: { x: Float64Array; d: number }, row: number) => Array.from(x.subarray(row * d, row * d + d))
  const forest = new RandomForestClassifier({ nEstimators: trees, seed: 1, noOOB: true })
  forest.train(
    rows.map((row) => cells(train, row)),
    rows.map((row) => train.churned[row] ?? 0),
  )
  const all = Array.from({ length: test.n }, (_, row) => cells(test, row))
  return Float64Array.from(forest.predictProbability(all, 1))
}
