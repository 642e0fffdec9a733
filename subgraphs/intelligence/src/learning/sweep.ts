import type { Matrix } from './matrix.ts'
import type { Trees } from './trees.ts'

/** How a column goes from one row to the next: only up (1), only down (-1), or not at all (0). */
export type Directions = Int8Array

/**
 * Adds to `out[i]` what all trees say of row i, where the rows lie in an order in which no column turns around. A test is then passed by the
 * rows before some place, or by those from there on: each tree is walked once for all rows, and notes where what it says begins and ends. 35 rows
 * and 80 trees took 60 µs row by row.
 */
export function sweepTrees(trees: Trees, rows: Matrix, directions: Directions, out: Float64Array): void {
  const { n } = rows
  if (n === 0) return
  const steps = new Float64Array(n + 1)
  const { roots } = trees
  for (let tree = 0; tree < roots.length; tree++) walk(trees, rows, directions, roots[tree]!, 0, n, steps)
  let sum = 0
  for (let i = 0; i < n; i++) {
    sum += steps[i]!
    out[i]! += sum
  }
}

/** The rows from `from` to before `to`, all of which have come to the node. */
function walk(
  trees: Trees,
  rows: Matrix,
  directions: Directions,
  start: number,
  from: number,
  to: number,
  steps: Float64Array,
): void {
  const { feature, threshold, left, right } = trees
  const { x, d } = rows
  let node = start
  let end = to
  for (let column = feature[node]!; column >= 0; column = feature[node]!) {
    const limit = threshold[node]!
    const isRight = x[from * d + column]! > limit
    if (directions[column] !== 0 && x[(end - 1) * d + column]! > limit !== isRight) {
      let turn = from + 1
      for (let last = end - 1; turn < last;) {
        const middle = (turn + last) >>> 1
        if (x[middle * d + column]! > limit === isRight) turn = middle + 1
        else last = middle
      }
      walk(trees, rows, directions, isRight ? left[node]! : right[node]!, turn, end, steps)
      end = turn
    }
    node = isRight ? right[node]! : left[node]!
  }
  const leaf = trees.value[node]!
  steps[from]! += leaf
  steps[end]! -= leaf
}
