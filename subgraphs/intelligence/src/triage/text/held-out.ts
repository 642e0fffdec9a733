import { createRandom } from '@quimbi/service/random.ts'
import { type SparseRows, takeSparseRows } from './sparse.ts'
import { margins, type SvmOptions, trainSvm } from './svm.ts'

export const folds = 3

type HeldOut = SvmOptions & { groups?: readonly number[] | undefined; parts?: number | undefined }

/** The margins of each row by a model that saw no row of its group: what to expect of unseen texts. */
export function heldOutScores(rows: SparseRows, own: Int32Array, classes: number, options: HeldOut): Float64Array[] {
  const { parts = folds } = options
  const fold = foldsOf(rows.n, parts, options)
  const all = Array.from({ length: rows.n }, (_, row) => row)
  const scores: Float64Array[] = new Array<Float64Array>(rows.n)
  for (let held = 0; held < parts; held++) {
    const seen = all.filter((row) => fold[row] !== held)
    const labels = Int32Array.from(seen, (row) => own[row]!)
    const model = trainSvm(takeSparseRows(rows, seen), labels, classes, options)
    for (const row of all) {
      if (fold[row] !== held) continue
      const { columns, values } = takeSparseRows(rows, [row])
      scores[row] = margins(model, { columns, values, n: columns.length }, new Float64Array(classes))
    }
  }
  return scores
}

function foldsOf(count: number, parts: number, { groups, seed }: HeldOut): number[] {
  const random = createRandom(seed)
  const foldOf = new Map<number, number>()
  return Array.from({ length: count }, (_, row) => {
    const group = groups?.[row] ?? row
    const fold = foldOf.get(group) ?? Math.floor(random() * parts)
    foldOf.set(group, fold)
    return fold
  })
}
