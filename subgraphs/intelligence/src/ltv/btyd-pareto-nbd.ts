// Schmittlein, Morrison and Colombo (1987): purchases at a gamma-distributed rate until an unseen, gamma-mixed exponential death.
import type { Groups, PurchaseRow } from './btyd-counts.ts'
import { gaussNodes, gaussWeights, logAdd, logGamma } from '../learning/special.ts'

/** Rates of purchase have shape r and scale α, rates of death shape s and scale β; weeks. */
export type ParetoNbd = { r: number; alpha: number; s: number; beta: number }

type Counts = Omit<PurchaseRow, 'meanValue'>

/**
 * ln ∫ from…to of (α+u)^−(r+x) · (β+u)^−(s+1) du: death at u, no purchase since `from`. By quadrature over ln u rather than
 * as a difference of two 2F1, which cancels for frequent buyers and needs thousands of terms when α and β lie far apart.
 */
export function logDeathIntegral({ r, alpha, s, beta }: ParetoNbd, x: number, from: number, to: number): number {
  const nearer = Math.min(alpha, beta)
  const apart = Math.abs(alpha - beta)
  const [slope, farSlope] = alpha < beta ? [r + x - 1, s + 1] : [s, r + x]
  const low = Math.log(nearer + from)
  // Beyond 40 e-foldings nothing is left to add.
  const span = Math.min(Math.log(nearer + to) - low, 40 / (r + s + x) + Math.log1p(apart / nearer))
  if (!(span > 0)) return -Infinity
  const panels = Math.ceil(span * Math.max((r + s + x) / 8, 1 / 5))
  const width = span / panels
  const peak = -slope * low - farSlope * Math.log(nearer + from + apart)
  let sum = 0
  for (let panel = 0; panel < panels; panel++) {
    for (let k = 0; k < gaussNodes.length; k++) {
      const v = low + (panel + (gaussNodes[k] ?? 0)) * width
      sum += (gaussWeights[k] ?? 0) * Math.exp(-slope * v - farSlope * Math.log(Math.exp(v) + apart) - peak)
    }
  }
  return peak + Math.log(sum * width)
}

export function paretoNbdLogLikelihood(p: ParetoNbd, groups: Groups): number {
  const { r, alpha, s, beta } = p
  const common = r * Math.log(alpha) + s * Math.log(beta) - logGamma(r)
  const byFrequency = groups.frequencies.map((x) => logGamma(r + x) + common)
  const logS = Math.log(s)
  let total = 0
  for (let i = 0; i < groups.rank.length; i++) {
    const rank = groups.rank[i] ?? 0
    const x = groups.frequencies[rank] ?? 0
    const age = groups.age[i] ?? 0
    const alive = -(r + x) * Math.log(alpha + age) - s * Math.log(beta + age)
    const dead = logS + logDeathIntegral(p, x, groups.recency[i] ?? 0, age)
    total += (groups.weight[i] ?? 0) * ((byFrequency[rank] ?? 0) + logAdd(alive, dead))
  }
  return total
}

/** P(still a customer at the origin). */
export function paretoNbdAlive(p: ParetoNbd, { frequency, recency, age }: Counts): number {
  const alive = -(p.r + frequency) * Math.log(p.alpha + age) - p.s * Math.log(p.beta + age)
  return 1 / (1 + Math.exp(Math.log(p.s) + logDeathIntegral(p, frequency, recency, age) - alive))
}

/** Purchase days expected in the `weeks` after the origin. `alive`: P(still a customer), where it is known already. */
export function paretoNbdExpected(p: ParetoNbd, row: Counts, weeks: number, alive = paretoNbdAlive(p, row)): number {
  const rate = (p.r + row.frequency) / (p.alpha + row.age)
  return alive * rate * (p.beta + row.age) * lomaxMean(p.s, Math.log1p(weeks / (p.beta + row.age)))
}

/** (1 − e^−(s−1)L) / (s − 1), which is L at s = 1. */
const lomaxMean = (s: number, logGrowth: number) =>
  Math.abs(s - 1) < 1e-9 ? logGrowth : -Math.expm1((1 - s) * logGrowth) / (s - 1)

/** P(at least one purchase in the `weeks` after the origin): means something even where P(alive) is 1 for all. `alive` as above. */
export function paretoNbdAnyPurchase(p: ParetoNbd, row: Counts, weeks: number, alive = paretoNbdAlive(p, row)): number {
  const x = row.frequency
  const until = row.age + weeks
  const now = -(p.r + x) * Math.log(p.alpha + row.age) - p.s * Math.log(p.beta + row.age)
  const never = logAdd(
    -(p.r + x) * Math.log(p.alpha + until) - p.s * Math.log(p.beta + until),
    Math.log(p.s) + logDeathIntegral(p, x, row.age, until),
  )
  return alive * -Math.expm1(Math.min(0, never - now))
}
