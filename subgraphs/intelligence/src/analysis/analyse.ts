import { explainChurn, scoreOneChurn, type ChurnExplanation } from '../churn/predict.ts'
import { recommendationsFor } from '../churn/recommendations.ts'
import { communicationGuidance, dnaOf, type Dna } from '../dna/profile.ts'
import { features } from '../features/catalogue.ts'
import { createAccumulator } from '../features/extract.ts'
import { dayMs } from '../features/facts.ts'
import type { CustomerHistory } from '../features/history.ts'
import { engagementOf, type Engagement } from '../insight/engagement.ts'
import { lifecycleOf, type LifecycleStage } from '../insight/lifecycle.ts'
import { nextPurchaseOf, type NextPurchase } from '../insight/next-purchase.ts'
import { purchasesBefore } from '../insight/purchases.ts'
import { trajectoryOf, type Trajectory } from '../insight/trajectory.ts'
import { buyerOf } from '../insight/waiting.ts'
import { daysOfMonths, forecastLtv, revenueAtRisk, scoreLtv, type LtvForecast } from '../ltv/predict.ts'
import type { ModelBundle } from './bundle.ts'

/** What of a customer is known at an instant: the row that models read, and what only the history tells. */
export type Profile = {
  /** 66, in the catalogue's order. */
  features: Float64Array
  /** False without a purchase: then there is nothing to forecast. */
  isReady: boolean
  asOf: number
  orders: number
  events: number
  lastOrderAt: number | null
  nextPurchase: NextPurchase | null
  engagement: Engagement | null
  lifecycle: LifecycleStage | null
  trajectory: Trajectory | null
}

/** How far back, and how often, churn is looked at for its slope. */
const lookBacks = [180, 150, 120, 90, 60, 30, 0]

/**
 * Reads a customer's history once, as it stood at `asOf`. The same for a stored customer and for one that is passed in, so that both get the
 * same figures from the same data. Facts at or after `asOf` are not seen. `horizonDays`, 28 to 365: what the tenant
 * calls churn.
 */
export function profileOf(
  bundle: ModelBundle,
  history: CustomerHistory,
  asOf: number,
  horizonDays = bundle.churn.horizonDays,
): Profile {
  const purchases = purchasesBefore(history, asOf)
  const rows = rowsAt(bundle, history, asOf)
  const row = rows.at(-1)?.row ?? new Float64Array(features.length)
  const isReady = purchases.length > 0
  const buyer = buyerOf(history, asOf)
  const risk = rows
    .filter(({ isKnown }) => isKnown)
    .map(({ at, row: then }) => ({ at, churn: scoreOneChurn(bundle.churn, then, horizonDays) }))
  const churnAt = (instant: number) =>
    risk.find(({ at }) => at === instant)?.churn ?? churnBefore(bundle, history, instant, horizonDays)
  return {
    features: row,
    isReady,
    asOf,
    orders: purchases.length,
    events: countBefore(history.interactions, asOf) + countBefore(history.events, asOf),
    lastOrderAt: purchases.at(-1) ?? null,
    nextPurchase: bundle.repurchase && buyer ? nextPurchaseOf(bundle.repurchase, buyer, asOf) : null,
    engagement: engagementOf(bundle.engagement, history, asOf),
    lifecycle: lifecycleOf(bundle.lifecycle, purchases, churnAt, asOf),
    trajectory: trajectoryOf(history, risk, asOf),
  }
}

const countBefore = (facts: readonly { at: number }[], asOf: number): number =>
  facts.reduce((count, { at }) => count + (at < asOf ? 1 : 0), 0)

type RowAt = { at: number; row: Float64Array; isKnown: boolean }

// One for all: nothing here waits for anything.
const accumulator = createAccumulator()

/** The features as they stood over the last half year, oldest first; the last at `asOf` itself. */
function rowsAt({ reference }: ModelBundle, history: CustomerHistory, asOf: number): RowAt[] {
  accumulator.start(history)
  return lookBacks.map((days) => {
    const at = asOf - days * dayMs
    const row = new Float64Array(features.length)
    return { at, row, isKnown: accumulator.emit(at, row, 0, reference) }
  })
}

function churnBefore(
  { churn, reference }: ModelBundle,
  history: CustomerHistory,
  instant: number,
  horizonDays: number,
): number | null {
  const row = new Float64Array(features.length)
  accumulator.start(history)
  return accumulator.emit(instant, row, 0, reference) ? scoreOneChurn(churn, row, horizonDays) : null
}

/** Churn with what moves it and what to do about it; null without a purchase. */
export function churnOf(
  bundle: ModelBundle,
  { features: row, isReady }: Pick<Profile, 'features' | 'isReady'>,
  horizonDays = bundle.churn.horizonDays,
): (ChurnExplanation & { horizonDays: number; recommendations: string[] }) | null {
  if (!isReady) return null
  const explained = explainChurn(bundle.churn, row, horizonDays)
  return { ...explained, horizonDays, recommendations: recommendationsFor(explained.level, explained.factors) }
}

/** Expected spend; null without a purchase. */
export const ltvOf = (
  { ltv }: ModelBundle,
  { features: row, isReady }: Pick<Profile, 'features' | 'isReady'>,
  months = 12,
): LtvForecast | null => (isReady ? forecastLtv(ltv, row, months) : null)

/** A year's expected spend without what it rests on, which is a fifth of the work; null without a purchase. */
export const yearOf = (
  { ltv }: ModelBundle,
  { features: row, isReady }: Pick<Profile, 'features' | 'isReady'>,
): number | null =>
  isReady ? (scoreLtv(ltv, { x: row, n: 1, d: row.length }, daysOfMonths(12)).amount[0] ?? null) : null

/** The 14 axes; null without a purchase. */
export const dnaIn = ({ segmentation }: ModelBundle, { features: row }: Pick<Profile, 'features'>): Dna | null =>
  dnaOf(segmentation, row)

/** What a list of customers is ordered and filtered by. */
export type Headline = {
  churnRisk: number | null
  /** Twelve months, currency. */
  ltv: number | null
  revenueAtRisk: number | null
  archetypeId: string | null
  archetype: string | null
  /** The finest archetype that the customer is counted in. */
  archetypeLeafId: string | null
  segmentIds: string[]
}

export function headlineOf(
  bundle: ModelBundle,
  profile: Pick<Profile, 'features' | 'isReady'>,
  horizonDays = bundle.churn.horizonDays,
): Headline {
  const dna = dnaIn(bundle, profile)
  const churnRisk = profile.isReady ? scoreOneChurn(bundle.churn, profile.features, horizonDays) : null
  const ltv = yearOf(bundle, profile)
  return {
    churnRisk,
    ltv,
    revenueAtRisk: churnRisk === null || ltv === null ? null : revenueAtRisk(churnRisk, ltv),
    archetypeId: dna?.archetype.id ?? null,
    archetype: dna?.archetype.name ?? null,
    archetypeLeafId: dna?.archetypes.at(-1)?.id ?? null,
    segmentIds: dna?.axes.map(({ dominant }) => dominant.id) ?? [],
  }
}

/** How to talk to this customer; nothing where nothing is known. */
export const guidanceFor = (dna: Dna | null): string[] => (dna ? communicationGuidance(dna) : [])
