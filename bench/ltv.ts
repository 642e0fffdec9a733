// Expected spend against Pareto/NBD × Gamma-Gamma, on the same rows in one run: other customers (P1), a later time (OR).
import { rowOf } from '@quimbi/intelligence/ltv/btyd-counts.ts'
import { expectedValue } from '@quimbi/intelligence/ltv/btyd-gamma-gamma.ts'
import { paretoNbdExpected } from '@quimbi/intelligence/ltv/btyd-pareto-nbd.ts'
import { fitGammaGamma, fitParetoNbd } from '@quimbi/intelligence/ltv/btyd.ts'
import { newestFirst } from '@quimbi/intelligence/ltv/origins.ts'
import { scoreLtv, type LtvScores } from '@quimbi/intelligence/ltv/predict.ts'
import { trainLtv } from '@quimbi/intelligence/ltv/train.ts'
import { bias, mae, normalizedGini, orderBy, rmse, spearman } from '@quimbi/intelligence/learning/metrics.ts'
import type { BenchOptions, BenchResult, Figures } from './lib/contract.ts'
import { hasProtocol, openProtocol, protocolTitle, type Protocol } from './lib/protocols.ts'

const seed = 1

/**
 * `mae`, `rmse` and `width` in the shop's currency, spend net of returns; `biasPercent` of all that was spent; `coverage` of the 90 %
 * interval, `worstDecile` of the ten parts by forecast. Choices were made on training origins alone. @public
 */
export async function run({ quick, log }: BenchOptions): Promise<BenchResult> {
  const figures: Figures = {}
  const baselines: Figures = {}
  const rows: (string | number)[][] = []
  for (const name of ['p1', 'or'] as const) {
    if (!hasProtocol(name)) {
      log(`${protocolTitle(name)}: its data is not on this machine`)
      continue
    }
    const protocol = await openProtocol(name, quick)
    log(`${protocolTitle(name)}: ${protocol.train.n} rows to train, ${protocol.test.n} to test`)
    const began = performance.now()
    const model = trainLtv(protocol.train, { horizonDays: protocol.horizonDays, seed })
    const seconds = (performance.now() - began) / 1_000
    const scores = scoreLtv(model, protocol.test)
    const ours = { ...accuracy(protocol, scores.amount), ...intervals(protocol, scores), trainSeconds: seconds }
    const buying = accuracy(protocol, paretoGamma(protocol))
    figures[name] = ours
    baselines[name] = { paretoNbd: buying }
    rows.push(line(name, 'ours', ours), line(name, 'Pareto/NBD × Gamma-Gamma', buying))
  }
  return { table: { columns, rows }, figures: { ...figures, baselines } }
}

const measures = [
  'mae',
  'rmse',
  'spearman',
  'normalizedGini',
  'biasPercent',
  'coverage',
  'width',
  'worstDecile',
] as const
type Measured = Partial<Record<(typeof measures)[number], number>>

const columns = ['protocol', 'forecast', ...measures]
const line = (protocol: string, forecast: string, measured: Measured) => [
  protocol,
  forecast,
  ...measures.map((measure) => measured[measure]?.toPrecision(4) ?? ''),
]

function accuracy({ test: { spend } }: Protocol, amount: Float64Array) {
  return {
    mae: mae(spend, amount),
    rmse: rmse(spend, amount),
    spearman: spearman(spend, amount),
    normalizedGini: normalizedGini(spend, amount),
    biasPercent: 100 * bias(spend, amount),
  }
}

const cent = 0.005

function intervals({ test: { spend, n } }: Protocol, { amount, low, high }: LtvScores) {
  const isInside = spend.map((value, i) => (value >= low[i]! - cent && value <= high[i]! + cent ? 1 : 0))
  const order = orderBy(amount)
  const deciles = Array.from({ length: 10 }, (_, k) =>
    meanOf(
      Float64Array.from(order.subarray(Math.floor((k * n) / 10), Math.floor(((k + 1) * n) / 10)), (i) => isInside[i]!),
    ),
  )
  return {
    coverage: meanOf(isInside),
    width: meanOf(high.map((value, i) => value - low[i]!)),
    worstDecile: Math.min(...deciles),
  }
}

const meanOf = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length

/** As the literature does it: fitted on the customers of the newest training origin, values of repeat purchases only. */
function paretoGamma({ train, test, horizonDays }: Protocol): Float64Array {
  const [newest] = newestFirst(train)
  const isNewest = (_: number, row: number) => train.origin[row] === newest
  const stats = {
    frequency: train.btyd.frequency.filter(isNewest),
    recency: train.btyd.recency.filter(isNewest),
    age: train.btyd.age.filter(isNewest),
    meanValue: train.btyd.meanValue.filter(isNewest),
  }
  const pareto = fitParetoNbd(stats)
  const gamma = fitGammaGamma(stats)
  const fallback = meanOf(stats.meanValue.filter((value) => value > 0))
  return Float64Array.from({ length: test.n }, (_, i) => {
    const row = rowOf(test.btyd, i)
    const value = expectedValue(gamma, row.frequency, row.meanValue, fallback)
    return paretoNbdExpected(pareto, row, horizonDays / 7) * value
  })
}
