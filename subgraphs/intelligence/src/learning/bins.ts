import { createRandom } from '@quimbi/service/random.ts'
import { drawRows, type Matrix } from './matrix.ts'

/** A matrix in bins, column by column: bin b of column f holds what is <= cuts[f][b] and above the cut before. */
export type Binned = { columns: Uint8Array[]; cuts: Float64Array[]; n: number; d: number }

/** Cuts come from at most this many rows, whose quantiles are off by a third of a percent of rank: a fifth of a bin. */
const rowsForCuts = 20_000

/** Bins by quantiles, `bins` at most (2…255); a column of fewer distinct values gets a bin for each. */
export function binMatrix(m: Matrix, bins: number): Binned {
  const rows = m.n <= rowsForCuts ? null : drawRows(m.n, rowsForCuts, createRandom(1))
  const sample = new Float64Array(rows?.length ?? m.n)
  const cuts = Array.from({ length: m.d }, (_, f) => {
    for (let i = 0; i < sample.length; i++) sample[i] = m.x[(rows ? rows[i]! : i) * m.d + f]!
    return quantileCuts(sample.sort(), bins)
  })
  return { columns: cuts.map((own, f) => binColumn(m, f, own)), cuts, n: m.n, d: m.d }
}

function binColumn({ x, n, d }: Matrix, f: number, cuts: Float64Array): Uint8Array {
  const column = new Uint8Array(n)
  for (let i = 0, at = f; i < n; i++, at += d) {
    const value = x[at]!
    let low = 0
    let high = cuts.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (value <= cuts[middle]!) high = middle
      else low = middle + 1
    }
    column[i] = low
  }
  return column
}

/** Ascending cuts between distinct values of `sorted`, `bins - 1` at most. */
function quantileCuts(sorted: Float64Array, bins: number): Float64Array {
  const starts: number[] = []
  for (let i = 1; i < sorted.length; i++) if (sorted[i] !== sorted[i - 1]) starts.push(i)
  const between = (i: number) => {
    const low = sorted[i - 1]!
    const middle = low + (sorted[i]! - low) / 2
    // Neighbouring floats have nothing between them, and huge ones overflow: the lower one itself still cuts.
    return middle < sorted[i]! ? middle : low
  }
  if (starts.length < bins) return Float64Array.from(starts, between)
  const cuts: number[] = []
  let next = 0
  for (let b = 1; b < bins; b++) {
    while (next < starts.length && starts[next]! < (b * sorted.length) / bins) next++
    if (next === starts.length) break
    const cut = between(starts[next]!)
    if (cut !== cuts.at(-1)) cuts.push(cut)
  }
  return Float64Array.from(cuts)
}
