import { codedError } from '@quimbi/service/errors.ts'

/** What a booster minimises. Scores are raw: log-odds for `logistic`, log of the mean for `tweedie`. */
export type ObjectiveName = 'logistic' | 'tweedie' | 'squared' | 'quantile'

export type Objective = {
  /** The best constant score. */
  start(y: Float64Array): number
  /** First and second derivatives of the loss by the score, for every row. */
  derive(y: Float64Array, score: Float64Array, gradient: Float64Array, hessian: Float64Array): void
  /** From score to prediction. */
  link(score: number): number
  /** Refuses a target (BAD_USER_INPUT). */
  check(value: number): boolean
  /** Leaves take this quantile of their residuals instead of a Newton step, whose curvature would be a fiction. */
  leafQuantile?: number
}

export const sigmoid = (score: number): number => 1 / (1 + Math.exp(-score))

export const logit = (p: number): number => Math.log(p / (1 - p))

const meanOf = (y: Float64Array) => y.reduce((sum, value) => sum + value, 0) / y.length

/** The value below which a share `q` of the sorted values lies, interpolated. */
export function quantileOf(sorted: Float64Array, q: number): number {
  const at = q * (sorted.length - 1)
  const low = Math.floor(at)
  const a = sorted[low] ?? Number.NaN
  return a + (at - low) * ((sorted[low + 1] ?? a) - a)
}

const logistic: Objective = {
  start: (y) => logit(Math.min(1 - 1e-9, Math.max(1e-9, meanOf(y)))),
  derive(y, score, gradient, hessian) {
    for (let i = 0; i < y.length; i++) {
      const p = 1 / (1 + Math.exp(-score[i]!))
      gradient[i] = p - y[i]!
      hessian[i] = Math.max(p * (1 - p), 1e-6)
    }
  },
  link: sigmoid,
  check: (value) => value === 0 || value === 1,
}

const squared: Objective = {
  start: meanOf,
  derive(y, score, gradient, hessian) {
    for (let i = 0; i < y.length; i++) gradient[i] = score[i]! - y[i]!
    hessian.fill(1)
  },
  link: (score) => score,
  check: () => true,
}

const tweedie = (power: number): Objective => ({
  start: (y) => Math.log(Math.max(1e-9, meanOf(y))),
  derive(y, score, gradient, hessian) {
    for (let i = 0; i < y.length; i++) {
      const b = Math.exp((2 - power) * score[i]!)
      const a = y[i]! === 0 ? 0 : (y[i]! * b) / Math.exp(score[i]!)
      gradient[i] = b - a
      hessian[i] = (2 - power) * b + (power - 1) * a
    }
  },
  link: Math.exp,
  check: (value) => value >= 0,
})

const quantile = (q: number): Objective => ({
  start: (y) => quantileOf(y.toSorted(), q),
  derive(y, score, gradient, hessian) {
    for (let i = 0; i < y.length; i++) gradient[i] = y[i]! > score[i]! ? -q : 1 - q
    hessian.fill(1)
  },
  link: (score) => score,
  check: () => true,
  leafQuantile: q,
})

/** `power`: of Tweedie's variance, between 1 and 2; `quantile`: between 0 and 1. */
export function objectiveOf(name: ObjectiveName, power: number, share: number): Objective {
  if (!(power > 1 && power < 2)) throw codedError('BAD_USER_INPUT', `A Tweedie power is between 1 and 2, not ${power}.`)
  if (!(share > 0 && share < 1)) throw codedError('BAD_USER_INPUT', `A quantile is between 0 and 1, not ${share}.`)
  switch (name) {
    case 'logistic':
      return logistic
    case 'squared':
      return squared
    case 'tweedie':
      return tweedie(power)
    case 'quantile':
      return quantile(share)
  }
}
