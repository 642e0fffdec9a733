import { averageOrderOf, offerFor, usualMaxPercent } from '../../advice/offer.ts'
import type { OfferPolicy } from '../../insight/offer.ts'
import type { OfferGoal } from '../../insight/recommend.ts'
import type { Insight } from '../../profiles/insight.ts'
import type { Means, PossibleOffer } from './advice.ts'
import { policiesOf, tightest } from './facts.ts'
import type { Situation } from '../situation.ts'

/** What may be offered under the policies, where it is expected to earn more than it costs. Without a policy no money is offered. */
export function offersFor(insight: Insight, situation: Situation): Means['offers'] {
  const discounts = policiesOf(situation, 'DISCOUNT')
  const amends = policiesOf(situation, 'COMPENSATION')
  const maxDiscountPercent = discounts.length === 0 ? 0 : (tightest(discounts, 'maxDiscountPercent') ?? usualMaxPercent)
  // A policy without a limit allows what an order is worth.
  const maxCompensation = amends.length === 0 ? 0 : (tightest(amends, 'maxCompensation') ?? averageOrderOf(insight))
  const offer = (goal: OfferGoal, policy: OfferPolicy): PossibleOffer | null => {
    const found = offerFor(insight, { goal, policy })
    return found && found.kind !== 'NONE' ? { ...found, kind: found.kind } : null
  }
  return {
    ...named('retain', offer('RETAIN', { maxDiscountPercent })),
    ...named('winBack', offer('WIN_BACK', { maxDiscountPercent })),
    ...named('upsell', offer('UPSELL', { maxDiscountPercent })),
    ...named('compensate', offer('COMPENSATE', { maxCompensation })),
  }
}

const named = <K extends keyof Means['offers']>(name: K, offer: PossibleOffer | null): Means['offers'] =>
  offer ? { [name]: offer } : {}
