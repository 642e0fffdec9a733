import { dayMs } from '../features/facts.ts'
import { quantileOf } from '../learning/objectives.ts'
import { gapsOf } from './purchases.ts'
import { median } from './quantiles.ts'

export type LifecycleStage = 'NEW' | 'ACTIVE' | 'LOYAL' | 'AT_RISK' | 'LAPSED' | 'WON_BACK'

/** What the tenant's customers are like: plain data, learnt at training. */
export type LifecycleModel = {
  /** Top quartile of purchases, and never below two; a purchase day counts once. */
  loyalPurchases: number
  /** Top quartile of days since the first purchase. */
  loyalTenureDays: number
  /** The median of the customers' own median gaps, in days; stands in for one who has no gap yet; NaN where none has. */
  typicalGapDays: number
}

export const lifecycleRules = {
  newDays: 30,
  lapsedGaps: 3,
  lapsedChurn: 0.8,
  atRiskChurn: 0.6,
  wonBackDays: 90,
} as const

/** Learns from each customer's purchases (as `purchasesBefore` gives them); customers without any are left out. */
export function trainLifecycle(purchases: Iterable<readonly number[]>, asOf: number): LifecycleModel {
  const counts: number[] = []
  const tenures: number[] = []
  const gaps: number[] = []
  for (const own of purchases) {
    const [first] = own
    if (first === undefined) continue
    counts.push(own.length)
    tenures.push((asOf - first) / dayMs)
    if (own.length > 1) gaps.push(median(gapsOf(own)))
  }
  return {
    loyalPurchases: Math.max(2, topQuartile(counts) || 0),
    loyalTenureDays: topQuartile(tenures),
    typicalGapDays: median(gaps),
  }
}

const topQuartile = (values: number[]): number => quantileOf(Float64Array.from(values).sort(), 0.75)

/** The churn score as it stood at an instant, from what lay before it; null where it is not known. Asked only where a rule turns on it. */
export type ChurnAt = (instant: number) => number | null

/**
 * The one stage of a customer with these purchases (`purchasesBefore(history, asOf)`); null without any. First match of:
 * WON_BACK ordered in the last 90 days after being LAPSED; NEW first purchase less than 30 days ago; LAPSED silent for at least
 * three of their own median gaps (the tenant's, where they have none) and churn ≥ 0.8; AT_RISK churn ≥ 0.6; LOYAL in the top
 * quartile of both purchases and tenure; ACTIVE. An unknown churn score meets no rule that needs one.
 */
export function lifecycleOf(
  model: LifecycleModel,
  purchases: readonly number[],
  churnAt: ChurnAt,
  asOf: number,
): LifecycleStage | null {
  const first = purchases[0]
  if (first === undefined) return null
  const { newDays, lapsedChurn, atRiskChurn } = lifecycleRules
  const isWonBack = comebacks(model, purchases, asOf).some((instant) => (churnAt(instant) ?? 0) >= lapsedChurn)
  if (isWonBack) return 'WON_BACK'
  const tenureDays = (asOf - first) / dayMs
  if (tenureDays < newDays) return 'NEW'
  const churn = churnAt(asOf) ?? 0
  if (churn >= lapsedChurn && isSilent(model, purchases, asOf)) return 'LAPSED'
  if (churn >= atRiskChurn) return 'AT_RISK'
  const isLoyal = purchases.length >= model.loyalPurchases && tenureDays >= model.loyalTenureDays
  return isLoyal ? 'LOYAL' : 'ACTIVE'
}

/** Purchases of the last 90 days that ended a silence long enough for LAPSED: won back, if churn was that high just before. */
function comebacks(model: LifecycleModel, purchases: readonly number[], asOf: number): number[] {
  return purchases.filter(
    (at, index) =>
      index > 0 && at >= asOf - lifecycleRules.wonBackDays * dayMs && isSilent(model, purchases.slice(0, index), at),
  )
}

function isSilent({ typicalGapDays }: LifecycleModel, purchases: readonly number[], asOf: number): boolean {
  const gap = purchases.length > 1 ? median(gapsOf(purchases)) : typicalGapDays
  const silentDays = (asOf - (purchases.at(-1) ?? asOf)) / dayMs
  return silentDays >= lifecycleRules.lapsedGaps * gap
}
