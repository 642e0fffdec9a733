import { createRandom } from '@quimbi/service/random.ts'
import type { SparseRow, SparseRows } from './sparse.ts'

/**
 * One linear machine per class: the weight of column i for class k is `weights[i * classes + k] * scales[i]`. In bytes, because reading
 * weights from memory is what a message costs; the labels come out the same. Plain data.
 */
export type LinearModel = { weights: Int8Array; scales: Float32Array; bias: Float64Array; classes: number }

export type SvmOptions = { cost: number; epochs: number; tolerance: number; seed: number }

/**
 * One-vs-rest linear machines with squared hinge loss, by dual coordinate descent (Hsieh et al. 2008, as LIBLINEAR's L2-loss).
 * Deterministic for a seed.
 */
export function trainSvm(rows: SparseRows, labels: Int32Array, classes: number, options: SvmOptions): LinearModel {
  const weights = new Float32Array(rows.d * classes)
  const bias = new Float64Array(classes)
  const squares = squaresOf(rows)
  for (let own = 0; own < classes; own++) {
    const w = trainOne(rows, squares, (row) => labels[row] === own, { ...options, seed: options.seed + own })
    for (let column = 0; column < rows.d; column++) weights[column * classes + own] = w[column]!
    bias[own] = w[rows.d]!
  }
  return { ...inBytes(weights, rows.d, classes), bias, classes }
}

/** Each column's weights in steps of a 127th of its largest. */
function inBytes(exact: Float32Array, d: number, classes: number) {
  const weights = new Int8Array(exact.length)
  const scales = new Float32Array(d)
  for (let column = 0; column < d; column++) {
    const from = column * classes
    let most = 0
    for (let at = from; at < from + classes; at++) most = Math.max(most, Math.abs(exact[at]!))
    if (most === 0) continue
    scales[column] = most / 127
    for (let at = from; at < from + classes; at++) weights[at] = Math.round((exact[at]! * 127) / most)
  }
  return { weights, scales }
}

/** The distance of a row from every class's plane, into `out`. */
export function margins(model: LinearModel, row: SparseRow, out: Float64Array): Float64Array {
  const { weights, scales, bias, classes } = model
  const { columns, values, n } = row
  out.set(bias)
  let at = 0
  // Four columns at a time: a sum is read and written once for four weights, a third faster.
  for (; at + 3 < n; at += 4) {
    const [a, b, c, d] = [columns[at]!, columns[at + 1]!, columns[at + 2]!, columns[at + 3]!]
    const [fromA, fromB, fromC, fromD] = [a * classes, b * classes, c * classes, d * classes]
    const [valueA, valueB] = [values[at]! * scales[a]!, values[at + 1]! * scales[b]!]
    const [valueC, valueD] = [values[at + 2]! * scales[c]!, values[at + 3]! * scales[d]!]
    for (let k = 0; k < classes; k++)
      out[k] =
        out[k]! +
        weights[fromA + k]! * valueA +
        weights[fromB + k]! * valueB +
        weights[fromC + k]! * valueC +
        weights[fromD + k]! * valueD
  }
  for (; at < n; at++) {
    const from = columns[at]! * classes
    const value = values[at]! * scales[columns[at]!]!
    for (let k = 0; k < classes; k++) out[k] = out[k]! + weights[from + k]! * value
  }
  return out
}

function squaresOf({ starts, values, n }: SparseRows): Float64Array {
  const squares = new Float64Array(n)
  for (let row = 0; row < n; row++) {
    // The constant column that carries the bias counts too.
    let sum = 1
    for (let at = starts[row]!; at < starts[row + 1]!; at++) sum += values[at]! ** 2
    squares[row] = sum
  }
  return squares
}

function trainOne(
  { starts, columns, values, n, d }: SparseRows,
  squares: Float64Array,
  isOwn: (row: number) => boolean,
  { cost, epochs, tolerance, seed }: SvmOptions,
): Float64Array {
  const w = new Float64Array(d + 1)
  const alpha = new Float64Array(n)
  const diagonal = 1 / (2 * cost)
  const order = Int32Array.from({ length: n }, (_, row) => row)
  const random = createRandom(seed)
  let active = n
  // A row beyond its margin by more than the worst violation of the last round will hardly move again: it is left out (shrinking).
  let slack = Infinity
  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffle(order, active, random)
    let worst = 0
    for (let place = 0; place < active; place++) {
      const row = order[place]!
      const sign = isOwn(row) ? 1 : -1
      const from = starts[row]!
      const to = starts[row + 1]!
      let margin = w[d]!
      for (let at = from; at < to; at++) margin += w[columns[at]!]! * values[at]!
      const before = alpha[row]!
      const gradient = sign * margin - 1 + before * diagonal
      if (before === 0 && gradient >= 0) {
        if (gradient > slack) swap(order, place--, --active)
        continue
      }
      worst = Math.max(worst, Math.abs(gradient))
      const after = Math.max(0, before - gradient / (squares[row]! + diagonal))
      const step = (after - before) * sign
      alpha[row] = after
      for (let at = from; at < to; at++) {
        const column = columns[at]!
        w[column] = w[column]! + step * values[at]!
      }
      w[d] = w[d]! + step
    }
    if (worst < tolerance) break
    slack = worst
  }
  return w
}

function shuffle(order: Int32Array, count: number, random: () => number): void {
  for (let last = count - 1; last > 0; last--) swap(order, last, Math.floor(random() * (last + 1)))
}

function swap(order: Int32Array, a: number, b: number): void {
  const kept = order[a]!
  order[a] = order[b]!
  order[b] = kept
}
