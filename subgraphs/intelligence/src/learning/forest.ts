import { createRandom, type Random } from '@quimbi/service/random.ts'
import { type RandomForestClassifier, RandomForestRegression } from 'ml-random-forest'
import { type Binned, binMatrix } from './bins.ts'
import { drawRows, type Matrix, requireFinite, requireTwoClasses } from './matrix.ts'
import { createTreeBuilder, sumTrees, type TreeBuilder, type Trees } from './trees.ts'

export type ForestOptions = {
  trees: number
  /** Rows drawn for each tree, without replacement; the library's cost grows with their square. */
  rowsPerTree: number
  maxDepth: number
  /** A node of this many rows or fewer is a leaf. */
  minRows: number
  /** Share of the columns that a tree sees. */
  columnFraction: number
  seed: number
  /** After each tree, from 1. */
  onTree?: (tree: number) => void
}

/**
 * The library tries a threshold wherever two neighbours differ in label. In so few bins, with the rows of a bin ordered by
 * label, that is 64 at most instead of half the rows.
 */
const forestBins = 32

/**
 * Trees of `ml-random-forest`, each trained on its own random rows, then averaged by leaf frequency instead of by vote. A
 * leaf's value is its frequency over the number of trees, so the sum over all trees is a probability.
 * BAD_USER_INPUT for NaN (which the library would pass in silence), targets other than 0 and 1, a single class.
 */
export function trainForest(m: Matrix, y: Float64Array, options: ForestOptions): Trees {
  requireFinite(m, y)
  requireTwoClasses(y)
  const binned = binMatrix(m, forestBins)
  const random = createRandom(options.seed)
  const builder = createTreeBuilder()
  for (let tree = 1; tree <= options.trees; tree++) {
    const rows = Array.from(drawRows(m.n, Math.min(options.rowsPerTree, m.n), random))
    const library = trainLibraryTree(binned, y, rows, options, random)
    compileTree(builder, library, binned, rows, (share) => share / options.trees)
    options.onTree?.(tree)
  }
  return builder.build()
}

/** Probabilities of a 1, row by row. */
export function predictForest(trees: Trees, m: Matrix): Float64Array {
  const out = new Float64Array(m.n)
  sumTrees(trees, m, out)
  return out
}

/**
 * A tree of the library on these rows of a matrix in bins. On labels of 0 and 1 its regression minimises n·p·(1 − p), which is
 * its classifier's Gini; but it does so in a quarter of the time, its leaves are frequencies, and it has no hidden threshold
 * (0.01 of Gini) that ends trees at their root.
 */
export function trainLibraryTree(
  binned: Binned,
  y: Float64Array,
  rows: readonly number[],
  { maxDepth, minRows, columnFraction }: Pick<ForestOptions, 'maxDepth' | 'minRows' | 'columnFraction'>,
  random: Random,
): RandomForestRegression {
  const library = new RandomForestRegression({
    nEstimators: 1,
    maxFeatures: shareOf(binned.d, columnFraction),
    replacement: false,
    useSampleBagging: false,
    noOOB: true,
    seed: Math.floor(random() * 2 ** 31),
    treeOptions: { maxDepth, minNumSamples: minRows },
  })
  const ordered = rows.toSorted((a, b) => y[a]! - y[b]!)
  library.train(
    ordered.map((row) => binsOf(binned, row)),
    ordered.map((row) => y[row]!),
  )
  return library
}

/** A row as the library sees it. */
export const binsOf = ({ columns }: Binned, row: number): number[] => columns.map((column) => column[row]!)

/** The library floors its share of the columns, and takes a 1 for all: half a column more gives the number that is meant. */
function shareOf(d: number, fraction: number): number {
  const count = Math.min(d, Math.max(1, Math.round(d * fraction)))
  return count === d ? 1 : (count + 0.5) / d
}

/** A node as the library writes it to JSON: an inner one has children, a leaf the mean of its rows, or the share of each class. */
type LibraryNode = {
  splitColumn: number
  splitValue: number
  left?: LibraryNode
  right?: LibraryNode
  distribution: number | [number[]]
}

/** Adds a forest's only tree, back on real values; `valueOf` makes a leaf's value of its share of ones. */
export function compileTree(
  builder: TreeBuilder,
  library: RandomForestRegression | RandomForestClassifier,
  { columns, cuts }: Binned,
  rows: readonly number[],
  valueOf: (share: number) => number,
): void {
  const { baseModel } = JSON.parse(JSON.stringify(library)) as {
    baseModel: { estimators: [{ root: LibraryNode }]; indexes: [number[]] }
  }
  const [seen] = baseModel.indexes
  const put = (from: LibraryNode, node: number, own: readonly number[]): void => {
    if (!from.left || !from.right) {
      const share = typeof from.distribution === 'number' ? from.distribution : (from.distribution[0][1] ?? 0)
      builder.leaf(node, own.length, valueOf(share))
      return
    }
    const column = seen[from.splitColumn]!
    // The library goes left below its value, our trees up to a cut; bins are whole numbers.
    const lastLeft = Math.ceil(from.splitValue) - 1
    const child = builder.split(node, column, cuts[column]![lastLeft]!)
    const [left, right] = [
      own.filter((row) => columns[column]![row]! <= lastLeft),
      own.filter((row) => columns[column]![row]! > lastLeft),
    ]
    put(from.left, child, left)
    put(from.right, child + 1, right)
  }
  put(baseModel.estimators[0].root, builder.root(), rows)
}
