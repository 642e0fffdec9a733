import { codedError } from '@quimbi/service/errors.ts'
import { createRandom, type Random } from '@quimbi/service/random.ts'
import { type Binned, binMatrix } from './bins.ts'
import { createGrower, type GrownLeaf } from './grow.ts'
import { type Matrix, requireFinite } from './matrix.ts'
import { type Objective, type ObjectiveName, objectiveOf, quantileOf } from './objectives.ts'
import { createTreeBuilder, sumOne, sumTrees, type Trees } from './trees.ts'

export type BoosterOptions = {
  objective: ObjectiveName
  rounds: number
  learningRate: number
  /** Leaves of a tree, at most. */
  leaves: number
  /** Training rows that a leaf needs. */
  minLeaf: number
  l2: number
  /** Shares of rows and columns, drawn anew for each tree. */
  rowFraction: number
  columnFraction: number
  seed: number
  /** 2…255 per column; 63 by default. */
  bins?: number
  /** Tweedie's variance power; 1.5 by default. */
  power?: number
  /** Which quantile; the median by default. */
  quantile?: number
  /** Raw scores to start from, one a row, instead of the best constant; the same must be given when predicting. */
  offset?: Float64Array
  /** What each row counts for; 1 by default. */
  weights?: Float64Array
  /** The matrix already in bins, where several boosters train on one. */
  binned?: Binned
  /** After each round, from 1, with the raw scores so far; a false ends the training. */
  onRound?: (round: number, score: Float64Array) => boolean | void
}

/** `bias` is 0 where an offset is given. `columns` of a row that it can score. */
export type Booster = {
  objective: ObjectiveName
  power: number
  quantile: number
  bias: number
  columns: number
  trees: Trees
}

/**
 * Gradient boosting on histograms: Newton steps with an L2 penalty, trees grown leaf by leaf (Ke et al., LightGBM, 2017).
 * The same rows, options and seed give the same booster. BAD_USER_INPUT for NaN, wrong targets or wrong options.
 */
export function trainBooster(m: Matrix, y: Float64Array, options: BoosterOptions): Booster {
  const { objective: name, rounds, power = 1.5, quantile = 0.5, bins = 63, offset, weights } = options
  const objective = objectiveOf(name, power, quantile)
  check(m, y, options, objective)
  const binned = options.binned ?? binMatrix(m, bins)
  const grow = createGrower(binned, options)
  const random = createRandom(options.seed)
  const builder = createTreeBuilder()
  const bias = offset ? 0 : objective.start(y)
  const score = offset?.slice() ?? new Float64Array(m.n).fill(bias)
  const gradient = new Float64Array(m.n)
  const hessian = new Float64Array(m.n)
  const order = new Int32Array(m.n)
  for (let round = 1; round <= rounds; round++) {
    objective.derive(y, score, gradient, hessian)
    if (weights) weigh(gradient, hessian, weights)
    const sampled = drawRows(order, options.rowFraction, random)
    const columns = drawColumns(m.d, options.columnFraction, random)
    for (const leaf of grow({ order, sampled, gradient, hessian }, columns, builder)) {
      const step = leafStep(leaf, order, y, score, objective, options.l2) * options.learningRate
      builder.leaf(leaf.node, leaf.end - leaf.start, step)
      for (let k = leaf.start; k < leaf.end; k++) score[order[k]!]! += step
      for (let k = leaf.restStart; k < leaf.restEnd; k++) score[order[k]!]! += step
    }
    if (options.onRound?.(round, score) === false) break
  }
  return { objective: name, power, quantile, bias, columns: m.d, trees: builder.build() }
}

/** Predictions for every row: probabilities, means or quantiles. `offset` as in training. */
export function predictBooster(booster: Booster, m: Matrix, offset?: Float64Array): Float64Array {
  const { link } = objectiveOf(booster.objective, booster.power, booster.quantile)
  const out = rawBooster(booster, m, offset)
  for (let i = 0; i < out.length; i++) out[i] = link(out[i]!)
  return out
}

/** Raw scores for every row: log-odds, logs of means. */
export function rawBooster(booster: Booster, m: Matrix, offset?: Float64Array): Float64Array {
  if (m.d !== booster.columns)
    throw codedError('BAD_USER_INPUT', `The model knows ${booster.columns} columns, the matrix has ${m.d}.`)
  const out = offset?.slice() ?? new Float64Array(m.n).fill(booster.bias)
  sumTrees(booster.trees, m, out)
  return out
}

/** The raw score of one row. */
export const rawBoosterOne = (booster: Booster, row: Float64Array, offset = booster.bias): number =>
  offset + sumOne(booster.trees, row)

function leafStep(
  leaf: GrownLeaf,
  order: Int32Array,
  y: Float64Array,
  score: Float64Array,
  objective: Objective,
  l2: number,
): number {
  if (objective.leafQuantile === undefined) return -leaf.sums.gradient / (leaf.sums.hessian + l2 + 1e-12)
  const residuals = new Float64Array(leaf.end - leaf.start)
  for (let k = leaf.start; k < leaf.end; k++) residuals[k - leaf.start] = y[order[k]!]! - score[order[k]!]!
  return quantileOf(residuals.sort(), objective.leafQuantile)
}

function weigh(gradient: Float64Array, hessian: Float64Array, weights: Float64Array): void {
  for (let i = 0; i < weights.length; i++) {
    gradient[i]! *= weights[i]!
    hessian[i]! *= weights[i]!
  }
}

/** Puts the drawn rows first, the others last, both ascending so that columns are read forwards; returns how many were drawn. */
function drawRows(order: Int32Array, fraction: number, random: Random): number {
  let drawn = 0
  let left = order.length
  for (let i = 0; i < order.length; i++) {
    if (fraction >= 1 || random() < fraction) order[drawn++] = i
    else order[--left] = i
  }
  order.subarray(left).reverse()
  return drawn
}

function drawColumns(d: number, fraction: number, random: Random): Int32Array {
  const all = Int32Array.from({ length: d }, (_, column) => column)
  const count = Math.min(d, Math.max(1, Math.round(d * fraction)))
  for (let k = 0; k < count; k++) {
    const other = k + Math.floor(random() * (d - k))
    ;[all[k], all[other]] = [all[other]!, all[k]!]
  }
  return all.slice(0, count).sort()
}

function check(m: Matrix, y: Float64Array, options: BoosterOptions, objective: Objective): void {
  requireFinite(m, y)
  if (m.n === 0 || m.d === 0) throw codedError('BAD_USER_INPUT', 'There is nothing to learn from.')
  const bad = y.findIndex((value) => !objective.check(value))
  if (bad >= 0) throw codedError('BAD_USER_INPUT', `Target ${bad} is ${y[bad]}, not one for ${options.objective}.`)
  const { bins = 63, offset, weights, binned } = options
  if (bins < 2 || bins > 255) throw codedError('BAD_USER_INPUT', `Bins are 2 to 255, not ${bins}.`)
  for (const list of [offset, weights])
    if (list && list.length !== m.n) throw codedError('BAD_USER_INPUT', `${list.length} values for ${m.n} rows.`)
  if (binned && (binned.n !== m.n || binned.d !== m.d))
    throw codedError('BAD_USER_INPUT', 'These bins are another matrix’s.')
}
