import { churnOf, dnaIn, guidanceFor, ltvOf, yearOf, type Profile } from '../analysis/analyse.ts'
import type { ModelBundle } from '../analysis/bundle.ts'
import type { Archetype, Segment, SegmentationModel } from '../dna/model.ts'
import { features, featureVersion } from '../features/catalogue.ts'
import { revenueAtRisk } from '../ltv/predict.ts'
import { money } from '../orders/money.ts'

export type InsightStatus = 'READY' | 'INSUFFICIENT_DATA' | 'STALE' | 'UNKNOWN_CUSTOMER'

/** What is thought of one customer, stored or passed in: all fields of the graph are read from it. */
export type Insight = {
  status: InsightStatus
  profile: Profile
  bundle: ModelBundle
  horizonDays: number
  /** Null only where there is no order. */
  currencyCode: string | null
}

export const basisOf = ({ bundle, profile }: Insight) => ({
  modelVersion: bundle.version,
  featureVersion,
  asOf: new Date(profile.asOf),
  orders: profile.orders,
  events: profile.events,
})

/** An estimate, to the hundredth: more digits would be noise. */
export const estimate = (amount: number, currencyCode: string) => money(amount.toFixed(2), currencyCode)

/** @throws GraphQLError BAD_USER_INPUT for another horizon than 28 to 365 days */
export function churnRiskOf(insight: Insight, horizonDays = insight.horizonDays) {
  const { bundle, profile, currencyCode } = insight
  const churn = churnOf(bundle, profile, horizonDays)
  const year = yearOf(bundle, profile)
  if (!churn || year === null || currencyCode === null) return null
  return {
    ...churn,
    revenueAtRisk: estimate(revenueAtRisk(churn.score, year), currencyCode),
    basis: basisOf(insight),
  }
}

/** @throws GraphQLError BAD_USER_INPUT for other months than 1 to 36 */
export function ltvForecastOf(insight: Insight, months: number) {
  const { bundle, profile, currencyCode } = insight
  const forecast = ltvOf(bundle, profile, months)
  if (!forecast || currencyCode === null) return null
  const { amount, historic, interval } = forecast
  return {
    ...forecast,
    amount: estimate(amount, currencyCode),
    historic: estimate(historic, currencyCode),
    interval: {
      low: estimate(interval.low, currencyCode),
      high: estimate(interval.high, currencyCode),
      level: interval.level,
    },
    basis: basisOf(insight),
  }
}

/** An archetype with what its segments are looked up in, and the currency of its amounts. */
export type ArchetypeOf = Archetype & { segmentation: SegmentationModel; currencyCode: string | null }

export function dnaView(insight: Insight) {
  const { bundle, profile, currencyCode } = insight
  const dna = profile.isReady ? dnaIn(bundle, profile) : null
  if (!dna) return null
  const { archetype, axes, dominantSegments, confidence } = dna
  const of: ArchetypeOf = { ...archetype, segmentation: bundle.segmentation, currencyCode }
  return { archetype: of, axes, dominantSegments, confidence, basis: basisOf(insight) }
}

export function nextPurchaseView(insight: Insight) {
  const { nextPurchase } = insight.profile
  return nextPurchase && { ...nextPurchase, expectedAt: new Date(nextPurchase.expectedAt), basis: basisOf(insight) }
}

export function engagementView(insight: Insight) {
  const { engagement } = insight.profile
  return engagement && insight.status !== 'UNKNOWN_CUSTOMER' ? { ...engagement, basis: basisOf(insight) } : null
}

export function trajectoryView(insight: Insight) {
  const { trajectory } = insight.profile
  return trajectory && { ...trajectory, riskSlope: trajectory.riskSlope ?? 0, basis: basisOf(insight) }
}

export const lifecycleView = ({ profile }: Insight) => profile.lifecycle

export const guidanceView = ({ bundle, profile }: Insight): string[] | null =>
  profile.isReady ? guidanceFor(dnaIn(bundle, profile)) : null

/** The row that the models read, by the features' names. */
export const featuresView = ({ profile }: Insight): Record<string, number> =>
  Object.fromEntries(features.map(({ name }, column) => [name, profile.features[column] ?? 0]))

export function segmentsOf({ axes }: SegmentationModel, ids: readonly string[]): Segment[] {
  const known = new Map(axes.flatMap(({ segments, unknown }) => [...segments, unknown].map((one) => [one.id, one])))
  return ids.flatMap((id) => known.get(id) ?? [])
}
