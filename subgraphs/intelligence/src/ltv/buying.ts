import type { Matrix } from '../learning/matrix.ts'
import { fitGammaGamma, fitParetoNbd } from './btyd.ts'
import type { ParetoNbd } from './btyd-pareto-nbd.ts'
import type { PurchaseStats } from './btyd-counts.ts'
import { buyingRow } from './design.ts'
import type { Buying } from './model.ts'

/** Groups of like customers that a fit looks at: on 100,000 of them a tenth of a second in place of ten. */
const groups = 3_000

/** Customers that tell what a purchase day is worth; more only take time. */
const mostValued = 20_000

/** How the customers of these rows of features buy. A weak prior holds it where the data say little. `near`: of like customers. */
export function fitBuying(m: Matrix, near?: ParetoNbd): Buying {
  const stats = statsOf(m)
  const { logLikelihood: _purchases, ...pareto } = fitParetoNbd(stats, {
    withPrior: true,
    groups,
    ...(near && { near }),
  })
  const { logLikelihood: _values, ...gammaGamma } = fitGammaGamma(everyPurchase(stats), { withPrior: true })
  const values = stats.meanValue.filter((value) => value > 0)
  // Where all was free, any value serves: forecasts are levelled with what was spent later.
  const meanValue = values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : 1
  return { pareto, gammaGamma, meanValue }
}

/** First purchases too: of most customers there is no other, and leaving them out ranks spend worse wherever it was tried. */
function everyPurchase({ frequency, meanValue, ...rest }: PurchaseStats): PurchaseStats {
  const step = Math.ceil(frequency.length / mostValued)
  const isTaken = (_: number, i: number) => i % step === 0
  return {
    ...rest,
    frequency: frequency.filter(isTaken).map((repeats) => repeats + 1),
    meanValue: meanValue.filter(isTaken),
  }
}

function statsOf(m: Matrix): PurchaseStats {
  const stats = {
    frequency: new Float64Array(m.n),
    recency: new Float64Array(m.n),
    age: new Float64Array(m.n),
    meanValue: new Float64Array(m.n),
  }
  for (let i = 0; i < m.n; i++) {
    const row = buyingRow(m.x, i * m.d)
    stats.frequency[i] = row.frequency
    stats.recency[i] = row.recency
    stats.age[i] = row.age
    stats.meanValue[i] = row.meanValue
  }
  return stats
}
