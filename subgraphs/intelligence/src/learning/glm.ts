import { codedError } from '@quimbi/service/errors.ts'
import { fitLinear, type Linear, linearScores, type LinearOptions } from './irls.ts'
import { type Matrix, requireFinite } from './matrix.ts'

/**
 * A generalised linear model with log link and variance φ·μ^power, 1 < power < 2: zeros and positive amounts in one.
 * BAD_USER_INPUT for NaN, negative targets, and targets that are all 0.
 */
export function trainTweedie(
  m: Matrix,
  y: Float64Array,
  { power = 1.5, ...options }: LinearOptions & { power?: number },
): Linear {
  requireFinite(m, y)
  if (!(power > 1 && power < 2)) throw codedError('BAD_USER_INPUT', `A Tweedie power is between 1 and 2, not ${power}.`)
  const bad = y.findIndex((value) => value < 0)
  if (bad >= 0) throw codedError('BAD_USER_INPUT', `Target ${bad} is ${y[bad]}, below 0.`)
  const total = y.reduce((sum, value) => sum + value, 0)
  if (total === 0) throw codedError('BAD_USER_INPUT', 'All targets are 0.', { reason: 'ONE_CLASS' })
  const offset = options.offset
  const expected = offset ? offset.reduce((sum, value) => sum + Math.exp(value), 0) : m.n
  return fitLinear(
    m,
    y,
    (target, score, into) => {
      const b = Math.exp((2 - power) * score)
      const a = target === 0 ? 0 : target * Math.exp((1 - power) * score)
      into.loss = a / (power - 1) + b / (2 - power)
      into.slope = b - a
      into.curvature = (2 - power) * b + (power - 1) * a
    },
    Math.log(total / expected),
    options,
  )
}

/** Expected amounts, row by row. */
export const predictTweedie = (model: Linear, m: Matrix, offset?: Float64Array): Float64Array =>
  linearScores(model, m, offset).map(Math.exp)
