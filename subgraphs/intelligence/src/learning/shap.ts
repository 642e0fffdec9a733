import type { Matrix } from './matrix.ts'
import { creditPaths, type Paths, pathsOf } from './shap-paths.ts'
import { creditTable, type ShapTable, tableOf } from './shap-table.ts'
import type { Trees } from './trees.ts'

/** What the trees say of nobody in particular: the mean over their training rows. Contributions add up from here. */
export function baseValue({ roots, value }: Trees): number {
  let sum = 0
  for (const root of roots) sum += value[root]!
  return sum
}

/**
 * Saabas' contributions for many rows: each step of a row's way down a tree is credited to the column asked. Adds to `out`,
 * shaped like `m`. Cheap, and exact in sum: baseValue + Σ of a row = what the trees say of it.
 */
export function saabas(trees: Trees, m: Matrix, out: Float64Array): void {
  const { feature, threshold, left, right, value, roots } = trees
  const { x, n, d } = m
  for (let t = 0; t < roots.length; t++) {
    const root = roots[t]!
    for (let row = 0; row < n * d; row += d) {
      let k = root
      for (let f = feature[k]!; f >= 0; f = feature[k]!) {
        const child = x[row + f]! > threshold[k]! ? right[k]! : left[k]!
        out[row + f]! += value[child]! - value[k]!
        k = child
      }
    }
  }
}

type Explainer = { table: ShapTable; paths: Paths }

const explainers = new WeakMap<Trees, Explainer>()

function explainerOf(trees: Trees): Explainer {
  const known = explainers.get(trees)
  if (known) return known
  const { table, large } = tableOf(trees)
  const made = { table, paths: pathsOf(trees, large) }
  explainers.set(trees, made)
  return made
}

/**
 * Exact Shapley values of one row in the game of path-dependent TreeSHAP (Lundberg et al., 2018): where a column is unknown,
 * go both ways, weighted by the training rows. Adds to `phi`; baseValue + Σ phi = what the trees say of the row.
 */
export function treeShap(trees: Trees, row: Float64Array, phi: Float64Array): void {
  const { table, paths } = explainerOf(trees)
  creditTable(table, row, phi)
  creditPaths(paths, row, phi)
}
