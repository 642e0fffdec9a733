import { percentileOf, type Percentiles } from './quantiles.ts'

export type ScoringContext = 'SUPPORT_PRIORITY' | 'RETENTION' | 'UPSELL' | 'WIN_BACK'
export type ScoreComponent = 'churn' | 'ltv' | 'trajectory' | 'engagement'

export type ScoreInput = {
  /** Probability, 0…1. */
  churn: number | null
  /** Expected spend, in currency. */
  ltv: number | null
  /** Of `trajectoryOf`: −1 falling … 1 rising. */
  pace: number | null
  /** 0…100. */
  engagement: number | null
}

export type ScoreFactor = { feature: ScoreComponent; value: number; contribution: number; explanation: string }
export type CustomerScore = { score: number; factors: ScoreFactor[] }

/** Of 100 points, how many each component can give. Below zero: it gives them where it is low. */
export const scoreWeights: Record<ScoringContext, Record<ScoreComponent, number>> = {
  /** Who must not be disappointed: valuable, and in doubt. */
  SUPPORT_PRIORITY: { churn: 35, ltv: 45, trajectory: -10, engagement: 10 },
  /** Who can still be kept, and is worth it: in doubt, valuable, cooling down. */
  RETENTION: { churn: 35, ltv: 50, trajectory: -10, engagement: 5 },
  /** Who is ready for more: stays, spends, grows, listens. */
  UPSELL: { churn: -20, ltv: 45, trajectory: 15, engagement: 20 },
  /** Who is gone, was worth it, and is silent. */
  WIN_BACK: { churn: 40, ltv: 45, trajectory: -5, engagement: -10 },
}

const components: readonly ScoreComponent[] = ['churn', 'ltv', 'trajectory', 'engagement']

/**
 * 0…100, the sum of the factors' contributions: weight × the component's place between 0 and 1 (churn as it is; LTV as its
 * percentile in the tenant; trajectory from falling to rising, ½ when steady; engagement / 100), or 1 − that place where the
 * weight is negative. What is unknown (null or no number) has no factor, and the others share its weight. Null where all is.
 */
export function scoreCustomer(
  input: ScoreInput,
  ltvSpread: Percentiles,
  context: ScoringContext,
): CustomerScore | null {
  const known = components.flatMap((component) => {
    const value = valueOf(input, component)
    const place = value === null ? null : placeOf(component, value, ltvSpread)
    return value === null || place === null
      ? []
      : [{ component, value, place, weight: scoreWeights[context][component] }]
  })
  const total = known.reduce((sum, { weight }) => sum + Math.abs(weight), 0)
  if (total === 0) return null
  const factors = known
    .map(({ component, value, place, weight }): ScoreFactor => {
      const points = (100 * Math.abs(weight)) / total
      const contribution = points * (weight < 0 ? 1 - place : place)
      return {
        feature: component,
        value,
        contribution,
        explanation: explain(component, value, place, contribution, points),
      }
    })
    .sort((a, b) => b.contribution - a.contribution)
  return {
    score: Math.min(
      100,
      factors.reduce((sum, { contribution }) => sum + contribution, 0),
    ),
    factors,
  }
}

function valueOf(input: ScoreInput, component: ScoreComponent): number | null {
  const value = input[component === 'trajectory' ? 'pace' : component]
  return value !== null && Number.isFinite(value) ? value : null
}

function placeOf(component: ScoreComponent, value: number, ltvSpread: Percentiles): number | null {
  switch (component) {
    case 'churn':
      return within(value)
    case 'ltv': {
      const percentile = percentileOf(ltvSpread, value)
      return percentile === null ? null : percentile / 100
    }
    case 'trajectory':
      return within((1 + value) / 2)
    case 'engagement':
      return within(value / 100)
  }
}

const within = (share: number): number => Math.max(0, Math.min(1, share))

function explain(component: ScoreComponent, value: number, place: number, contribution: number, most: number): string {
  const points = `${contribution.toFixed(1)} of ${most.toFixed(0)} points`
  switch (component) {
    case 'churn':
      return `Churn risk is ${(100 * place).toFixed(0)} %: ${points}.`
    case 'ltv':
      return `Expected spend is above that of ${(100 * place).toFixed(0)} % of customers: ${points}.`
    case 'trajectory':
      return `Spend is ${value > 0 ? 'rising' : value < 0 ? 'falling' : 'steady'}: ${points}.`
    case 'engagement':
      return `Engagement is ${(100 * place).toFixed(0)} of 100: ${points}.`
  }
}
