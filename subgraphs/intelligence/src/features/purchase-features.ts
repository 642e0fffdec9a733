import { featureIndex as f } from './catalogue.ts'
import { fromUnits } from './facts.ts'
import { amountColumn, ordersColumn, type Purchases } from './purchases.ts'

/** Half-life of what is called recent. */
export const halfLifeDays = 30

/** Part over whole, 0 where there is no whole. */
export const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole)

/** Purchase days and money from a ledger entry on. */
type Window = { days: number; amount: number }

function since(state: Purchases, day: number): Window {
  const { days } = state
  const first = days.firstFrom(day)
  let amount = 0
  for (let entry = first; entry < days.size; entry += 1) amount += days.value(entry, amountColumn)
  return { days: days.size - first, amount }
}

const contrast = (recent: number, both: number): number => ratio(2 * recent - both, both)

/** Writes every feature that comes from a customer's purchases before `day`; the row is all zeros so far. */
export function writePurchaseFeatures(state: Purchases, day: number, row: Float64Array, at: number): void {
  if (state.days.size === 0) return writeReturns(state, row, at)
  const first = state.days.day(0)
  const tenure = day - first
  writeRhythm(state, day, tenure, row, at)
  writeMoney(state, row, at)
  writeWindows(state, day, first + tenure / 2, row, at)
  writeSeason(state, row, at)
  writeBasket(state, row, at)
  writePrice(state, row, at)
  writeReturns(state, row, at)
}

function writeRhythm(state: Purchases, day: number, tenure: number, row: Float64Array, at: number): void {
  const { days } = state
  const last = days.day(days.size - 1)
  const span = last - days.day(0)
  const gaps = days.size - 1
  const meanGap = gaps > 0 ? span / gaps : tenure
  const spread = gaps > 1 ? Math.sqrt(Math.max(0, state.gapSquares - (span * span) / gaps) / (gaps - 1)) : 0
  row[at + f.daysSinceLastOrder] = day - last
  row[at + f.silenceToGap] = (day - last) / (meanGap + 1)
  row[at + f.tenureDays] = tenure
  row[at + f.activeSpanDays] = span
  row[at + f.orders] = state.orders
  row[at + f.purchaseDays] = days.size
  row[at + f.activeMonths] = state.months
  row[at + f.purchaseRate] = (30 * days.size) / Math.max(30, tenure)
  row[at + f.meanGap] = meanGap
  row[at + f.gapSpread] = spread
  row[at + f.lastGap] = gaps > 0 ? state.lastGap : tenure
  row[at + f.longestGap] = gaps > 0 ? state.longestGap : tenure
  row[at + f.gapVariation] = ratio(spread, meanGap)
}

function writeMoney(state: Purchases, row: Float64Array, at: number): void {
  const { days } = state
  const count = days.size
  const mean = state.amount / count
  const last = days.value(count - 1, amountColumn)
  let largest = 0
  let squares = 0
  for (let entry = 0; entry < count; entry += 1) {
    const amount = days.value(entry, amountColumn)
    largest = Math.max(largest, amount)
    squares += (amount - mean) ** 2
  }
  row[at + f.spend] = fromUnits(state.amount)
  row[at + f.netSpend] = fromUnits(Math.max(0, state.amount - state.returned))
  row[at + f.averageValue] = fromUnits(mean)
  row[at + f.firstValue] = fromUnits(days.value(0, amountColumn))
  row[at + f.lastValue] = fromUnits(last)
  row[at + f.largestValue] = fromUnits(largest)
  row[at + f.valueSpread] = count > 1 ? fromUnits(Math.sqrt(squares / (count - 1))) : 0
  row[at + f.lastToAverageValue] = ratio(last, mean)
}

function writeWindows(state: Purchases, day: number, halfway: number, row: Float64Array, at: number): void {
  const month = since(state, day - 28)
  const quarter = since(state, day - 91)
  const half = since(state, day - 182)
  const year = since(state, day - 364)
  row[at + f.purchaseDays28] = month.days
  row[at + f.purchaseDays91] = quarter.days
  row[at + f.purchaseDays182] = half.days
  row[at + f.purchaseDays364] = year.days
  row[at + f.spend28] = fromUnits(month.amount)
  row[at + f.spend91] = fromUnits(quarter.amount)
  row[at + f.spend182] = fromUnits(half.amount)
  row[at + f.spend364] = fromUnits(year.amount)
  row[at + f.orderTrend] = contrast(quarter.days, half.days)
  row[at + f.spendTrend] = contrast(quarter.amount, half.amount)
  const late = since(state, halfway)
  row[at + f.lateOrderShare] = late.days / state.days.size
  row[at + f.lateSpendShare] = ratio(late.amount, state.amount)
}

function writeSeason(state: Purchases, row: Float64Array, at: number): void {
  const days = state.days.size
  const [first, second, third, fourth] = state.quarterDays
  row[at + f.quarter1Share] = first / days
  row[at + f.quarter2Share] = second / days
  row[at + f.quarter3Share] = third / days
  row[at + f.quarter4Share] = fourth / days
  row[at + f.weekendShare] = state.weekendDays / days
  row[at + f.meanHour] = state.hours / state.orders
}

function writeBasket(state: Purchases, row: Float64Array, at: number): void {
  const { orders, categories, products, productDays } = state
  row[at + f.itemsPerOrder] = fromUnits(state.items) / orders
  row[at + f.linesPerOrder] = fromUnits(state.lines) / orders
  row[at + f.categories] = categories.size
  row[at + f.categoryEntropy] = evenness(categories)
  row[at + f.products] = products.size
  row[at + f.repeatProductShare] = ratio(productDays - products.size, productDays)
}

/** Entropy over its largest possible value. Counts are summed by size: the order of equal instants must not matter. */
function evenness(counts: ReadonlyMap<string, number>): number {
  if (counts.size < 2) return 0
  let lines = 0
  let weighted = 0
  for (const count of [...counts.values()].sort((a, b) => a - b)) {
    lines += count
    weighted += count * Math.log(count)
  }
  return Math.min(1, Math.max(0, (Math.log(lines) - weighted / lines) / Math.log(counts.size)))
}

function writePrice(state: Purchases, row: Float64Array, at: number): void {
  row[at + f.averageUnitPrice] = ratio(state.amount, state.items)
  row[at + f.discountShare] = ratio(state.discount, state.amount + state.discount)
  row[at + f.discountedOrderShare] = state.discountedOrders / state.orders
  row[at + f.discountedLineShare] = Math.min(1, ratio(state.discountedLines, state.lines))
}

/** Also of who only ever returned: the purchase may lie before our first data. */
function writeReturns(state: Purchases, row: Float64Array, at: number): void {
  row[at + f.returns] = state.returns
  row[at + f.returnRate] = ratio(state.returns, state.orders)
  row[at + f.refundShare] = state.returned > 0 ? Math.min(1, state.returned / state.amount) : 0
}

/** Purchases, each halved every `halfLifeDays`. */
export function recentPurchases({ days }: Purchases, day: number): number {
  let sum = 0
  for (let entry = 0; entry < days.size; entry += 1)
    sum += days.value(entry, ordersColumn) * 2 ** ((days.day(entry) - day) / halfLifeDays)
  return sum
}
