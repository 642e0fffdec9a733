import type { EventOf } from '@quimbi/events/topics.ts'
import { levelOf } from '../churn/model.ts'
import type { InsightMetric } from './points.ts'

/** What others were last told of a customer; `engagement` is missing where that was before it was told of. */
export type Told = {
  churnRisk: number | null
  ltv: number | null
  archetype: string | null
  engagement?: number | null
}

export type Move = NonNullable<EventOf<'insight.changed'>['payload']['moves']>[number]

const churnStep = 0.02
const ltvStep = 0.02
const engagementStep = 0.05

/**
 * Whether others should be told: the first insight, another level of risk or archetype, or a move of churn by 0.02, of the
 * forecast by 2 % or of engagement by 5 % (a point at least) since they were last told. Many small steps so add up to one that is told.
 */
export function isNews(told: Told | null, now: Told): boolean {
  const { churnRisk: from, ltv: was } = told ?? { churnRisk: null, ltv: null }
  const { churnRisk: to, ltv: is } = now
  if ((from === null) !== (to === null) || (was === null) !== (is === null)) return true
  if (isOtherInterest(told?.engagement ?? 0, now.engagement ?? 0)) return true
  if (from === null || to === null || was === null || is === null) return false
  if (told?.archetype !== now.archetype || levelOf(from) !== levelOf(to)) return true
  return Math.abs(to - from) >= churnStep || Math.abs(is - was) >= Math.max(0.01, ltvStep * was)
}

// One who never did anything is as good as unknown.
const isOtherInterest = (from: number, to: number): boolean => Math.abs(to - from) >= Math.max(1, engagementStep * from)

/** What moved since others were last told, in the metrics' order; empty where nothing did. */
export function movesOf(told: Told | null, now: Told): Move[] {
  const moves: [InsightMetric, number | null | undefined, number | null | undefined][] = [
    ['CHURN_RISK', told?.churnRisk, now.churnRisk],
    ['LTV_12M', told?.ltv, now.ltv],
    ['ENGAGEMENT', told?.engagement, now.engagement],
  ]
  return moves.flatMap(([metric, from = null, to = null]) => (from === to ? [] : [{ metric, from, to }]))
}

/** That nothing is known any more, without saying what was: of one whose insight was to be forgotten. */
export const forgotten: Move[] = (['CHURN_RISK', 'LTV_12M', 'ENGAGEMENT'] as const).map((metric) => ({
  ...{ metric, from: null, to: null },
}))
