import { sayGiven, sayShare } from '../texts/say.ts'
import type { PossibleOffer, Rule } from './advice.ts'
import { intentOf, isLikelyToLeave, isUnanswered, isUnhappy, moodOf } from './facts.ts'

const isLapsed = (lifecycle: string | null | undefined) => lifecycle === 'LAPSED' || lifecycle === 'AT_RISK'
const sayOffer = ({ percent }: PossibleOffer) => `${percent}% off the next order`

export const discount: Rule = (situation, { scenario, offers: { retain } }) => {
  const isAsked = intentOf(situation) === 'discount'
  if (scenario === 'MARKETING_CAMPAIGN' || !retain || !(isAsked || isLikelyToLeave(situation))) return null
  return {
    ...{ kind: 'discount', step: isAsked ? 'ASKED' : 'RISK', cost: retain.expectedCost, confidence: 0.5 },
    action: `${isUnhappy(situation) ? 'Once their matter is settled, offer' : 'Offer'} ${sayOffer(retain)}.`,
    reasoning: retain.explanation,
  }
}

export const winBack: Rule = (situation, { scenario, offers: { winBack: offer } }) => {
  const { customer, goal } = situation
  const isWanted = goal === 'WIN_BACK' || (scenario !== 'SUPPORT_TICKET' && isLapsed(customer?.lifecycle))
  if (!isWanted || !customer || isUnhappy(situation)) return null
  const days = customer.daysSinceLastPurchase
  const silence = days === null ? 'They have not bought yet.' : `Their last purchase was ${days} days ago.`
  const why = offer
    ? offer.explanation
    : 'No offer is allowed, or none is expected to earn more than it costs: write without one.'
  return {
    ...{ kind: 'win_back', step: 'RISK', cost: offer?.expectedCost ?? null, confidence: 0.5 },
    action: `Write to win them back${offer ? `, with ${sayOffer(offer)}` : ''}.`,
    reasoning: `${silence} ${why}`,
  }
}

export const crossSell: Rule = (situation, { scenario, product, offers: { upsell } }) => {
  const isWanted = situation.goal === 'UPSELL' || scenario !== 'SUPPORT_TICKET'
  if (!product || !isWanted || isUnhappy(situation)) return null
  return {
    ...{ kind: 'cross_sell', step: 'CHANCE', cost: upsell?.expectedCost ?? null, confidence: 0.5 },
    action: `Suggest ${sayGiven(product.title)}${upsell ? `, with ${sayOffer(upsell)}` : ''}.`,
    reasoning: product.explanation,
  }
}

export const thank: Rule = (situation) => {
  const { customer, isVip } = situation
  const isLoyal = customer?.lifecycle === 'LOYAL' || isVip
  if (!isLoyal || isUnhappy(situation) || isUnanswered(situation)) return null
  return {
    ...{ kind: 'thank', step: 'CHANCE', cost: null, confidence: 0.6 },
    action: 'Thank them for their loyalty.',
    reasoning: isVip ? 'They are a VIP.' : `They have placed ${customer?.orders} orders and stay with you.`,
  }
}

export const survey: Rule = (situation) => {
  const mood = moodOf(situation)
  const isThanking = intentOf(situation) === 'thanks' || intentOf(situation) === 'feedback'
  if (!(situation.goal === 'FOLLOW_UP' || isThanking) || isUnhappy(situation)) return null
  return {
    ...{ kind: 'survey', step: 'CHANCE', cost: null, confidence: 0.4 },
    action: 'Ask them how it went.',
    reasoning: mood === null ? 'Nothing is known of how they feel.' : `They sound content (${sayShare(mood)}).`,
  }
}
