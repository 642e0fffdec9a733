import type { Random } from '@quimbi/service/random.ts'
import type { PurchaseRow } from './btyd-counts.ts'
import type { Buying } from './model.ts'

/** `at`: weeks after the first purchase of all, which is at 0. */
export type Purchase = { at: number; value: number }

/** What a customer buys within `weeks` of their first purchase, as the buying model imagines it; oldest first. */
export function imagineCustomer(
  { pareto, gammaGamma }: Pick<Buying, 'pareto' | 'gammaGamma'>,
  weeks: number,
  random: Random,
): Purchase[] {
  const rate = gamma(pareto.r, random) / pareto.alpha
  const leaves = exponential(random) / (gamma(pareto.s, random) / pareto.beta)
  const scale = gammaGamma.gamma / gamma(gammaGamma.q, random)
  const purchases: Purchase[] = []
  for (let at = 0; at === 0 || at < Math.min(leaves, weeks); at += exponential(random) / rate)
    purchases.push({ at, value: gamma(gammaGamma.p, random) * scale })
  return purchases
}

/** What a buying model would know of them after `age` weeks; values are over all purchases. */
export function knownAt(purchases: readonly Purchase[], age: number): PurchaseRow {
  const known = purchases.filter(({ at }) => at === 0 || at < age)
  const spent = known.reduce((sum, { value }) => sum + value, 0)
  return { frequency: known.length - 1, recency: known.at(-1)?.at ?? 0, age, meanValue: spent / known.length }
}

const exponential = (random: Random) => -Math.log1p(-random())

/** Marsaglia and Tsang (2000). */
function gamma(shape: number, random: Random): number {
  if (shape < 1) return gamma(shape + 1, random) * (1 - random()) ** (1 / shape)
  const d = shape - 1 / 3
  for (;;) {
    const normal = Math.sqrt(2 * exponential(random)) * Math.cos(2 * Math.PI * random())
    const cube = (1 + normal / Math.sqrt(9 * d)) ** 3
    if (cube > 0 && Math.log1p(-random()) < normal ** 2 / 2 + d * (1 - cube + Math.log(cube))) return d * cube
  }
}
