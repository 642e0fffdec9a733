import type { LifecycleStage } from '../../insight/lifecycle.ts'
import {
  churnRiskOf,
  dnaView,
  engagementView,
  guidanceView,
  lifecycleView,
  ltvForecastOf,
  nextPurchaseView,
  trajectoryView,
} from '../../profiles/insight.ts'
import { sayDay, sayGiven, sayMoney, sayNumber, sayShare } from './say.ts'
import { day, fromProfile, type Teller } from './teller.ts'

// What the models think of a customer.
const months = 12

export const archetype: Teller = (known) => {
  const dna = dnaView(known.insight)
  if (!dna) return []
  const { name, description } = dna.archetype
  return [fromProfile(known, `They belong to “${sayGiven(name)}”: ${lowered(description)}`, name)]
}

const lowered = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

const stages: Record<LifecycleStage, string> = {
  NEW: 'They are new.',
  ACTIVE: 'They are an active customer.',
  LOYAL: 'They are a loyal customer.',
  AT_RISK: 'They are at risk of leaving.',
  LAPSED: 'They have lapsed.',
  WON_BACK: 'They came back after having lapsed.',
}
export const stage: Teller = (known) => {
  const lifecycle = lifecycleView(known.insight)
  return lifecycle ? [fromProfile(known, stages[lifecycle], lifecycle)] : []
}

export const risk: Teller = (known) => {
  const churn = churnRiskOf(known.insight)
  if (!churn) return []
  const { score, level, horizonDays, interval } = churn
  // Where nothing was held out the interval is everything: it says nothing, and is not said.
  const bounds =
    interval.high - interval.low < 0.99 ? ` (90% interval ${sayShare(interval.low)} to ${sayShare(interval.high)})` : ''
  return [
    fromProfile(
      known,
      `The risk that they buy nothing within ${horizonDays} days is ${sayShare(score)}, which is ${level.toLowerCase()}${bounds}.`,
      `churnRisk ${score.toFixed(3)}`,
    ),
  ]
}

/** What moves the risk: the strongest up and the strongest down. */
export const reasons: Teller = (known) => {
  const factors = churnRiskOf(known.insight)?.factors ?? []
  const [up, down] = [factors.filter((one) => one.contribution > 0), factors.filter((one) => one.contribution < 0)]
  return [...up.slice(0, 3), ...down.slice(0, 1)].map(({ feature, explanation, contribution }) =>
    fromProfile(known, explanation, `${feature}: ${contribution.toFixed(2)} log-odds`),
  )
}

export const forecast: Teller = (known) => {
  const ltv = ltvForecastOf(known.insight, months)
  if (!ltv) return []
  const { amount, interval } = ltv
  return [
    fromProfile(
      known,
      `In the next ${months} months they are expected to spend ${sayMoney(amount)} (90% interval ${sayMoney(interval.low)} to ${sayMoney(interval.high)}).`,
      `ltvForecast ${sayMoney(amount)}`,
    ),
  ]
}

export const atRisk: Teller = (known) => {
  const churn = churnRiskOf(known.insight)
  return churn && churn.score >= 0.3
    ? [
        fromProfile(
          known,
          `${sayMoney(churn.revenueAtRisk)} of that is at risk.`,
          `revenueAtRisk ${sayMoney(churn.revenueAtRisk)}`,
        ),
      ]
    : []
}

/** A day so far ahead says that hardly anybody like this comes back. */
const farOffMs = 730 * 86_400_000

export const next: Teller = (known) => {
  const view = nextPurchaseView(known.insight)
  if (!view) return []
  const { expectedAt, probability30Days, repurchaseDays } = view
  const isFarOff = expectedAt.getTime() - known.insight.profile.asOf > farOffMs
  return [
    fromProfile(
      known,
      `Their next order is expected ${isFarOff ? 'in years, if at all' : `around ${sayDay(expectedAt)}`}; within 30 days with a chance of ${sayShare(probability30Days)}.`,
      `nextPurchase ${day(expectedAt)}, repurchaseDays ${sayNumber(repurchaseDays, 1)}`,
    ),
  ]
}

export const trend: Teller = (known) => {
  const direction = trajectoryView(known.insight)?.direction
  const said = {
    RISING: 'Their spend is rising.',
    STEADY: 'Their spend is steady.',
    FALLING: 'Their spend is falling.',
  }
  return direction ? [fromProfile(known, said[direction], `trajectory ${direction}`)] : []
}

export const engagement: Teller = (known) => {
  const view = engagementView(known.insight)
  return view
    ? [
        fromProfile(
          known,
          `They are more engaged than ${sayNumber(view.score)}% of the customers.`,
          `engagement ${sayNumber(view.score)}`,
        ),
      ]
    : []
}

export const guidance: Teller = (known) =>
  (guidanceView(known.insight) ?? []).slice(0, 2).map((text) => fromProfile(known, text, text))
