import { usualMaxPercent } from '../../advice/offer.ts'
import { headlineOf } from '../../analysis/analyse.ts'
import { featureIndex } from '../../features/catalogue.ts'
import { personalizeOffer } from '../../insight/offer.ts'
import type { OfferGoal } from '../../insight/recommend.ts'
import { estimate, type Insight } from '../../profiles/insight.ts'
import type { Means, PossibleOffer } from './advice.ts'
import { policiesOf, tightest } from './facts.ts'
import type { Situation } from '../situation.ts'

/** What may be offered under the policies, where it is expected to earn more than it costs. Without a policy no money is offered. */
export function offersFor(insight: Insight, situation: Situation): Means['offers'] {
  const discounts = policiesOf(situation, 'DISCOUNT')
  const amends = policiesOf(situation, 'COMPENSATION')
  const maxDiscountPercent = discounts.length === 0 ? 0 : (tightest(discounts, 'maxDiscountPercent') ?? usualMaxPercent)
  // A policy without a limit allows what an order is worth.
  const maxCompensation = amends.length === 0 ? 0 : (tightest(amends, 'maxCompensation') ?? averageOf(insight))
  const offer = (goal: OfferGoal, limits: Partial<typeof allowed>) => possible(insight, goal, limits)
  const allowed = { maxDiscountPercent, maxCompensation }
  return {
    ...named('retain', offer('RETAIN', { maxDiscountPercent })),
    ...named('winBack', offer('WIN_BACK', { maxDiscountPercent })),
    ...named('upsell', offer('UPSELL', { maxDiscountPercent })),
    ...named('compensate', offer('COMPENSATE', { maxCompensation })),
  }
}

const named = <K extends keyof Means['offers']>(name: K, offer: PossibleOffer | null): Means['offers'] =>
  offer ? { [name]: offer } : {}

type Limits = { maxDiscountPercent?: number; maxCompensation?: number }

function possible(insight: Insight, goal: OfferGoal, policy: Limits): PossibleOffer | null {
  const { bundle, profile, horizonDays, currencyCode } = insight
  const { churnRisk, ltv } = headlineOf(bundle, profile, horizonDays)
  if (churnRisk === null || ltv === null || currencyCode === null) return null
  const { kind, percent, amount, expectedCost, explanation } = personalizeOffer({
    ...{ goal, policy, churn: churnRisk, ltv: Math.max(0, ltv) },
    averageOrderValue: averageOf(insight),
    discountShare: Math.min(1, featureOf(insight, 'discountShare')),
  })
  if (kind === 'NONE') return null
  return {
    ...{ kind, percent, explanation },
    amount: amount === null ? null : estimate(amount, currencyCode),
    expectedCost: estimate(expectedCost, currencyCode),
  }
}

const averageOf = (insight: Insight): number => featureOf(insight, 'averageValue')

const featureOf = ({ profile }: Insight, name: 'averageValue' | 'discountShare'): number =>
  Math.max(0, profile.features[featureIndex[name]] ?? 0)
