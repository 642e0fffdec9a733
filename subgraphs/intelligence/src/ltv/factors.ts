import { type Factor, factorMaker } from '../features/factor.ts'
import { largest, sumWithout } from '../learning/largest.ts'
import { baseValue, treeShap } from '../learning/shap.ts'
import { columnCount, type Design, ordersColumn, valueColumn } from './design.ts'
import { within } from './members.ts'
import type { LtvModel } from './model.ts'
import { nameOf, wordingOf } from './wording.ts'

/** `contribution` in currency, over the horizon asked. */
export type LtvFactor = Factor

const factorOf = factorMaker(wordingOf)

const shown = 8

/** Currency at the model's own horizon; a contribution for each column. They add up: baseline + Σ = amount. */
export type Explained = { amount: number; baseline: number; contributions: Float64Array }

/** One member's contributions at a time: made anew for each, a quarter of the time. */
const phi = new Float64Array(columnCount)

/** Each member's contributions to the logarithm of its forecast, turned into currency; exact Shapley values for its trees. */
export function explainBlend(model: LtvModel, { raw, log, offset }: Design): Explained {
  const { members, weights, typical, scale } = model
  const sum: Explained = { amount: 0, baseline: 0, contributions: new Float64Array(columnCount) }
  const start = typical.orders + typical.value
  const fromBuying = () => {
    phi.fill(0)
    phi[ordersColumn] = log.x[ordersColumn]! - typical.orders
    // The forecast's value is the offset less the orders, whatever the floors did.
    phi[valueColumn] = offset[0]! - log.x[ordersColumn]! - typical.value
    return phi
  }
  addInCurrency(sum, scale * weights.buying, start, fromBuying())
  if (!members) return sum
  const seen = within(log, members.bounds).x
  const trees = fromBuying()
  treeShap(members.booster.trees, raw.x, trees)
  addInCurrency(sum, scale * weights.booster, start + baseValue(members.booster.trees), trees)
  for (const [line, weight, first] of [
    [members.glm, weights.glm, 0],
    [members.rhythm, weights.rhythm, ordersColumn],
  ] as const) {
    fromBuying()
    for (let j = 0; j < line.weights.length; j++)
      phi[first + j]! += (line.weights[j]! * (seen[first + j]! - line.mean[j]!)) / line.scale[j]!
    addInCurrency(sum, scale * weight, start + line.intercept, phi)
  }
  return sum
}

/**
 * A member's forecast e^(base + Σ phi) less e^base, shared out in proportion to phi: every 1 of a logarithm is worth the
 * logarithmic mean of the two.
 */
function addInCurrency(sum: Explained, weight: number, base: number, phi: Float64Array): void {
  let total = 0
  for (let j = 0; j < phi.length; j++) total += phi[j]!
  const from = weight * Math.exp(base)
  const worth = Math.abs(total) < 1e-12 ? from : (from * Math.expm1(total)) / total
  sum.baseline += from
  for (let j = 0; j < phi.length; j++) sum.contributions[j]! += worth * phi[j]!
  sum.amount += from * Math.exp(total)
}

/** The eight that move most, in words; the rest as one number. `row`: the columns' values. */
export function largestFactors(contributions: Float64Array, row: Float64Array) {
  const moved = largest(contributions, shown)
  const factors = moved.map((column) => factorOf(nameOf(column), row[column]!, contributions[column]!))
  return { factors, otherContribution: sumWithout(contributions, moved) }
}
