import { codedError } from '@quimbi/service/errors.ts'
import type { Random } from '@quimbi/service/random.ts'

/** `n` rows of `d` numbers, row after row: cell (i, j) is `x[i * d + j]`. */
export type Matrix = { readonly x: Float64Array; readonly n: number; readonly d: number }

/** A matrix from rows of the same length; refuses ragged ones (BAD_USER_INPUT). */
export function matrixOf(rows: readonly ArrayLike<number>[]): Matrix {
  const d = rows[0]?.length ?? 0
  const x = new Float64Array(rows.length * d)
  rows.forEach((row, i) => {
    if (row.length !== d) throw codedError('BAD_USER_INPUT', `Row ${i} has ${row.length} columns, not ${d}.`)
    x.set(row, i * d)
  })
  return { x, n: rows.length, d }
}

/** The rows named, in that order; a row may come more than once. */
export function takeRows(m: Matrix, rows: ArrayLike<number>): Matrix {
  const x = new Float64Array(rows.length * m.d)
  for (let i = 0; i < rows.length; i++) {
    const from = rows[i]! * m.d
    x.set(m.x.subarray(from, from + m.d), i * m.d)
  }
  return { x, n: rows.length, d: m.d }
}

/** `count` of the numbers below n, each at most once. Random, because every k-th row meets whatever repeats every k rows. */
export function drawRows(n: number, count: number, random: Random): Uint32Array {
  const all = Uint32Array.from({ length: n }, (_, i) => i)
  for (let k = 0; k < count; k++) {
    const other = k + Math.floor(random() * (n - k))
    const row = all[k]!
    all[k] = all[other]!
    all[other] = row
  }
  return all.slice(0, count)
}

/** Refuses NaN and infinities (BAD_USER_INPUT): what is missing is decided by the features, never by a model. */
export function requireFinite(m: Matrix, y?: ArrayLike<number>): void {
  if (m.x.length !== m.n * m.d) throw codedError('BAD_USER_INPUT', `${m.n} × ${m.d} is not ${m.x.length} numbers.`)
  const bad = firstNotFinite(m.x)
  if (bad >= 0)
    throw codedError('BAD_USER_INPUT', `Row ${Math.floor(bad / m.d)}, column ${bad % m.d} is ${m.x[bad]}, no number.`)
  if (!y) return
  if (y.length !== m.n) throw codedError('BAD_USER_INPUT', `${m.n} rows have ${y.length} targets.`)
  for (let i = 0; i < y.length; i++)
    if (!Number.isFinite(y[i])) throw codedError('BAD_USER_INPUT', `Target ${i} is ${y[i]}, no number.`)
}

function firstNotFinite(values: Float64Array): number {
  // x - x is 0 for every finite number and NaN for the rest; a comparison per number costs the same.
  for (let i = 0; i < values.length; i++) if (values[i]! - values[i]! !== 0) return i
  return -1
}

/** Refuses targets that are not all 0 or 1, or are all the same (BAD_USER_INPUT). */
export function requireTwoClasses(y: ArrayLike<number>): void {
  let ones = 0
  for (let i = 0; i < y.length; i++) {
    if (y[i] !== 0 && y[i] !== 1) throw codedError('BAD_USER_INPUT', `Target ${i} is ${y[i]}, neither 0 nor 1.`)
    ones += y[i]!
  }
  if (ones === 0 || ones === y.length)
    throw codedError('BAD_USER_INPUT', 'All targets are the same: there is nothing to tell apart.', {
      reason: 'ONE_CLASS',
    })
}
