import { logit, sigmoid } from './objectives.ts'

/** probability = sigmoid(slope · x + intercept); `slopeError` is the slope's standard error. */
export type Line = { slope: number; intercept: number; slopeError: number }

const mostSteps = 60

/**
 * Logistic regression on a single column, by Newton's method with halved steps. Targets are between 0 and 1. A column that is
 * constant gets a slope of 0; separable rows end after sixty steps with a steep one.
 */
export function fitLine(x: Float64Array, y: ArrayLike<number>, weights?: ArrayLike<number>): Line {
  const { mean, scale, start } = summarise(x, y, weights)
  let at = { slope: 0, intercept: start }
  let here = derive(x, y, weights, mean, scale, at)
  for (let step = 0; step < mostSteps; step++) {
    const { g0, g1, h00, h01, h11 } = here
    const determinant = h00 * h11 - h01 * h01
    const isFlat = !(determinant > 1e-12 * h00 * h11)
    const move = isFlat
      ? { slope: 0, intercept: g0 / h00 }
      : { slope: (h00 * g1 - h01 * g0) / determinant, intercept: (h11 * g0 - h01 * g1) / determinant }
    let share = 1
    let next = at
    let there = here
    do {
      next = { slope: at.slope - share * move.slope, intercept: at.intercept - share * move.intercept }
      there = derive(x, y, weights, mean, scale, next)
      share /= 2
    } while (!(there.loss <= here.loss + 1e-12 * here.loss) && share > 1e-6)
    if (!(there.loss < here.loss)) break
    at = next
    here = there
    if (Math.abs(move.slope) + Math.abs(move.intercept) < 1e-10) break
  }
  const slope = at.slope / scale
  const slopeError = Math.sqrt(here.h00 / (here.h00 * here.h11 - here.h01 * here.h01)) / scale
  return { slope, intercept: at.intercept - slope * mean, slopeError }
}

function summarise(x: Float64Array, y: ArrayLike<number>, weights?: ArrayLike<number>) {
  let total = 0
  let mean = 0
  let share = 0
  for (let i = 0; i < x.length; i++) {
    const weight = weights ? weights[i]! : 1
    total += weight
    mean += weight * x[i]!
    share += weight * y[i]!
  }
  mean /= total
  let variance = 0
  for (let i = 0; i < x.length; i++) variance += (weights ? weights[i]! : 1) * (x[i]! - mean) ** 2
  const scale = Math.sqrt(variance / total) || 1
  return { mean, scale, start: logit(Math.min(1 - 1e-9, Math.max(1e-9, share / total))) }
}

/** Loss with its first and second derivatives by intercept (0) and slope (1), on the standardised column. */
function derive(
  x: Float64Array,
  y: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
  mean: number,
  scale: number,
  { slope, intercept }: { slope: number; intercept: number },
) {
  let [loss, g0, g1, h00, h01, h11] = [0, 0, 0, 0, 0, 0]
  for (let i = 0; i < x.length; i++) {
    const z = (x[i]! - mean) / scale
    const score = intercept + slope * z
    const p = sigmoid(score)
    const weight = weights ? weights[i]! : 1
    const gradient = weight * (p - y[i]!)
    const curvature = weight * p * (1 - p)
    // log(1 + e^score) − y · score without overflow.
    loss += weight * (Math.max(score, 0) + Math.log1p(Math.exp(-Math.abs(score))) - y[i]! * score)
    g0 += gradient
    g1 += gradient * z
    h00 += curvature
    h01 += curvature * z
    h11 += curvature * z * z
  }
  return { loss, g0, g1, h00, h01, h11 }
}
