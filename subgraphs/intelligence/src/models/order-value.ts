/** An order so many times as dear as the median is doubted, or more where prices differ more. */
const leastDoubted = 10
/** In standard deviations of the orders' logarithms, as the median deviation estimates them. */
const farOff = 3
const deviationOfMedian = 1.4826
/** What the dearest tenth begins with is not doubted: so many do not mistype. */
const undoubted = 0.9

/**
 * What an order is worth on average, where a mistyped amount must not decide: those that lie beyond all others count for as much as the dearest
 * that is believed. Null without an order above 0.
 */
export function typicalOrderValue(amounts: readonly number[]): number | null {
  const sorted = amounts.filter((amount) => amount > 0).sort((a, b) => a - b)
  if (sorted.length === 0) return null
  const middle = lowerQuantile(sorted, 0.5)
  const deviations = sorted.map((amount) => Math.abs(Math.log(amount / middle))).sort((a, b) => a - b)
  const spread = deviationOfMedian * lowerQuantile(deviations, 0.5)
  const doubted = middle * Math.max(leastDoubted, Math.exp(farOff * spread))
  const most = Math.max(doubted, lowerQuantile(sorted, undoubted))
  return sorted.reduce((sum, amount) => sum + Math.min(amount, most), 0) / sorted.length
}

/** Of two that are as near, the lower: the last one decides nothing. */
const lowerQuantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.floor(share * (sorted.length - 1))]!
