// Fader, Hardie and Lee (2005): as Pareto/NBD, but a customer can only leave right after a purchase.
import type { Groups, PurchaseRow } from './btyd-counts.ts'
import { hypergeometric, logAdd, logGamma } from '../learning/special.ts'

/** Rates of purchase have shape r and scale α (weeks); the chance to leave after a purchase is beta(a, b). */
export type BgNbd = { r: number; alpha: number; a: number; b: number }

type Counts = Omit<PurchaseRow, 'meanValue'>

export function bgNbdLogLikelihood({ r, alpha, a, b }: BgNbd, groups: Groups): number {
  const common = r * Math.log(alpha) - logGamma(r) + logGamma(a + b) - logGamma(b)
  const byFrequency = groups.frequencies.map((x) => common + logGamma(r + x) + logGamma(b + x) - logGamma(a + b + x))
  let total = 0
  for (let i = 0; i < groups.rank.length; i++) {
    const rank = groups.rank[i] ?? 0
    const x = groups.frequencies[rank] ?? 0
    const stayed = -(r + x) * Math.log(alpha + (groups.age[i] ?? 0))
    const left = Math.log(a / (b + x - 1)) - (r + x) * Math.log(alpha + (groups.recency[i] ?? 0))
    total += (groups.weight[i] ?? 0) * ((byFrequency[rank] ?? 0) + (x > 0 ? logAdd(stayed, left) : stayed))
  }
  return total
}

/** P(still a customer at the origin); 1 for who never repeated. */
export function bgNbdAlive({ r, alpha, a, b }: BgNbd, { frequency: x, recency, age }: Counts): number {
  if (x === 0) return 1
  return 1 / (1 + (a / (b + x - 1)) * Math.exp((r + x) * Math.log((alpha + age) / (alpha + recency))))
}

/** Purchase days expected in the `weeks` after the origin. */
export function bgNbdExpected(p: BgNbd, row: Counts, weeks: number): number {
  const { r, alpha, b } = p
  // The formula has a removable gap at a = 1.
  const a = Math.abs(p.a - 1) < 1e-6 ? 1 + 1e-6 : p.a
  const x = row.frequency
  const z = weeks / (alpha + row.age + weeks)
  // Euler's form of 2F1(r+x, b+x; a+b+x−1; z): its terms stay small for frequent buyers.
  const series = (1 - z) ** (a - 1) * hypergeometric(a + b - 1 - r, a - 1, a + b + x - 1, z)
  return ((a + b + x - 1) / (a - 1)) * (1 - series) * bgNbdAlive({ ...p, a }, row)
}

/** P(at least one purchase in the `weeks` after the origin). */
export const bgNbdAnyPurchase = (p: BgNbd, row: Counts, weeks: number): number =>
  bgNbdAlive(p, row) * -Math.expm1(-(p.r + row.frequency) * Math.log1p(weeks / (p.alpha + row.age)))
