import { predictBooster, trainBooster } from '../learning/boosting.ts'
import { predictTweedie, trainTweedie } from '../learning/glm.ts'
import { type Matrix, takeRows } from '../learning/matrix.ts'
import { type Design, ordersColumn } from './design.ts'
import type { Bounds, MemberName, Members, MemberWeights } from './model.ts'

/** Rows beyond which a linear member learns nothing more. */
const linearRows = 20_000

/**
 * `rows` of the design and of the spend, which is in units of its mean. Every member corrects the buying model's forecast, so
 * what little data cannot tell stays as it says; trees cannot extrapolate to the largest buyers, lines cannot see thresholds.
 */
export function trainMembers(design: Design, spend: Float64Array, rows: Int32Array, seed: number): Members {
  const few = rows.length > linearRows ? rows.filter((_, k) => k % Math.ceil(rows.length / linearRows) === 0) : rows
  const bounds = boundsOf(design.log, few)
  const log = within(takeRows(design.log, few), bounds)
  const y = take(spend, few)
  const offset = take(design.offset, few)
  return {
    bounds,
    booster: trainBooster(takeRows(design.raw, rows), take(spend, rows), {
      objective: 'tweedie',
      rounds: 200,
      learningRate: 0.045,
      leaves: 4,
      minLeaf: Math.max(5, Math.min(100, Math.round(rows.length / 50))),
      l2: 10,
      rowFraction: 0.7,
      columnFraction: 0.25,
      seed,
      offset: take(design.offset, rows),
    }),
    glm: trainTweedie(log, y, { l2: 100, offset }),
    rhythm: trainTweedie(rhythmColumns(log), y, { l2: 30, offset }),
  }
}

export type Forecasts = Record<MemberName, Float64Array>

/** Forecasts of all members in units of the mean spend, row by row. */
export function predictMembers(members: Members, { raw, log, offset }: Design): Forecasts {
  const seen = within(log, members.bounds)
  return {
    booster: predictBooster(members.booster, raw, offset),
    glm: predictTweedie(members.glm, seen, offset),
    rhythm: predictTweedie(members.rhythm, rhythmColumns(seen), offset),
    buying: offset.map(Math.exp),
  }
}

/** Least and largest of every column. */
function boundsOf(m: Matrix, rows: Int32Array): Bounds {
  const low = new Float64Array(m.d).fill(Infinity)
  const high = new Float64Array(m.d).fill(-Infinity)
  for (const row of rows) {
    for (let j = 0; j < m.d; j++) {
      const cell = m.x[row * m.d + j]!
      if (cell < low[j]!) low[j] = cell
      if (cell > high[j]!) high[j] = cell
    }
  }
  return { low, high }
}

/** Lines do not go beyond what they were drawn through: there the buying model alone goes on. */
export function within({ x, n, d }: Matrix, { low, high }: Bounds): Matrix {
  const kept = new Float64Array(x.length)
  for (let at = 0, j = 0; at < x.length; at++, j = j + 1 === d ? 0 : j + 1)
    kept[at] = Math.min(high[j]!, Math.max(low[j]!, x[at]!))
  return { x: kept, n, d }
}

export function blend(forecasts: Forecasts, weights: MemberWeights): Float64Array {
  const { booster, glm, rhythm, buying } = forecasts
  return buying.map(
    (own, i) =>
      weights.booster * booster[i]! + weights.glm * glm[i]! + weights.rhythm * rhythm[i]! + weights.buying * own,
  )
}

/** The columns that the buying model made: all that the rhythm member reads. */
export function rhythmColumns(m: Matrix): Matrix {
  const d = m.d - ordersColumn
  const x = new Float64Array(m.n * d)
  for (let i = 0; i < m.n; i++) x.set(m.x.subarray(i * m.d + ordersColumn, (i + 1) * m.d), i * d)
  return { x, n: m.n, d }
}

const take = (values: Float64Array, rows: Int32Array) => Float64Array.from(rows, (row) => values[row]!)
