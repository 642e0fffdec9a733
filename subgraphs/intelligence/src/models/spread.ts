import type { Matrix } from '../learning/matrix.ts'

/**
 * How one feature was spread over a sample: ascending edges, at most nine, between bins of a tenth each where values differ enough. Bin i
 * holds what is at or above i edges; the last share is that of missing values. The shares add up to 1.
 */
export type FeatureSpread = { edges: number[]; shares: number[] }

/** By the features' columns. */
export type Spread = FeatureSpread[]

const deciles = 10

/** The spread of each column; values that are no finite number are missing. Empty for a sample of none. */
export function spreadOf({ x, n, d }: Matrix): Spread {
  if (n === 0) return []
  return Array.from({ length: d }, (_, column) => {
    const values = Float64Array.from({ length: n }, (_, row) => x[row * d + column] ?? NaN)
    const known = values.filter(Number.isFinite).sort()
    const edges = edgesOf(known)
    const counts = new Array<number>(edges.length + 2).fill(0)
    for (const value of known) counts[binOf(edges, value)]! += 1
    counts[edges.length + 1] = n - known.length
    return { edges, shares: counts.map((count) => count / n) }
  })
}

/** Which tenth begins where; equal ones are one edge. */
function edgesOf(sorted: Float64Array): number[] {
  if (sorted.length === 0) return []
  const edges = Array.from(
    { length: deciles - 1 },
    (_, index) => sorted[Math.floor(((index + 1) * sorted.length) / deciles)] ?? 0,
  )
  return [...new Set(edges)]
}

const binOf = (edges: readonly number[], value: number): number => {
  const next = edges.findIndex((edge) => value < edge)
  return next === -1 ? edges.length : next
}

/** What an empty bin counts as: a logarithm of nothing would drown all other bins. */
const emptyShare = 1e-4

/** Population stability index, 0 and up: Σ (now − then) ln (now / then) over the bins; shares of both in the same bins. */
export function stabilityIndex(then: readonly number[], now: readonly number[]): number {
  return then.reduce((sum, share, bin) => {
    const [a, b] = [Math.max(emptyShare, share), Math.max(emptyShare, now[bin] ?? 0)]
    return sum + (b - a) * Math.log(b / a)
  }, 0)
}
