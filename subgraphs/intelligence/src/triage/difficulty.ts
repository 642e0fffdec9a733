/** What makes a conversation hard to answer. `sentiment` 0 negative … 1; `cues` as they add up in cues.ts. */
export type DifficultyFacts = {
  intent: string | null
  words: number
  customerTurns: number
  questions: number
  sentiment: number
  cues: number
}

/** By intent: how much there is to look up, decide and make good, on a day when nothing else is wrong. */
const byIntent: Record<string, number> = {
  thanks: 0.02,
  shipping_status: 0.12,
  shipping_policy: 0.1,
  return_request: 0.2,
  refund_status: 0.25,
  return_status: 0.25,
  discount: 0.2,
  feedback: 0.25,
  shipping_address: 0.2,
  product_question: 0.25,
  product_recommendation: 0.35,
  order_change: 0.3,
  order_cancel: 0.2,
  account: 0.3,
  exchange: 0.35,
  shipping_delay: 0.4,
  order_missing: 0.45,
  order_wrong: 0.4,
  order_damaged: 0.45,
  refund_request: 0.4,
  payment: 0.45,
}
/** What is not understood is not easy. */
const unknown = 0.4

/**
 * Difficulty, 0 easy … 1 hard: the intent's own, + up to 0.15 for length (200 words), + 0.06 for each further message of the customer (up
 * to 0.24), + 0.04 for each further question (up to 0.12), + up to 0.2 for ill humour, + what cues add. More of each never makes it easier.
 */
export function difficultyOf({ intent, words, customerTurns, questions, sentiment, cues }: DifficultyFacts): number {
  const sum =
    (intent === null ? unknown : (byIntent[intent] ?? unknown)) +
    0.15 * Math.min(1, words / 200) +
    0.06 * Math.min(4, Math.max(0, customerTurns - 1)) +
    0.04 * Math.min(3, Math.max(0, questions - 1)) +
    0.4 * Math.max(0, 0.5 - sentiment) +
    cues
  return Math.min(1, Math.max(0, sum))
}
