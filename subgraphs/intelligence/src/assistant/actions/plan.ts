import type { Amount, CustomerFacts, Situation } from '../situation.ts'
import type { Advice, ActionKind, Means, Rule, Step } from './advice.ts'
import { liftOf, sayEffect, type Effect } from './effect.ts'
import { crossSell, discount, survey, thank, winBack } from './selling.ts'
import { answer, ask, call, confirmDelivery, credit, escalate, followUp, refund, replace } from './support.ts'
import { talkingPointsOf } from './talking-points.ts'
import { warningsOf } from './warnings.ts'

export type PlannedAction = {
  kind: ActionKind
  action: string
  /** 1 is first. */
  priority: number
  reasoning: string
  retentionProbability: number | null
  revenueAtRisk: Amount | null
  cost: Amount | null
  confidence: number
}

export type Plan = {
  actions: PlannedAction[]
  warnings: string[]
  talkingPoints: string[]
  revenueAtRisk: Amount | null
}

/** In the order that they come in where nothing else decides. */
const catalogue: readonly Rule[] = [
  ...[ask, answer, escalate, replace, refund, confirmDelivery, call, credit, followUp],
  ...[discount, winBack, crossSell, thank, survey],
]
const steps: Record<Step, number> = { ASKED: 0, RISK: 1, CHANCE: 2 }
const mostActions = 5

/**
 * What to do, the most useful first: by step, then by expected value, which is the revenue that the action was measured to keep less its cost.
 * Nothing unmeasured is counted as kept. Pure.
 */
export function planActions(situation: Situation, means: Means): Plan {
  const advised = catalogue.flatMap((rule) => rule(situation, means) ?? [])
  const ranked = (advised.length > 0 ? advised : [nothing])
    .map((advice) => ({ advice, value: valueOf(advice, situation, means.effects.get(advice.kind)) }))
    .sort((a, b) => steps[a.advice.step] - steps[b.advice.step] || b.value - a.value)
  return {
    actions: ranked.slice(0, mostActions).map(({ advice }, index) => planned(advice, index + 1, situation, means)),
    warnings: warningsOf(situation),
    talkingPoints: talkingPointsOf(situation),
    revenueAtRisk: situation.customer?.revenueAtRisk ?? null,
  }
}

const nothing: Advice = {
  ...{ kind: 'nothing', step: 'CHANCE', cost: null, confidence: 0.6 },
  action: 'Nothing needs to be done now.',
  reasoning: 'Nobody waits for an answer, and nothing known speaks for an offer.',
}

/** What is expected to come of it, in the tenant's currency. */
function valueOf({ cost }: Advice, { customer }: Situation, effect: Effect | undefined): number {
  const kept = (stayOf(customer, effect) ?? 0) - (stayOf(customer) ?? 0)
  return kept * Number(customer?.ltv?.amount.amount ?? 0) - Number(cost?.amount ?? 0)
}

/** The chance that the customer buys again within the horizon; null where nothing can be said. */
function stayOf(customer: CustomerFacts | null, effect?: Effect): number | null {
  const churn = customer?.churn?.score ?? null
  return churn === null ? null : rounded(Math.min(1, Math.max(0, 1 - churn + liftOf(effect))))
}

/** Without the noise of binary fractions. */
const rounded = (share: number): number => Number(share.toFixed(4))

function planned(
  { kind, action, reasoning, cost, confidence }: Advice,
  priority: number,
  { customer }: Situation,
  { effects }: Means,
): PlannedAction {
  const effect = effects.get(kind)
  return {
    ...{ kind, action, priority, cost, confidence },
    reasoning: effect ? `${reasoning} ${sayEffect(effect)}` : reasoning,
    retentionProbability: stayOf(customer, effect),
    revenueAtRisk: customer?.revenueAtRisk ?? null,
  }
}
