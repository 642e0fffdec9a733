import type { Forecasts } from './members.ts'
import { blend } from './members.ts'
import type { MemberWeights } from './model.ts'
import { minimise } from './nelder-mead.ts'

/** How strongly shares are pulled to equal ones: leaving them must lower the deviance by about one percent. */
const pull = 0.01

/**
 * Shares of the members by which their mean forecasts best what they were not trained on. Pulled to equal ones: what is held out
 * shows other customers, not other times, and flatters the members that fit closest.
 */
export function fitWeights(forecasts: Forecasts, spend: Float64Array): MemberWeights {
  const cost = (logs: readonly number[]) =>
    deviance(spend, blend(forecasts, shares(logs))) + pull * logs.reduce((sum, v) => sum + v * v, 0)
  return shares(minimise(cost, [0, 0, 0, 0], { step: 0.5, tolerance: 1e-7, maxEvaluations: 120 }).x)
}

/** Tweedie's at power 1.5, up to what no forecast can change: proper for the mean, calm about the largest buyers. */
function deviance(spend: Float64Array, forecast: Float64Array): number {
  let sum = 0
  for (let i = 0; i < spend.length; i++) {
    const root = Math.sqrt(Math.max(1e-9, forecast[i]!))
    sum += root + spend[i]! / root
  }
  return (4 * sum) / spend.length
}

function shares(logs: readonly number[]): MemberWeights {
  const raw = logs.map(Math.exp)
  const total = raw.reduce((sum, v) => sum + v, 0)
  const [booster = 0, glm = 0, rhythm = 0, buying = 0] = raw.map((v) => v / total)
  return { booster, glm, rhythm, buying }
}
