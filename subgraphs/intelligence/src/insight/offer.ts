import { codedError } from '@quimbi/service/errors.ts'
import type { OfferGoal } from './recommend.ts'

export type OfferKind = 'NONE' | 'DISCOUNT' | 'CREDIT'

export type OfferInput = {
  goal: OfferGoal
  /** Probability, 0…1. */
  churn: number
  /** Expected spend over the LTV's months, in currency. */
  ltv: number
  /** Mean order, in currency. */
  averageOrderValue: number
  /** Share of spend that was discounted so far, 0…1: who buys at a discount answers to one. */
  discountShare: number
  /** Share of the price that is earned; 0.4 where it is not known. */
  margin?: number | undefined
  policy: OfferPolicy
}

/** What the tenant allows; what is not given is not allowed. */
export type OfferPolicy = {
  maxDiscountPercent?: number | null | undefined
  maxCompensation?: number | null | undefined
}

export type Offer = {
  kind: OfferKind
  percent: number | null
  amount: number | null
  expectedCost: number
  /** What the offer is expected to earn beyond its cost, against no offer; 0 of none. */
  expectedValue: number
  explanation: string
}

type Candidate = { kind: 'DISCOUNT' | 'CREDIT'; percent: number | null; amount: number | null; worth: number }

/**
 * Assumptions, until a tenant's recorded outcomes tell more. `reach`: the largest share of the churn risk (of the LTV, for UPSELL) that
 * any offer can move. An offer worth a share w of the mean order moves 1 − e^(−w / scale) of that.
 */
const response: Record<OfferGoal, { reach: number; kinds: readonly Candidate['kind'][] }> = {
  RETAIN: { reach: 0.2, kinds: ['DISCOUNT'] },
  WIN_BACK: { reach: 0.12, kinds: ['DISCOUNT'] },
  UPSELL: { reach: 0.08, kinds: ['DISCOUNT'] },
  COMPENSATE: { reach: 0.25, kinds: ['CREDIT', 'DISCOUNT'] },
}
const scale = 0.15
const percents = [5, 10, 15, 20, 25, 30, 40, 50]
const creditShares = [0.05, 0.1, 0.2, 0.3, 0.5]
const usualMargin = 0.4

const none = (explanation: string): Offer => ({
  kind: 'NONE',
  percent: null,
  amount: null,
  expectedCost: 0,
  expectedValue: 0,
  explanation,
})

/**
 * The cheapest offer within policy that is expected to earn more than it costs, or none. Cost: what it takes off the next order, times the
 * chance that this order is made. Value: the margin on the spend that it saves (or adds), less that cost.
 * @throws GraphQLError BAD_USER_INPUT for figures that are no numbers or out of range
 */
export function personalizeOffer(input: OfferInput): Offer {
  check(input)
  const allowed = candidatesOf(input)
  if (allowed.length === 0) return none('The policies allow no offer of this kind.')
  const gains = allowed.map((candidate) => weigh(candidate, input)).filter(({ expectedValue }) => expectedValue > 0)
  const [cheapest] = gains.sort((a, b) => a.expectedCost - b.expectedCost)
  return cheapest ?? none('No offer within policy is expected to earn more than it costs.')
}

function candidatesOf({ goal, averageOrderValue, policy }: OfferInput): Candidate[] {
  const { kinds } = response[goal]
  const percentAllowed = kinds.includes('DISCOUNT') ? (policy.maxDiscountPercent ?? 0) : 0
  const creditAllowed = kinds.includes('CREDIT') ? (policy.maxCompensation ?? 0) : 0
  const discounts = percents
    .filter((percent) => percent <= percentAllowed)
    .map((percent): Candidate => ({
      kind: 'DISCOUNT',
      percent,
      amount: null,
      worth: (averageOrderValue * percent) / 100,
    }))
  const credits = creditShares
    .map((share) => Math.floor(averageOrderValue * share * 100) / 100)
    .filter((amount) => amount > 0 && amount <= creditAllowed)
    .map((amount): Candidate => ({ kind: 'CREDIT', percent: null, amount, worth: amount }))
  // Of equal cost a credit comes first: it says sorry, a discount asks for an order.
  return [...credits, ...discounts]
}

function weigh({ kind, percent, amount, worth }: Candidate, input: OfferInput): Offer {
  const { goal, churn, ltv, averageOrderValue, discountShare, margin = usualMargin } = input
  const strength = 1 - Math.exp(-worth / Math.max(1e-9, averageOrderValue) / scale)
  const moved = response[goal].reach * strength * (0.5 + discountShare)
  const stays = goal === 'UPSELL' ? 1 - churn : Math.min(1, 1 - churn + churn * moved)
  // LTV already counts on those who stay: the spend of one who does is ltv / (1 − churn), never taken above ten times that.
  const gained = goal === 'UPSELL' ? ltv * moved : (churn * moved * ltv) / Math.max(0.1, 1 - churn)
  const expectedCost = cents(worth * stays)
  const expectedValue = cents(gained * margin - worth * stays)
  const what = kind === 'DISCOUNT' ? `${percent} % off the next order` : `A credit of ${(amount ?? 0).toFixed(2)}`
  return {
    kind,
    percent,
    amount,
    expectedCost,
    expectedValue,
    explanation: `${what} is expected to cost ${expectedCost.toFixed(2)} and to earn ${expectedValue.toFixed(2)} beyond that; the cheapest that earns anything.`,
  }
}

const cents = (amount: number): number => Math.round(amount * 100) / 100

function check({ churn, ltv, averageOrderValue, discountShare, margin = usualMargin, policy }: OfferInput): void {
  const shares = { churn, discountShare, margin }
  for (const [name, share] of Object.entries(shares))
    if (!(share >= 0 && share <= 1)) throw codedError('BAD_USER_INPUT', `${name} is between 0 and 1, not ${share}.`)
  const { maxDiscountPercent, maxCompensation } = policy
  const amounts = {
    ltv,
    averageOrderValue,
    maxDiscountPercent: maxDiscountPercent ?? 0,
    maxCompensation: maxCompensation ?? 0,
  }
  for (const [name, amount] of Object.entries(amounts))
    if (!(amount >= 0 && amount < Infinity)) throw codedError('BAD_USER_INPUT', `${name} is no amount: ${amount}.`)
}
