import { dayMs, isInstant, isPurchase } from '../features/facts.ts'
import type { CustomerHistory, InteractionKind } from '../features/history.ts'
import { percentileOf, trainPercentiles, type Percentiles } from './quantiles.ts'

/** How much one sign of interest counts on the day it happens; each halves every 30 days. What is not named counts nothing. */
export const engagementWeights = {
  order: 5,
  interactions: { EMAIL_OPEN: 1, EMAIL_CLICK: 2, MESSAGE: 3, REVIEW: 3, SURVEY: 3, SUPPORT_TICKET: 0 },
  events: new Map([
    ['visit', 1],
    ['login', 1],
    ['cart', 2],
  ]),
} as const satisfies {
  order: number
  interactions: Record<InteractionKind, number>
  events: ReadonlyMap<string, number>
}

const halfLifeDays = 30
const decay = Math.LN2 / (halfLifeDays * dayMs)

/**
 * The weighted sum of what a customer did strictly before `asOf`, each halved every 30 days; 0 of one who did nothing. Returns
 * and support tickets are no interest in buying. Instants that are not finite count nothing.
 */
export function engagementRaw(history: CustomerHistory, asOf: number): number {
  const { order, interactions, events } = engagementWeights
  let sum = 0
  const add = (at: number, weight: number) => {
    if (at < asOf && isInstant(at)) sum += weight * Math.exp(decay * (at - asOf))
  }
  for (const one of history.orders) if (isPurchase(one)) add(one.at, order)
  for (const { at, kind } of history.interactions) add(at, interactions[kind])
  for (const { at, name } of history.events) add(at, events.get(name) ?? 0)
  return sum
}

/** The tenant's spread of raw sums; of customers who did anything at all, since the rest is 0 by definition. */
export const trainEngagement = (raws: ArrayLike<number>): Percentiles =>
  trainPercentiles(Float64Array.from(raws).filter((raw) => raw > 0))

export type Engagement = {
  /** 0…100: the percentile among the tenant's customers who ever did anything. */
  score: number
  /** The score minus that of 30 days ago, −100…100. */
  trend: number
}

/** Null where the tenant's spread is unknown. One who did nothing has 0. Both scores are read from the same spread. */
export function engagementOf(spread: Percentiles, history: CustomerHistory, asOf: number): Engagement | null {
  const score = scoreOf(spread, engagementRaw(history, asOf))
  const before = scoreOf(spread, engagementRaw(history, asOf - halfLifeDays * dayMs))
  return score === null || before === null ? null : { score, trend: score - before }
}

function scoreOf(spread: Percentiles, raw: number): number | null {
  const percentile = percentileOf(spread, raw)
  return percentile !== null && raw === 0 ? 0 : percentile
}
