import { codedError } from '@quimbi/service/errors.ts'
import { logGamma } from './special.ts'

/**
 * Exact interval of a share of which `hits` of `trials` were seen (Clopper and Pearson, 1934): it covers the true share with
 * at least `confidence`. BAD_USER_INPUT for counts that cannot be.
 */
export function clopperPearson(hits: number, trials: number, confidence = 0.95): { low: number; high: number } {
  if (!(hits >= 0 && hits <= trials && trials > 0))
    throw codedError('BAD_USER_INPUT', `${hits} of ${trials} is no share.`)
  if (!(confidence > 0 && confidence < 1))
    throw codedError('BAD_USER_INPUT', `A confidence is between 0 and 1, not ${confidence}.`)
  const tail = (1 - confidence) / 2
  return {
    low: hits === 0 ? 0 : betaQuantile(tail, hits, trials - hits + 1),
    high: hits === trials ? 1 : betaQuantile(1 - tail, hits + 1, trials - hits),
  }
}

/** The x where the beta distribution has `p` below it; halving 60 times is exact to a double's last digits. */
function betaQuantile(p: number, a: number, b: number): number {
  let low = 0
  let high = 1
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (incompleteBeta(middle, a, b) < p) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** Regularised incomplete beta function I_x(a, b), by its continued fraction (Lentz's method; Numerical Recipes, 6.4). */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  // The fraction converges fast below the mean only; above it, look from the other end.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a)
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a
  const tiny = 1e-300
  let c = 1
  let d = 1 / notZero(1 - ((a + b) * x) / (a + 1), tiny)
  let fraction = d
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    let change = 1
    for (const term of [even, odd]) {
      d = 1 / notZero(1 + term * d, tiny)
      c = notZero(1 + term / c, tiny)
      change = c * d
      fraction *= change
    }
    if (Math.abs(change - 1) < 1e-15) break
  }
  return front * fraction
}

const notZero = (value: number, tiny: number) => (Math.abs(value) < tiny ? tiny : value)
