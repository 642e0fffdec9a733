import { levelOf } from '../churn/model.ts'

/** What others were last told of a customer. */
export type Told = { churnRisk: number | null; ltv: number | null; archetype: string | null }

const churnStep = 0.02
const ltvStep = 0.02

/**
 * Whether others should be told: the first insight, another level of risk or archetype, or a move of churn by 0.02 or of the
 * forecast by 2 % since they were last told. Many small steps so add up to one that is told.
 */
export function isNews(told: Told | null, now: Told): boolean {
  const { churnRisk: from, ltv: was } = told ?? { churnRisk: null, ltv: null }
  const { churnRisk: to, ltv: is } = now
  if ((from === null) !== (to === null) || (was === null) !== (is === null)) return true
  if (from === null || to === null || was === null || is === null) return false
  if (told?.archetype !== now.archetype || levelOf(from) !== levelOf(to)) return true
  return Math.abs(to - from) >= churnStep || Math.abs(is - was) >= Math.max(0.01, ltvStep * was)
}
