import { codedError } from '@quimbi/service/errors.ts'
import { createRandom } from '@quimbi/service/random.ts'
import { solveSymmetric } from './cholesky.ts'
import { drawRows, type Matrix, takeRows } from './matrix.ts'

/** A model that is linear in standardised columns: score = intercept + Σ weights[j] · (x[j] − mean[j]) / scale[j]. */
export type Linear = { mean: Float64Array; scale: Float64Array; weights: Float64Array; intercept: number }

/** What one row says at a score: the loss (up to a constant), its slope, and a curvature above 0. */
export type RowLoss = (y: number, score: number, into: { loss: number; slope: number; curvature: number }) => void

export type LinearOptions = {
  /** Penalty on the standardised weights, `l2 / 2 · Σ w²` beside a sum over rows; the intercept is free. */
  l2: number
  /** What each row counts for; 1 by default. */
  weights?: Float64Array | undefined
  /** Added to each row's score. */
  offset?: Float64Array | undefined
}

const mostSteps = 60

/** Many rows begin where so few of them end: the full steps, each of which reads everything, are then two or three. */
const rowsForStart = 5_000

/** Iteratively reweighted least squares: Newton's method with halved steps, so the loss never rises. */
export function fitLinear(m: Matrix, y: Float64Array, rowLoss: RowLoss, start: number, options: LinearOptions): Linear {
  for (const list of [options.offset, options.weights])
    if (list && list.length !== m.n) throw codedError('BAD_USER_INPUT', `${list.length} values for ${m.n} rows.`)
  const { z, mean, scale } = standardise(m, options.weights)
  const whole: Problem = { m: { ...m, x: z }, y, rowLoss, ...options }
  let at = new Float64Array(m.d + 1)
  at[m.d] = start
  if (m.n > 4 * rowsForStart) at = descend(partOf(whole, drawRows(m.n, rowsForStart, createRandom(1))), at)
  at = descend(whole, at)
  return { mean, scale, weights: at.slice(0, m.d), intercept: at[m.d]! }
}

/** Columns standardised; otherwise as given. */
type Problem = LinearOptions & { m: Matrix; y: Float64Array; rowLoss: RowLoss }

function partOf({ m, y, rowLoss, l2, offset, weights }: Problem, rows: Uint32Array): Problem {
  const pick = (from: Float64Array | undefined) => from && Float64Array.from(rows, (row) => from[row]!)
  return { m: takeRows(m, rows), y: pick(y)!, rowLoss, l2, offset: pick(offset), weights: pick(weights) }
}

/** Newton's steps from here to where the slopes are 0. */
function descend(problem: Problem, from: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  let at = from
  for (let step = 0; step < mostSteps; step++) {
    const { loss, gradient, hessian } = derive(problem, at)
    const move = solveSymmetric(hessian, gradient)
    // Twice what this step can still win.
    const decrement = move.reduce((sum, value, j) => sum + value * gradient[j]!, 0)
    let share = 1
    const moved = () => at.map((value, j) => value - share * move[j]!)
    while (share > 1e-6 && !(lossAt(problem, moved()) <= loss + 1e-12 * Math.abs(loss))) share /= 2
    if (share <= 1e-6) break
    at = moved()
    if (decrement < 1e-10 * (1 + Math.abs(loss))) break
  }
  return at
}

/** Scores of all rows. */
export function linearScores(model: Linear, m: Matrix, offset?: Float64Array): Float64Array {
  if (m.d !== model.weights.length)
    throw codedError('BAD_USER_INPUT', `The model knows ${model.weights.length} columns, the matrix has ${m.d}.`)
  const slope = model.weights.map((weight, j) => weight / model.scale[j]!)
  const base = slope.reduce((sum, s, j) => sum - s * model.mean[j]!, model.intercept)
  const out = new Float64Array(m.n)
  for (let i = 0, at = 0; i < m.n; i++) {
    let sum = base
    for (let j = 0; j < m.d; j++) sum += slope[j]! * m.x[at++]!
    out[i] = sum + (offset?.[i] ?? 0)
  }
  return out
}

/** The score of one row. */
export function linearScore(model: Linear, row: Float64Array): number {
  const { mean, scale, weights } = model
  let sum = model.intercept
  for (let j = 0; j < weights.length; j++) sum += (weights[j]! * (row[j]! - mean[j]!)) / scale[j]!
  return sum
}

