import type { Amount, Situation } from '../situation.ts'
import type { Effect } from './effect.ts'

/** What can be advised. Outcomes are kept by these names: one is never given another meaning. */
export const actionKinds = [
  'answer',
  'ask',
  'replace',
  'refund',
  'credit',
  'confirm_delivery',
  'escalate',
  'call',
  'follow_up',
  'discount',
  'win_back',
  'cross_sell',
  'thank',
  'survey',
  'nothing',
] as const
export type ActionKind = (typeof actionKinds)[number]

export type ActionScenario = 'SUPPORT_TICKET' | 'SALES_OPPORTUNITY' | 'MARKETING_CAMPAIGN'

/** An offer within the policies; `amount` of a credit, `percent` of a discount. */
export type PossibleOffer = {
  kind: 'DISCOUNT' | 'CREDIT'
  percent: number | null
  amount: Amount | null
  expectedCost: Amount
  explanation: string
}

/** What the planner is given besides the situation. Offers are missing where nothing may or should be offered. */
export type Means = {
  scenario: ActionScenario
  offers: { retain?: PossibleOffer; winBack?: PossibleOffer; compensate?: PossibleOffer; upsell?: PossibleOffer }
  /** What was measured, by kind of action. */
  effects: ReadonlyMap<ActionKind, Effect>
  /** What the customer is likely to buy next. */
  product: { title: string; explanation: string } | null
}

/** Who waits for an answer comes before who may leave, and both before what may be earned. */
export type Step = 'ASKED' | 'RISK' | 'CHANCE'

export type Advice = {
  kind: ActionKind
  step: Step
  action: string
  reasoning: string
  /** Null where it costs nothing but time, or nobody can say. */
  cost: Amount | null
  /** 0 to 1: that it fits. */
  confidence: number
}

/** One entry of the catalogue: advice where it applies. Pure. */
export type Rule = (situation: Situation, means: Means) => Advice | null
