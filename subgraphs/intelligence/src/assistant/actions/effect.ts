import { sayShare } from '../texts/say.ts'

/** Customers, each once, and how many of them ordered within the horizon after the outcome. */
export type Group = { customers: number; ordered: number }
export type Compared = { taken: Group; dismissed: Group; horizonDays: number }

/** What an action was measured to change: shares of customers who ordered, taken less dismissed, with a 90 % interval. */
export type Effect = Compared & { difference: number; low: number; high: number }

/** Fewer of either say nothing. */
const leastCustomers = 30
/** 90 % two-sided. */
const z = 1.6448536269514722

/** Null of too few. By Newcombe's method 10: the two groups' Wilson intervals, joined. */
export function effectOf({ taken, dismissed, horizonDays }: Compared): Effect | null {
  if (taken.customers < leastCustomers || dismissed.customers < leastCustomers) return null
  const [a, b] = [wilson(taken), wilson(dismissed)]
  const difference = a.share - b.share
  return {
    ...{ taken, dismissed, horizonDays, difference },
    // A rounding may lead beyond what a difference can be.
    low: Math.max(-1, difference - Math.hypot(a.share - a.low, b.high - b.share)),
    high: Math.min(1, difference + Math.hypot(a.high - a.share, b.share - b.low)),
  }
}

function wilson({ customers: n, ordered }: Group): { share: number; low: number; high: number } {
  const share = ordered / n
  const middle = (share + z ** 2 / (2 * n)) / (1 + z ** 2 / n)
  const half = (z / (1 + z ** 2 / n)) * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2))
  return { share, low: Math.max(0, middle - half), high: Math.min(1, middle + half) }
}

/** What is added to the chance that a customer stays: nothing while the interval holds 0. */
export const liftOf = (effect: Effect | undefined): number =>
  effect && (effect.low > 0 || effect.high < 0) ? effect.difference : 0

/** The measurement in words. */
export function sayEffect({ taken, dismissed, horizonDays, difference, low, high }: Effect): string {
  const group = ({ ordered, customers }: Group) => `${ordered} of ${customers}`
  const points = (share: number) => `${Math.round(share * 100)}`
  const told =
    low > 0 || high < 0
      ? `${points(Math.abs(difference))} points ${difference > 0 ? 'more' : 'less'}`
      : 'no difference that could be told from chance'
  return (
    `Measured here: within ${horizonDays} days ${group(taken)} customers ordered where it was done, ` +
    `${group(dismissed)} (${sayShare(dismissed.ordered / dismissed.customers)}) where it was dismissed: ${told}, ` +
    `90% interval ${points(low)} to ${points(high)}. Who got it was not drawn by lot.`
  )
}
