import type { Trees } from './trees.ts'

/**
 * The columns asked on the way to each leaf, once each, flat: leaf l has those from first[l] to first[l + 1]. A row agrees
 * where low < x <= high; `share` of the training rows that came to the tests did.
 */
export type Paths = {
  first: number[]
  leafValue: number[]
  column: number[]
  low: number[]
  high: number[]
  share: number[]
}

/** Of the trees that start at these roots. */
export function pathsOf(trees: Trees, roots: readonly number[]): Paths {
  const paths: Paths = { first: [0], leafValue: [], column: [], low: [], high: [], share: [] }
  for (const root of roots) addPaths(trees, root, [], paths)
  return paths
}

type Step = { column: number; low: number; high: number; share: number }

function addPaths(trees: Trees, k: number, steps: readonly Step[], into: Paths): void {
  const column = trees.feature[k]!
  if (column < 0) {
    for (const step of steps) {
      into.column.push(step.column)
      into.low.push(step.low)
      into.high.push(step.high)
      into.share.push(step.share)
    }
    into.leafValue.push(trees.value[k]!)
    into.first.push(into.column.length)
    return
  }
  const before = steps.find((step) => step.column === column) ?? { low: -Infinity, high: Infinity, share: 1 }
  const others = steps.filter((step) => step.column !== column)
  const threshold = trees.threshold[k]!
  for (const child of [trees.left[k]!, trees.right[k]!]) {
    const { low, high } = before
    const share = (before.share * trees.cover[child]!) / trees.cover[k]!
    const step =
      child === trees.left[k]
        ? { column, low, high: Math.min(high, threshold), share }
        : { column, low: Math.max(low, threshold), high, share }
    addPaths(trees, child, [...others, step], into)
  }
}

/**
 * Adds each column's Shapley value for this row to `phi`. Knowing the columns S, the chance to reach a leaf is Π over the
 * path's other columns of their share, if all in S agree. So a leaf needs only the coefficients of Π (share + t) over the
 * columns that agree: that of tᵏ sums up the coalitions of k of them. Leaving a column out divides by its factor.
 */
export function creditPaths(
  { first, leafValue, column, low, high, share }: Paths,
  row: Float64Array,
  phi: Float64Array,
): void {
  for (let leaf = 0; leaf < leafValue.length; leaf++) {
    const from = first[leaf]!
    const to = first[leaf + 1]!
    let degree = 0
    let chance = leafValue[leaf]!
    coefficients[0] = 1
    for (let j = from; j < to; j++) {
      const factor = share[j]!
      const value = row[column[j]!]!
      agrees[j - from] = !(value > high[j]!) && (value > low[j]! || low[j] === -Infinity)
      if (!agrees[j - from]) {
        chance *= factor
        continue
      }
      coefficients[degree + 1] = coefficients[degree]!
      for (let k = degree; k > 0; k--) coefficients[k] = coefficients[k]! * factor + coefficients[k - 1]!
      coefficients[0]! *= factor
      degree++
    }
    const weights = weightsOf(to - from)
    let without = 0
    if (degree < to - from) for (let k = 0; k <= degree; k++) without += weights[k]! * coefficients[k]!
    for (let j = from; j < to; j++) {
      if (!agrees[j - from]) {
        phi[column[j]!]! -= chance * without
        continue
      }
      const factor = share[j]!
      let rest = 0
      let sum = 0
      for (let k = degree - 1; k >= 0; k--) {
        rest = coefficients[k + 1]! - factor * rest
        sum += weights[k]! * rest
      }
      phi[column[j]!]! += chance * (1 - factor) * sum
    }
  }
}

// Of the leaf at hand; kept, because making them anew for each leaf costs more than the sums.
const coefficients: number[] = []
const agrees: boolean[] = []

const weightsBySize: number[][] = []

/** Shapley's weight of a coalition of k among the m − 1 others: k! (m − 1 − k)! / m!. */
function weightsOf(m: number): number[] {
  const known = weightsBySize[m]
  if (known) return known
  const weights = [1 / m]
  for (let k = 1; k < m; k++) weights.push((weights[k - 1]! * k) / (m - k))
  return (weightsBySize[m] = weights)
}
