import { trainLogistic } from '../learning/logistic.ts'
import type { Matrix } from '../learning/matrix.ts'
import { isSkewed, logOf } from './columns.ts'
import type { LinearMember } from './model.ts'

/** On standardised columns; strong enough that columns which say the same share their weight instead of opposing each other. */
const l2 = 20

/** Logistic regression on the columns, those of skewed units as log(1 + x). */
export function trainLinear(m: Matrix, y: Float64Array, columns: Int32Array): LinearMember {
  const unbounded = {
    columns,
    isLogged: Uint8Array.from(columns, (column) => (isSkewed(column) ? 1 : 0)),
    low: new Float64Array(columns.length).fill(-Infinity),
    high: new Float64Array(columns.length).fill(Infinity),
  }
  const line = trainLogistic(prepare(unbounded, m), y, { l2 })
  // Further out than six deviations a straight line is a guess.
  const bound = (side: number) => line.mean.map((mean, j) => mean + side * 6 * (line.scale[j] ?? 1))
  return { ...unbounded, low: bound(-1), high: bound(1), line }
}

type Preparation = Omit<LinearMember, 'line'>

function prepare(member: Preparation, m: Matrix): Matrix {
  const d = member.columns.length
  const x = new Float64Array(m.n * d)
  for (let i = 0, at = 0; i < m.n; i++) for (let j = 0; j < d; j++) x[at++] = cell(member, j, m.x, i * m.d)
  return { x, n: m.n, d }
}

function cell({ columns, isLogged, low, high }: Preparation, j: number, x: Float64Array, row: number): number {
  const raw = x[row + columns[j]!]!
  const value = isLogged[j]! ? logOf(raw) : raw
  return value < low[j]! ? low[j]! : value > high[j]! ? high[j]! : value
}

type Slopes = { perUnit: Float64Array; start: number }

const known = new WeakMap<LinearMember, Slopes>()

/** The line by plain values, made once: a division for each column was a quarter of the time. */
function slopesOf(member: LinearMember): Slopes {
  const found = known.get(member)
  if (found) return found
  const { weights, mean, scale, intercept } = member.line
  const perUnit = weights.map((weight, j) => weight / scale[j]!)
  const made = { perUnit, start: perUnit.reduce((sum, slope, j) => sum - slope * mean[j]!, intercept) }
  known.set(member, made)
  return made
}

/** Log-odds of the row that starts at `row`. Written out: it runs once for every customer of a tenant. */
export function linearScoreAt(member: LinearMember, x: Float64Array, row: number): number {
  const { columns, isLogged, low, high } = member
  const { perUnit, start } = slopesOf(member)
  let sum = start
  for (let j = 0; j < perUnit.length; j++) {
    const raw = x[row + columns[j]!]!
    // Many are 0, whose logarithm is 0.
    let value = raw !== 0 && isLogged[j]! ? logOf(raw) : raw
    if (value < low[j]!) value = low[j]!
    else if (value > high[j]!) value = high[j]!
    sum += perUnit[j]! * value
  }
  return sum
}

/** Adds `share` of what each column contributes to the row's log-odds; returns that share of the baseline. */
export function explainLinear(member: LinearMember, row: Float64Array, share: number, into: Float64Array): number {
  const { weights, mean, scale, intercept } = member.line
  for (let j = 0; j < weights.length; j++)
    into[member.columns[j]!]! += (share * weights[j]! * (cell(member, j, row, 0) - mean[j]!)) / scale[j]!
  return share * intercept
}
