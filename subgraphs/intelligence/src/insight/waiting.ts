import { amountUnits, dayMs, dayOf, fromUnits, isInstant, isPurchase } from '../features/facts.ts'
import type { CustomerHistory } from '../features/history.ts'
import type { Matrix } from '../learning/matrix.ts'
import { gapsOf, purchasesBefore } from './purchases.ts'

/** One customer's purchases (`purchasesBefore`), and what was charged on the day of each: all that the hazard is read from. */
export type Buyer = { purchases: readonly number[]; values: readonly number[] }

/** Null without a purchase before `asOf`. */
export function buyerOf(history: CustomerHistory, asOf: number): Buyer | null {
  const purchases = purchasesBefore(history, asOf)
  if (purchases.length === 0) return null
  const units = new Map<number, number>()
  for (const order of history.orders) {
    if (!(order.at < asOf) || !isInstant(order.at) || !isPurchase(order)) continue
    units.set(dayOf(order.at), (units.get(dayOf(order.at)) ?? 0) + amountUnits(order))
  }
  return { purchases, values: purchases.map((at) => fromUnits(units.get(dayOf(at)) ?? 0)) }
}

/** What is known of a customer who made `count` purchases and has waited since the last of them. */
export type Waiting = {
  count: number
  tenureDays: number
  meanGap: number
  lastGap: number
  gapSpread: number
  /** Share of the purchases in the 91 days that ended with the last one. */
  recentShare: number
  meanValue: number
}

/** The columns of a person-week. */
export const waitingColumns = 12
/** Weight, in gaps, of the tenant's typical gap in a customer's own mean. */
const gapsOfPrior = 1

/** As it stood when the `count`-th purchase was made. `typicalGap` (days) stands in for gaps that are not there yet. */
export function waitingAfter({ purchases, values }: Buyer, count: number, typicalGap: number): Waiting {
  const own = purchases.slice(0, count)
  const first = own[0] ?? 0
  const last = own.at(-1) ?? first
  const gaps = gapsOf(own)
  const total = (last - first) / dayMs
  const meanGap = (total + gapsOfPrior * typicalGap) / (gaps.length + gapsOfPrior)
  const squares = gaps.reduce((sum, gap) => sum + (gap - meanGap) ** 2, 0)
  return {
    count,
    tenureDays: total,
    meanGap,
    lastGap: gaps.at(-1) ?? typicalGap,
    gapSpread: Math.sqrt(squares / Math.max(1, gaps.length)) / meanGap,
    recentShare: own.filter((at) => at > last - 91 * dayMs).length / count,
    meanValue: values.slice(0, count).reduce((sum, value) => sum + value, 0) / count,
  }
}

/** How the columns go while somebody waits, for `sweepTrees`. */
export const waitingDirections = Int8Array.of(1, 1, 1, 0, 0, 0, 1, -1, 0, 0, 0, 0)

/** Writes the row of someone who has waited so many days. */
export function writeWaiting(waiting: Waiting, days: number, into: Float64Array, at: number): void {
  const { count, meanGap, lastGap, meanValue } = waiting
  into[at + 3] = Math.log1p(count)
  into[at + 4] = Math.log(meanGap)
  into[at + 5] = Math.log(1 + lastGap)
  into[at + 8] = Math.min(5, waiting.gapSpread)
  into[at + 9] = count === 1 ? 1 : 0
  into[at + 10] = Math.log1p(meanValue)
  into[at + 11] = waiting.recentShare
  writeDays(waiting, days, into, at)
}

/** Of a row, what changes from day to day. */
function writeDays({ count, meanGap, tenureDays }: Waiting, days: number, into: Float64Array, at: number): void {
  const tenure = tenureDays + days
  into[at] = Math.log1p(days / 7)
  into[at + 1] = days / 7
  into[at + 2] = Math.min(20, days / meanGap)
  into[at + 6] = Math.log1p(tenure)
  into[at + 7] = Math.log(count / (tenure + 30))
}

/** One row for each of the days, which ascend. */
export function waitingRows(waiting: Waiting, days: Float64Array): Matrix {
  const [n, d] = [days.length, waitingColumns]
  const x = new Float64Array(n * d)
  writeWaiting(waiting, days[0] ?? 0, x, 0)
  for (let i = 1; i < n; i++) {
    x.copyWithin(i * d, 0, d)
    writeDays(waiting, days[i]!, x, i * d)
  }
  return { x, n, d }
}
