import { createRandom } from '@quimbi/service/random.ts'
import { rawBoosterOne, rawBooster, trainBooster } from '../learning/boosting.ts'
import { predictForest, trainForest } from '../learning/forest.ts'
import { type Matrix, takeRows } from '../learning/matrix.ts'
import { logit } from '../learning/objectives.ts'
import { baseValue, saabas, treeShap } from '../learning/shap.ts'
import { sumOne, type Trees } from '../learning/trees.ts'
import { explainLinear, linearScoreAt, trainLinear } from './linear.ts'
import type { MemberName, Members } from './model.ts'
import { explainPace, type Pace, paceAt, pacesOf } from './pace.ts'

/** Rows to learn from, the columns that count, and the rhythm that the booster starts from. */
export type Rows = { m: Matrix; y: Float64Array; columns: Int32Array; pace: Pace }

/** `atMost` so many rows, drawn at random. */
export type MemberOptions = { seed: number; atMost: number }

// Chosen on training origins alone: shallow trees, since the linear member already has the main effects.
const boosting = {
  objective: 'logistic',
  rounds: 130,
  learningRate: 0.075,
  leaves: 4,
  l2: 5,
  rowFraction: 0.7,
  columnFraction: 0.5,
} as const
// Two questions deep: on training origins, deeper trees made the blend no better, and they take three times as long to ask.
const bagging = { trees: 20, rowsPerTree: 500, maxDepth: 2, minRows: 25, columnFraction: 0.4 }

/**
 * Both learn from every origin, and the booster starts from the rhythm. On training origins, each model judged at an origin
 * after its own, both data sets were forecast better so than by a linear member of the newest origin beside a booster that
 * starts from a constant (mean Brier .1872 for .1888 on Online Retail, .1052 for .1059 on CDNOW), and no worse at the same time.
 */
export function trainLearners({ m, y, columns, pace }: Rows, { seed, atMost }: MemberOptions): Omit<Members, 'forest'> {
  const rows = sample(m.n, atMost, seed)
  const seen = takeRows(m, rows)
  const outcomes = take(y, rows)
  const minLeaf = Math.min(40, Math.max(10, Math.round(seen.n / 100)))
  const options = { ...boosting, minLeaf, seed, offset: pacesOf(pace, seen) }
  const booster = trainBooster(takeColumns(seen, columns), outcomes, options)
  return {
    linear: trainLinear(seen, outcomes, columns),
    booster: { ...booster, columns: m.d, trees: onColumns(booster.trees, columns) },
    pace,
  }
}

/** The forest learns from every origin too; what it costs does not depend on the number of rows. */
export function trainTrees({ m, y, columns }: Rows, seed: number, onProgress: (share: number) => void): Trees {
  const onTree = (tree: number) => onProgress(tree / bagging.trees)
  return onColumns(trainForest(takeColumns(m, columns), y, { ...bagging, seed, onTree }), columns)
}

/** One forest of several, as if their trees had been trained together. */
export function joinForests(forests: readonly Trees[]): Trees {
  const starts = forests.map((_, k) => forests.slice(0, k).reduce((sum, { feature }) => sum + feature.length, 0))
  const shifted = (name: 'left' | 'right' | 'roots') =>
    forests.flatMap((forest, k) => Array.from(forest[name], (node) => (node < 0 ? node : node + starts[k]!)))
  const all = (name: 'threshold' | 'value' | 'cover') => forests.flatMap((forest) => Array.from(forest[name]))
  return {
    feature: Int32Array.from(forests.flatMap(({ feature }) => Array.from(feature))),
    threshold: Float64Array.from(all('threshold')),
    left: Int32Array.from(shifted('left')),
    right: Int32Array.from(shifted('right')),
    value: Float64Array.from(all('value'), (value) => value / forests.length),
    cover: Float64Array.from(all('cover')),
    roots: Int32Array.from(shifted('roots')),
  }
}

const take = (values: Float64Array, rows: Uint32Array) => Float64Array.from(rows, (row) => values[row]!)

function takeColumns({ x, n, d }: Matrix, columns: Int32Array): Matrix {
  const out = new Float64Array(n * columns.length)
  let at = 0
  for (let row = 0; row < n * d; row += d) for (const column of columns) out[at++] = x[row + column]!
  return { x: out, n, d: columns.length }
}

const onColumns = (trees: Trees, columns: Int32Array): Trees => ({
  ...trees,
  feature: trees.feature.map((feature) => (feature < 0 ? feature : columns[feature]!)),
})

function sample(n: number, atMost: number, seed: number): Uint32Array {
  const rows = Uint32Array.from({ length: n }, (_, row) => row)
  if (n <= atMost) return rows
  const random = createRandom(seed)
  for (let k = 0; k < atMost; k++) {
    const other = k + Math.floor(random() * (n - k))
    const row = rows[k]!
    rows[k] = rows[other]!
    rows[other] = row
  }
  return rows.slice(0, atMost).sort()
}

