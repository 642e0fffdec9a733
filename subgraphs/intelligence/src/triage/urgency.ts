import type { LabelScore } from './text/classify.ts'

export type UrgencyFacts = {
  intent: string | null
  sentiment: number
  customerTurns: number
  /** chats and calls are waited for */
  isLive: boolean
  /** share of capital letters among letters, 0 … 1 */
  capitals: number
  exclamations: number
  cues: number
}

export type Urgency = 'URGENT' | 'HIGH' | 'NORMAL' | 'LOW'

/** By intent: what gets worse by waiting (an order that will ship, money that is gone), and what does not. */
const byIntent: Record<string, number> = {
  thanks: 0,
  feedback: 0.1,
  product_recommendation: 0.15,
  discount: 0.2,
  shipping_policy: 0.15,
  product_question: 0.2,
  return_request: 0.25,
  exchange: 0.25,
  order_cancel: 0.45,
  order_change: 0.42,
  shipping_address: 0.45,
  order_missing: 0.42,
  shipping_delay: 0.4,
  order_wrong: 0.4,
  order_damaged: 0.4,
  payment: 0.4,
}
const usual = 0.3
const levels: readonly (readonly [Urgency, number])[] = [
  ['URGENT', 0.75],
  ['HIGH', 0.5],
  ['NORMAL', 0.2],
  ['LOW', 0],
]

/**
 * Urgency, 0 … 1: the intent's own, + up to 0.2 for ill humour, + 0.05 for each further message of the customer (up to 0.15), + 0.05 where
 * somebody waits on the line, + up to 0.1 for shouting, + what cues add. More of each never makes it less urgent.
 */
export function urgencyOf(facts: UrgencyFacts): number {
  const { intent, sentiment, customerTurns, isLive, capitals, exclamations, cues } = facts
  const sum =
    (intent === null ? usual : (byIntent[intent] ?? usual)) +
    0.4 * Math.max(0, 0.5 - sentiment) +
    0.05 * Math.min(3, Math.max(0, customerTurns - 1)) +
    (isLive ? 0.05 : 0) +
    0.05 * Math.min(1, capitals) +
    0.05 * Math.min(1, exclamations / 3) +
    cues
  return Math.min(1, Math.max(0, sum))
}

/** The level of an urgency; the farther from the next level, the surer. */
export function urgencyLevel(urgency: number): LabelScore & { label: Urgency } {
  const index = levels.findIndex(([, from]) => urgency >= from)
  const [label, from] = levels[index]!
  const above = index > 0 ? levels[index - 1]![1] - urgency : 0.25
  const below = index < levels.length - 1 ? urgency - from : 0.25
  return { label, confidence: Math.min(0.95, 0.55 + 1.6 * Math.min(above, below)) }
}
