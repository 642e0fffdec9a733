import { creditPaths, pathsOf } from './shap-paths.ts'
import type { Trees } from './trees.ts'

/** A tree of more tests has too many answers to list. */
const mostTests = 7

/**
 * A row's Shapley values in a small tree depend on its answers to the tree's tests alone. All of them are known beforehand,
 * so a row only answers and looks up: as cheap as an approximation, and exact.
 */
export type ShapTable = {
  /** Tests of tree t: from firstTest[t] to firstTest[t + 1]; likewise its columns, each once. */
  firstTest: Int32Array
  testColumn: Int32Array
  threshold: Float64Array
  firstColumn: Int32Array
  column: Int32Array
  /** Where the values of tree t begin: those of its columns for answers 0, then those for answers 1, … */
  start: Int32Array
  value: Float64Array
}

/** The trees small enough, and the roots of those that are not. */
export function tableOf(trees: Trees): { table: ShapTable; large: number[] } {
  const { feature, threshold, roots } = trees
  const firstTest = [0]
  const firstColumn = [0]
  const tests: number[] = []
  const column: number[] = []
  const start: number[] = []
  const value: number[] = []
  const large: number[] = []
  const phi = new Float64Array(1 + feature.reduce((most, f) => Math.max(most, f), -1))
  for (const root of roots) {
    const own = testsOf(trees, root)
    if (own.length > mostTests) {
      large.push(root)
      continue
    }
    const asked = [...new Set(own.map((k) => feature[k]!))]
    const paths = pathsOf(trees, [root])
    start.push(value.length)
    for (let answers = 0; answers < 1 << own.length; answers++) {
      creditPaths(paths, rowWith(trees, own, answers, phi.length), phi.fill(0))
      value.push(...asked.map((f) => phi[f]!))
    }
    firstTest.push(tests.push(...own))
    firstColumn.push(column.push(...asked))
  }
  const table = {
    firstTest: Int32Array.from(firstTest),
    testColumn: Int32Array.from(tests, (k) => feature[k]!),
    threshold: Float64Array.from(tests, (k) => threshold[k]!),
    firstColumn: Int32Array.from(firstColumn),
    column: Int32Array.from(column),
    start: Int32Array.from(start),
    value: Float64Array.from(value),
  }
  return { table, large }
}

/** The inner nodes of a tree. */
function testsOf(trees: Trees, k: number): number[] {
  if (trees.feature[k]! < 0) return []
  return [k, ...testsOf(trees, trees.left[k]!), ...testsOf(trees, trees.right[k]!)]
}

/** A row that answers so: each column at the lowest threshold that it may not pass. Answers that contradict each other never come up. */
function rowWith({ feature, threshold }: Trees, tests: readonly number[], answers: number, d: number): Float64Array {
  const row = new Float64Array(d).fill(Infinity)
  tests.forEach((k, bit) => {
    if (!((answers >> bit) & 1)) row[feature[k]!] = Math.min(row[feature[k]!]!, threshold[k]!)
  })
  return row
}

/** Adds each column's Shapley value for this row to `phi`. */
export function creditTable(table: ShapTable, row: Float64Array, phi: Float64Array): void {
  const { firstTest, testColumn, threshold, firstColumn, column, start, value } = table
  for (let t = 0; t < start.length; t++) {
    const from = firstTest[t]!
    let answers = 0
    for (let k = firstTest[t + 1]! - 1; k >= from; k--)
      answers = (answers << 1) | +(row[testColumn[k]!]! > threshold[k]!)
    const last = firstColumn[t + 1]!
    const columns = last - firstColumn[t]!
    for (let j = firstColumn[t]!, at = start[t]! + answers * columns; j < last; j++, at++)
      phi[column[j]!]! += value[at]!
  }
}
