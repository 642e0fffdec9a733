import { featureIndex, features } from '../features/catalogue.ts'
import { type Matrix, takeRows } from '../learning/matrix.ts'
import type { PurchaseRow } from './btyd-counts.ts'
import { expectedValue } from './btyd-gamma-gamma.ts'
import { paretoNbdAlive, paretoNbdAnyPurchase, paretoNbdExpected } from './btyd-pareto-nbd.ts'
import type { Buying } from './model.ts'

/** What the buying model adds to the features: three columns after them. */
export const buyingColumns = ['expectedOrders', 'purchaseProbability', 'expectedOrderValue'] as const
export const ordersColumn = features.length
export const probabilityColumn = features.length + 1
export const valueColumn = features.length + 2
export const columnCount = features.length + buyingColumns.length

/** Less than this many orders is not told apart: logarithms must end somewhere. */
const fewestOrders = 1e-3

const { purchaseDays, activeSpanDays, tenureDays, netSpend } = featureIndex

/** What the buying model reads of a row of features that begins at `at`. Values are net of returns, over all purchase days. */
export function buyingRow(x: Float64Array, at: number): PurchaseRow {
  const days = Math.max(1, x[at + purchaseDays]!)
  return {
    frequency: days - 1,
    recency: x[at + activeSpanDays]! / 7,
    age: x[at + tenureDays]! / 7,
    meanValue: Math.max(0, x[at + netSpend]!) / days,
  }
}

export type Outlook = { orders: number; probability: number; value: number }

/** Purchase days, P(any) and the value of one, in the `days` to come. All above 0. `alive`, an integral, is the same for any days. */
export function outlook(
  { pareto, gammaGamma, meanValue }: Buying,
  row: PurchaseRow,
  days: number,
  alive = paretoNbdAlive(pareto, row),
): Outlook {
  const weeks = days / 7
  const value = expectedValue(gammaGamma, row.frequency + 1, row.meanValue, meanValue)
  return {
    orders: Math.max(fewestOrders, paretoNbdExpected(pareto, row, weeks, alive)),
    probability: Math.max(fewestOrders, paretoNbdAnyPurchase(pareto, row, weeks, alive)),
    value: Math.max(meanValue * 1e-3, value),
  }
}

/** Rows as the members see them. `log`: of every column, signs kept; `offset`: of the buying model's forecast of spend. */
export type Design = { raw: Matrix; log: Matrix; offset: Float64Array }

/** With P(still a customer), which forecasts for other days start from too. */
export type LivingDesign = Design & { alive: Float64Array }

/** `unit` is what amounts are measured in, so that nothing learnt depends on the currency. */
export function designOf(buying: Buying, m: Matrix, horizonDays: number, unit: number): LivingDesign {
  const d = columnCount
  const raw = new Float64Array(m.n * d)
  const log = new Float64Array(m.n * d)
  const offset = new Float64Array(m.n)
  const alive = new Float64Array(m.n)
  for (let i = 0; i < m.n; i++) {
    const from = i * m.d
    const at = i * d
    for (let j = 0; j < m.d; j++) {
      const cell = m.x[from + j]!
      raw[at + j] = cell
      // Many are 0, and so is their logarithm already.
      if (cell !== 0) log[at + j] = cell < 0 ? -Math.log1p(-cell) : Math.log1p(cell)
    }
    const row = buyingRow(m.x, from)
    alive[i] = paretoNbdAlive(buying.pareto, row)
    const { orders, probability, value } = outlook(buying, row, horizonDays, alive[i])
    raw[at + ordersColumn] = orders
    raw[at + probabilityColumn] = probability
    raw[at + valueColumn] = value
    log[at + ordersColumn] = Math.log(orders)
    log[at + probabilityColumn] = Math.log(probability)
    log[at + valueColumn] = Math.log(value / unit)
    offset[i] = Math.log((orders * value) / unit)
  }
  return { raw: { x: raw, n: m.n, d }, log: { x: log, n: m.n, d }, offset, alive }
}

export const takeDesign = (design: Design, rows: Int32Array): Design => ({
  raw: takeRows(design.raw, rows),
  log: takeRows(design.log, rows),
  offset: Float64Array.from(rows, (row) => design.offset[row]!),
})
