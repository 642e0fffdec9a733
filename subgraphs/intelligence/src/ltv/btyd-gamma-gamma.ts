// Fader and Hardie (2013): the mean value of a purchase, shrunk to the population's by how many were seen.
import type { PurchaseStats } from './btyd-counts.ts'
import { logGamma } from '../learning/special.ts'

/** A purchase's value is gamma(p, ν), ν is gamma(q, γ); the population's mean is pγ / (q − 1). */
export type GammaGamma = { p: number; q: number; gamma: number }

/** Only customers with a repeat purchase of positive value tell. */
export function gammaGammaLogLikelihood({ p, q, gamma }: GammaGamma, values: RepeatValues): number {
  const byFrequency = values.frequencies.map((x) => logGamma(p * x + q) - logGamma(p * x) + p * x * Math.log(x))
  let total = values.rank.length * (q * Math.log(gamma) - logGamma(q))
  for (let i = 0; i < values.rank.length; i++) {
    const rank = values.rank[i] ?? 0
    const x = values.frequencies[rank] ?? 0
    const mean = values.mean[i] ?? 0
    total +=
      (byFrequency[rank] ?? 0) + (p * x - 1) * (values.logMean[i] ?? 0) - (p * x + q) * Math.log(gamma + x * mean)
  }
  return total
}

export type RepeatValues = {
  rank: Int32Array
  frequencies: Float64Array
  mean: Float64Array
  logMean: Float64Array
}

export function repeatValues({ frequency, meanValue }: Pick<PurchaseStats, 'frequency' | 'meanValue'>): RepeatValues {
  const seen = Array.from(frequency.keys()).filter((i) => (frequency[i] ?? 0) > 0 && (meanValue[i] ?? 0) > 0)
  const frequencies = Float64Array.from(new Set(seen.map((i) => frequency[i] ?? 0))).sort()
  const rankOf = new Map(Array.from(frequencies, (x, rank) => [x, rank] as const))
  const mean = Float64Array.from(seen, (i) => meanValue[i] ?? 0)
  return {
    rank: Int32Array.from(seen, (i) => rankOf.get(frequency[i] ?? 0) ?? 0),
    frequencies,
    mean,
    logMean: mean.map(Math.log),
  }
}

/** The value expected of this customer's next purchase. Below q = 1 the population's mean is infinite: `fallback` stands in. */
export function expectedValue(
  { p, q, gamma }: GammaGamma,
  frequency: number,
  meanValue: number,
  fallback: number,
): number {
  const seen = meanValue > 0 ? frequency : 0
  const divisor = p * seen + q - 1
  return divisor > 1e-3 ? (p * (gamma + seen * meanValue)) / divisor : fallback
}