/** Columns at mean 0 and deviation 1; a constant column becomes 0 and gets no weight. */
function standardise(m: Matrix, weights?: Float64Array) {
  const mean = new Float64Array(m.d)
  const scale = new Float64Array(m.d)
  let total = 0
  for (let i = 0, at = 0; i < m.n; i++) {
    const weight = weights ? weights[i]! : 1
    total += weight
    for (let j = 0; j < m.d; j++) mean[j]! += weight * m.x[at++]!
  }
  for (let j = 0; j < m.d; j++) mean[j]! /= total
  for (let i = 0, at = 0; i < m.n; i++) {
    const weight = weights ? weights[i]! : 1
    for (let j = 0; j < m.d; j++) scale[j]! += weight * (m.x[at++]! - mean[j]!) ** 2
  }
  for (let j = 0; j < m.d; j++) {
    const deviation = Math.sqrt(scale[j]! / total)
    scale[j] = deviation > 1e-12 * Math.abs(mean[j]!) && deviation > 0 ? deviation : 1
  }
  const z = new Float64Array(m.n * m.d)
  for (let i = 0, at = 0; i < m.n; i++) for (let j = 0; j < m.d; j++, at++) z[at] = (m.x[at]! - mean[j]!) / scale[j]!
  return { z, mean, scale }
}

function lossAt({ m, y, rowLoss, l2, offset, weights }: Problem, at: Float64Array): number {
  const { x: z, n, d } = m
  const told = { loss: 0, slope: 0, curvature: 0 }
  let loss = 0
  for (let j = 0; j < d; j++) loss += (l2 / 2) * at[j]! ** 2
  for (let i = 0; i < n; i++) {
    let score = at[d]! + (offset ? offset[i]! : 0)
    for (let j = 0, cell = i * d; j < d; j++, cell++) score += at[j]! * z[cell]!
    rowLoss(y[i]!, score, told)
    loss += (weights ? weights[i]! : 1) * told.loss
  }
  return loss
}

/** Loss, gradient and Hessian (upper triangle, row after row) at `at`, whose last entry is the intercept. */
function derive({ m, y, rowLoss, l2, offset, weights }: Problem, at: Float64Array) {
  const { x: z, n, d } = m
  const size = d + 1
  const gradient = new Float64Array(size)
  const hessian = new Float64Array(size * size)
  const rows = [0, 1, 2, 3].map(() => new Float64Array(size))
  const curvatures = new Float64Array(4)
  const told = { loss: 0, slope: 0, curvature: 0 }
  let loss = 0
  for (let first = 0; first < n; first += 4) {
    curvatures.fill(0)
    for (let i = first; i < Math.min(n, first + 4); i++) {
      const row = rows[i - first]!
      row[d] = 1
      let score = at[d]! + (offset ? offset[i]! : 0)
      for (let j = 0; j < d; j++) score += at[j]! * (row[j] = z[i * d + j]!)
      rowLoss(y[i]!, score, told)
      const weight = weights ? weights[i]! : 1
      loss += weight * told.loss
      const slope = weight * told.slope
      for (let j = 0; j < size; j++) gradient[j]! += slope * row[j]!
      curvatures[i - first] = weight * told.curvature
    }
    addFourRows(hessian, size, curvatures, rows[0]!, rows[1]!, rows[2]!, rows[3]!)
  }
  for (let j = 0; j < d; j++) {
    loss += (l2 / 2) * at[j]! ** 2
    gradient[j]! += l2 * at[j]!
    hessian[j * size + j]! += l2
  }
  return { loss, gradient, hessian }
}

/** The innermost loop: four rows at a time, so that a cell is read and written once for all of them. */
function addFourRows(
  hessian: Float64Array,
  size: number,
  curvatures: Float64Array,
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
  d: Float64Array,
): void {
  for (let j = 0; j < size; j++) {
    const fromA = curvatures[0]! * a[j]!
    const fromB = curvatures[1]! * b[j]!
    const fromC = curvatures[2]! * c[j]!
    const fromD = curvatures[3]! * d[j]!
    for (let k = j, cell = j * size + j; k < size; k++, cell++)
      hessian[cell]! += fromA * a[k]! + fromB * b[k]! + fromC * c[k]! + fromD * d[k]!
  }
}
