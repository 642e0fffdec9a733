import { refuse } from '@quimbi/service/errors.ts'
import { headlineOf } from '../analysis/analyse.ts'
import { featureIndex } from '../features/catalogue.ts'
import { personalizeOffer as cheapestOffer, type OfferPolicy } from '../insight/offer.ts'
import type { OfferGoal } from '../insight/recommend.ts'
import { estimate, type Insight } from '../profiles/insight.ts'
import { checkProducts, meanMargin, type GivenProduct } from './products.ts'
import { subjectOf, type Asking, type Named } from './subject.ts'

type Optional<T> = T | null | undefined

/** Where a caller allows nothing else; policies of a tenant are Support's. */
export const usualMaxPercent = 10

type Bounds = { goal: OfferGoal; policy: OfferPolicy; margin?: number | undefined }

/**
 * What to offer to a customer.
 * @throws UserErrors as subjectOf, and INVALID for bounds out of range or where nothing can be said in money yet
 */
export async function personalizeOffer(
  asking: Asking,
  input: Named & {
    goal: OfferGoal
    products?: Optional<readonly GivenProduct[]>
    maxDiscountPercent?: Optional<number>
  },
) {
  const maxDiscountPercent = input.maxDiscountPercent ?? usualMaxPercent
  if (!(maxDiscountPercent >= 0 && maxDiscountPercent <= 100))
    refuse('INVALID', 'A discount lies between 0 and 100 %.', ['input', 'maxDiscountPercent'])
  const margin = meanMargin(checkProducts(input.products))
  const { insight } = await subjectOf(asking, input)
  const { currencyCode } = insight
  if (currencyCode === null)
    return refuse('INVALID', 'Without an order nothing can be said in money.', ['input', 'profile'])
  const none = estimate(0, currencyCode)
  const nothing = { kind: 'NONE', percent: null, amount: null, expectedCost: none, expectedValue: none }
  return (
    offerFor(insight, { goal: input.goal, policy: { maxDiscountPercent }, margin }) ?? {
      ...nothing,
      explanation: 'The customer has no order yet: an offer would be a guess.',
    }
  )
}

/** Null without an order, or a currency. */
export function offerFor(insight: Insight, { goal, policy, margin }: Bounds) {
  const { bundle, profile, horizonDays, currencyCode } = insight
  const { churnRisk, ltv } = headlineOf(bundle, profile, horizonDays)
  if (churnRisk === null || ltv === null || currencyCode === null) return null
  const { amount, expectedCost, expectedValue, ...offer } = cheapestOffer({
    ...{ goal, churn: churnRisk, ltv: Math.max(0, ltv), margin, policy },
    averageOrderValue: averageOrderOf(insight),
    discountShare: Math.min(1, featureOf(insight, 'discountShare')),
  })
  return {
    ...offer,
    amount: amount === null ? null : estimate(amount, currencyCode),
    expectedCost: estimate(expectedCost, currencyCode),
    expectedValue: estimate(expectedValue, currencyCode),
  }
}

/** Mean order, in currency. */
export const averageOrderOf = (insight: Insight): number => featureOf(insight, 'averageValue')

const featureOf = ({ profile }: Insight, name: 'averageValue' | 'discountShare'): number =>
  Math.max(0, profile.features[featureIndex[name]] ?? 0)