/** A forest that is sure is not believed: its leaves are small. */
const sure = 0.005
const held = (p: number) => Math.min(1 - sure, Math.max(sure, p))

/** Log-odds of every row, by member. */
export function memberScores(members: Members, m: Matrix): Record<MemberName, Float64Array> {
  const linear = Float64Array.from({ length: m.n }, (_, i) => linearScoreAt(members.linear, m.x, i * m.d))
  const forest = predictForest(members.forest, m)
  for (let i = 0; i < m.n; i++) forest[i] = logit(held(forest[i]!))
  return { logistic: linear, booster: rawBooster(members.booster, m, pacesOf(members.pace, m)), forest }
}

export type Weights = Record<MemberName, number>

/** The blend's log-odds of one row. Members without weight are not asked. */
export function blendOne(members: Members, weights: Weights, row: Float64Array): number {
  let sum = weights.logistic > 0 ? weights.logistic * linearScoreAt(members.linear, row, 0) : 0
  if (weights.booster > 0) sum += weights.booster * rawBoosterOne(members.booster, row, paceAt(members.pace, row, 0))
  if (weights.forest > 0) sum += weights.forest * logit(held(sumOne(members.forest, row)))
  return sum
}

/** So many rows stay in the processor's cache while one member after the other reads them. */
const rowsAtOnce = 64

/** The blend's log-odds of every row. Members without weight are not asked. */
export function blendAll(members: Members, weights: Weights, { x, n, d }: Matrix): Float64Array {
  const sum = new Float64Array(n)
  for (let from = 0; from < n; from += rowsAtOnce) {
    const to = Math.min(n, from + rowsAtOnce)
    addBlend(members, weights, { x: x.subarray(from * d, to * d), n: to - from, d }, sum.subarray(from, to))
  }
  return sum
}

function addBlend(members: Members, weights: Weights, m: Matrix, sum: Float64Array): void {
  if (weights.logistic > 0)
    for (let i = 0; i < m.n; i++) sum[i]! += weights.logistic * linearScoreAt(members.linear, m.x, i * m.d)
  if (weights.booster > 0) {
    const booster = rawBooster(members.booster, m, pacesOf(members.pace, m))
    for (let i = 0; i < m.n; i++) sum[i]! += weights.booster * booster[i]!
  }
  if (weights.forest > 0) {
    const forest = predictForest(members.forest, m)
    for (let i = 0; i < m.n; i++) sum[i]! += weights.forest * logit(held(forest[i]!))
  }
}

export const weigh = (scores: Record<MemberName, Float64Array>, weights: Weights): Float64Array =>
  scores.logistic.map(
    (score, i) => weights.logistic * score + weights.booster * scores.booster[i]! + weights.forest * scores.forest[i]!,
  )

/**
 * Splits the blend's log-odds of a row: returns the baseline and adds each column's contribution to `into`; all of them add
 * up to `blendOne`. Booster: TreeSHAP, and the rhythm's own. Forest: Saabas, from probability to log-odds by (logit p − logit b) / (p − b).
 */
export function explainBlend(members: Members, weights: Weights, row: Float64Array, into: Float64Array): number {
  let baseline = weights.logistic > 0 ? explainLinear(members.linear, row, weights.logistic, into) : 0
  const part = partOf(row.length)
  if (weights.booster > 0) {
    treeShap(members.booster.trees, row, part)
    addScaled(part, weights.booster, into)
    baseline += weights.booster * baseValue(members.booster.trees)
    baseline += explainPace(members.pace, row, weights.booster, into)
  }
  if (weights.forest > 0) {
    const p = sumOne(members.forest, row)
    const b = baseValue(members.forest)
    saabas(members.forest, { x: row, n: 1, d: row.length }, part.fill(0))
    addScaled(part, weights.forest * slopeBetween(p, b), into)
    baseline += weights.forest * logit(held(b))
  }
  return baseline
}

let spare = new Float64Array(0)

/** One member's contributions at a time, from 0: made anew for each customer, they are a good part of the time. */
function partOf(columns: number): Float64Array {
  if (spare.length !== columns) spare = new Float64Array(columns)
  return spare.fill(0)
}

/** Log-odds per probability between the two; where they meet, its derivative. */
const slopeBetween = (p: number, b: number) =>
  Math.abs(p - b) > 1e-9 ? (logit(held(p)) - logit(held(b))) / (p - b) : 1 / (held(b) * (1 - held(b)))

function addScaled(from: Float64Array, factor: number, into: Float64Array): void {
  for (let j = 0; j < from.length; j++) into[j]! += factor * from[j]!
}
