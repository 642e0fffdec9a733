import { codedError } from '@quimbi/service/errors.ts'
import { featureIndex } from '../features/catalogue.ts'
import { type BgNbd, bgNbdAlive } from '../ltv/btyd-bg-nbd.ts'

export const shortestHorizon = 28
export const longestHorizon = 365

/** Refuses a horizon that is no whole number of days from 28 to 365 (BAD_USER_INPUT). */
export function requireHorizon(days: number): number {
  if (Number.isInteger(days) && days >= shortestHorizon && days <= longestHorizon) return days
  throw codedError('BAD_USER_INPUT', `A horizon is ${shortestHorizon} to ${longestHorizon} days, not ${days}.`, {
    reason: 'HORIZON',
  })
}

/** The cumulative hazard of a purchase within `days` that BG/NBD gives the customer whose features start at `row`. */
function hazardOf({ r, alpha, ...left }: BgNbd, days: number, x: Float64Array, row: number): number {
  const frequency = Math.max(0, x[row + featureIndex.purchaseDays]! - 1)
  const age = x[row + featureIndex.tenureDays]! / 7
  const recency = x[row + featureIndex.activeSpanDays]! / 7
  const alive = bgNbdAlive({ r, alpha, ...left }, { frequency, recency, age })
  const purchases = (r + frequency) * Math.log1p(days / 7 / (alpha + age))
  return alive === 1 ? purchases : -Math.log1p(alive * Math.expm1(-purchases))
}

/**
 * How much longer `days` are than the model's own horizon, in this customer's time: the ratio of the cumulative hazards of
 * a purchase. P(no purchase in `days`) = P(no purchase in the own horizon) ^ stretch: it falls as the horizon grows, stays a
 * probability, and is exact at the own horizon.
 */
export function stretchOf(rhythm: BgNbd, own: number, days: number, x: Float64Array, row: number): number {
  if (days === own) return 1
  const whole = hazardOf(rhythm, own, x, row)
  // Who left for certain says nothing of time: then hazards are constant.
  return whole > 0 ? hazardOf(rhythm, days, x, row) / whole : days / own
}

/** Log-odds of churn by the rhythm alone. */
export function rhythmScore(rhythm: BgNbd, days: number, x: Float64Array, row: number): number {
  const hazard = hazardOf(rhythm, days, x, row)
  // logit(e^−h) = −ln(e^h − 1), held where a double still tells 0 from 1.
  return -Math.log(Math.expm1(Math.min(700, Math.max(1e-9, hazard))))
}
