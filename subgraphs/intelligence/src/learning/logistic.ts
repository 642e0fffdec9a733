import { fitLinear, type Linear, linearScore, linearScores, type LinearOptions } from './irls.ts'
import { type Matrix, requireFinite, requireTwoClasses } from './matrix.ts'
import { logit, sigmoid } from './objectives.ts'

/** L2-regularised logistic regression; BAD_USER_INPUT for NaN, for targets other than 0 and 1, and for a single class. */
export function trainLogistic(m: Matrix, y: Float64Array, options: LinearOptions): Linear {
  requireFinite(m, y)
  requireTwoClasses(y)
  const start = logit(y.reduce((sum, value) => sum + value, 0) / m.n)
  return fitLinear(
    m,
    y,
    (target, score, into) => {
      const p = sigmoid(score)
      // log(1 + e^s) − y·s without overflow.
      into.loss = Math.max(score, 0) + Math.log1p(Math.exp(-Math.abs(score))) - target * score
      into.slope = p - target
      into.curvature = p * (1 - p)
    },
    start,
    options,
  )
}

/** Probabilities of a 1, row by row. */
export const predictLogistic = (model: Linear, m: Matrix, offset?: Float64Array): Float64Array =>
  linearScores(model, m, offset).map(sigmoid)

/** The log-odds of one row. */
export const logisticScore = linearScore
