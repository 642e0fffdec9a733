import { codedError } from '@quimbi/service/errors.ts'
import { fitLine } from './line.ts'
import { logit, sigmoid } from './objectives.ts'

/** From a raw score (log-odds) to an honest probability; never turns an order around. */
export type Calibration =
  | { kind: 'platt'; slope: number; intercept: number }
  /** Constant within a block of scores `low`…`high`, straight lines between the blocks. */
  | { kind: 'isotonic'; low: Float64Array; high: Float64Array; p: Float64Array }

/**
 * Platt's scaling: sigmoid(slope · score + intercept), with his softened targets, so that a perfect separation stays finite.
 * BAD_USER_INPUT where lengths differ or nothing is given. A slope below 0 becomes 0.
 */
export function fitPlatt(scores: Float64Array, y: ArrayLike<number>, weights?: Float64Array): Calibration {
  sameLength(scores, y)
  const { softened, mean } = soften(y)
  const { slope, intercept } = fitLine(scores, softened, weights)
  return slope > 0 ? { kind: 'platt', slope, intercept } : { kind: 'platt', slope: 0, intercept: logit(mean) }
}

function soften(y: ArrayLike<number>) {
  let ones = 0
  for (let i = 0; i < y.length; i++) ones += y[i]!
  const high = (ones + 1) / (ones + 2)
  const low = 1 / (y.length - ones + 2)
  const softened = Float64Array.from(y, (value) => (value ? high : low))
  return { softened, mean: (ones * high + (y.length - ones) * low) / y.length }
}

/** Isotonic regression by pooling adjacent violators; for many rows only, since it follows them closely. */
export function fitIsotonic(scores: Float64Array, y: ArrayLike<number>, weights?: Float64Array): Calibration {
  sameLength(scores, y)
  const order = Array.from(scores.keys()).sort((a, b) => scores[a]! - scores[b]!)
  const blocks: { low: number; high: number; sum: number; weight: number }[] = []
  for (const i of order) {
    const weight = weights ? weights[i]! : 1
    const score = scores[i]!
    const last = blocks.at(-1)
    // Equal scores are one block: they can only have one probability.
    if (last?.high === score) {
      last.sum += weight * y[i]!
      last.weight += weight
    } else {
      blocks.push({ low: score, high: score, sum: weight * y[i]!, weight })
    }
  }
  const pooled: typeof blocks = []
  for (const block of blocks) {
    pooled.push(block)
    for (;;) {
      const right = pooled.at(-1)!
      const left = pooled.at(-2)
      if (!left || left.sum * right.weight < right.sum * left.weight) break
      pooled.splice(-2, 2, {
        low: left.low,
        high: right.high,
        sum: left.sum + right.sum,
        weight: left.weight + right.weight,
      })
    }
  }
  return {
    kind: 'isotonic',
    low: Float64Array.from(pooled, ({ low }) => low),
    high: Float64Array.from(pooled, ({ high }) => high),
    p: Float64Array.from(pooled, ({ sum, weight }) => sum / weight),
  }
}

/** The probability for a raw score. */
export function applyCalibration(calibration: Calibration, score: number): number {
  if (calibration.kind === 'platt') return sigmoid(calibration.slope * score + calibration.intercept)
  const { low, high, p } = calibration
  // The first block that does not end before the score.
  let from = 0
  let to = high.length - 1
  while (from < to) {
    const middle = (from + to) >> 1
    if (high[middle]! < score) from = middle + 1
    else to = middle
  }
  if (score >= low[from]! || from === 0) return p[from]!
  const share = (score - high[from - 1]!) / (low[from]! - high[from - 1]!)
  return p[from - 1]! + share * (p[from]! - p[from - 1]!)
}

function sameLength(scores: Float64Array, y: ArrayLike<number>): void {
  if (scores.length === 0) throw codedError('BAD_USER_INPUT', 'There is nothing to calibrate on.')
  if (scores.length !== y.length)
    throw codedError('BAD_USER_INPUT', `${scores.length} scores have ${y.length} outcomes.`)
}
