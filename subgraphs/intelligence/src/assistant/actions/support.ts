import { sayDay, sayGiven, sayMoney, sayNth } from '../texts/say.ts'
import type { Rule } from './advice.ts'
import {
  atMost,
  daysBetween,
  intentOf,
  isUnanswered,
  isUnhappy,
  moodOf,
  openParcels,
  orderMeant,
  policiesOf,
  promisesOf,
  tightest,
  timesAsked,
} from './facts.ts'

/** Intents in words. */
const matters: Record<string, string> = {
  order_cancel: 'cancelling an order',
  order_change: 'changing an order',
  order_damaged: 'something that arrived damaged',
  order_wrong: 'the wrong item',
  order_missing: 'something that is missing',
  shipping_delay: 'a late delivery',
  shipping_address: 'the delivery address',
  shipping_policy: 'how things are delivered',
  shipping_status: 'where their order is',
  refund_request: 'a refund',
  refund_status: 'where their refund is',
  return_request: 'sending something back',
  return_status: 'where their return is',
  exchange: 'an exchange',
  product_question: 'a product',
  product_recommendation: 'what to buy',
  discount: 'a discount',
  payment: 'a payment',
  account: 'their account',
  feedback: 'what they think',
}
const faults = new Set(['order_damaged', 'order_wrong', 'order_missing'])
const needOrder = new Set([
  ...faults,
  ...['order_cancel', 'order_change', 'shipping_delay', 'shipping_status', 'shipping_address'],
  ...['refund_request', 'refund_status', 'return_request', 'return_status', 'exchange'],
])
const travelling = new Set(['shipping_delay', 'shipping_status', 'order_missing'])
const hourMs = 3_600_000

export const answer: Rule = (situation) => {
  const last = situation.turns.at(-1)
  if (!last || !isUnanswered(situation)) return null
  const matter = matters[intentOf(situation) ?? '']
  const hours = Math.floor((situation.now.getTime() - last.createdAt.getTime()) / hourMs)
  const waiting =
    hours >= 1 ? ` They have waited for ${hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`}.` : ''
  return {
    ...{ kind: 'answer', step: 'ASKED', cost: null },
    action: matter ? `Answer now: they ask about ${matter}.` : 'Answer now.',
    reasoning: `The last word is the customer’s, and the ticket is ${situation.priority.toLowerCase()}.${waiting}`,
    confidence: situation.triage?.intent?.confidence ?? 0.7,
  }
}

export const ask: Rule = (situation) => {
  if (!isUnanswered(situation) || !needOrder.has(intentOf(situation) ?? '') || orderMeant(situation)) return null
  const count = situation.orders.length
  return {
    ...{ kind: 'ask', step: 'ASKED', cost: null, confidence: 0.8 },
    action: 'Ask which order it is about.',
    reasoning:
      count === 0 ? 'No order of theirs is known.' : `${count} orders of theirs may be meant, and none is named.`,
  }
}

export const replace: Rule = (situation) => {
  const order = orderMeant(situation)
  if (!faults.has(intentOf(situation) ?? '') || !order || order.status === 'CANCELLED') return null
  const policies = policiesOf(situation, 'REFUND', 'RETURN', 'COMPENSATION')
  if (policies.length === 0) return null
  const limit = tightest(policies, 'maxCompensation')
  const isWithin = limit === null || Number(order.total.amount) <= limit
  return {
    ...{ kind: 'replace', step: 'ASKED', cost: order.total, confidence: isWithin ? 0.75 : 0.5 },
    action: `Apologise, and replace what is wrong with order ${sayGiven(order.externalId)}.`,
    reasoning: isWithin
      ? `At most the order’s ${sayMoney(order.total)}, ${limit === null ? 'and the policies set no limit' : 'which the policies allow'}.`
      : `The whole order is ${sayMoney(order.total)}, above the policies’ ${sayMoney(atMost(order.total, limit))}: replace less, or have it allowed.`,
  }
}

export const refund: Rule = (situation) => {
  const intent = intentOf(situation)
  const order = orderMeant(situation)
  const policies = policiesOf(situation, 'REFUND', 'RETURN')
  if ((intent !== 'refund_request' && intent !== 'return_request') || !order || policies.length === 0) return null
  const open = Number(order.total.amount) - Number(order.refunded?.amount ?? 0)
  if (open <= 0) return null
  const whole = { amount: open.toFixed(2), currencyCode: order.total.currencyCode }
  const cost = atMost(whole, tightest(policies, 'maxCompensation'))
  return {
    ...{ kind: 'refund', step: 'ASKED', cost, confidence: 0.7 },
    action: `Refund order ${sayGiven(order.externalId)} within the policy: at most ${sayMoney(cost)}.`,
    reasoning: `They ask for it; placed ${daysBetween(order.placedAt, situation.now)} days ago. Policy: ${sayGiven(policies[0]?.text ?? '')}`,
  }
}

export const credit: Rule = (situation, { offers: { compensate } }) => {
  const isOurFault = faults.has(intentOf(situation) ?? '') || promisesOf(situation).overdue.length > 0
  if (!compensate || !(isOurFault || isUnhappy(situation)) || situation.turns.length === 0) return null
  const what = compensate.amount
    ? `a credit of ${sayMoney(compensate.amount)}`
    : `${compensate.percent}% off the next order`
  return {
    ...{ kind: 'credit', step: 'RISK', cost: compensate.expectedCost, confidence: 0.5 },
    action: `Once it is settled, offer ${what} as an apology.`,
    reasoning: compensate.explanation,
  }
}

export const confirmDelivery: Rule = (situation) => {
  const [parcel] = openParcels(situation)
  if (!parcel || !(travelling.has(intentOf(situation) ?? '') || situation.turns.length === 0)) return null
  const { order, shipment } = parcel
  const days = daysBetween(shipment.updatedAt, situation.now)
  if (situation.turns.length === 0 && days < quietDays) return null
  const name = [shipment.carrier, shipment.trackingNumber].flatMap((part) => (part ? [sayGiven(part)] : [])).join(' ')
  return {
    ...{ kind: 'confirm_delivery', step: 'ASKED', cost: null, confidence: 0.7 },
    action: `Find out where the parcel of order ${sayGiven(order.externalId)} is${name ? ` (${name})` : ''}.`,
    reasoning: `Its last word was “${sayGiven(shipment.status)}” on ${sayDay(shipment.updatedAt)}, ${days} days ago.`,
  }
}
/** A parcel that nobody asks about is looked after from here on. */
const quietDays = 7

export const escalate: Rule = (situation) => {
  const times = timesAsked(situation)
  const isHard = (situation.triage?.difficulty ?? 0) >= 0.7
  if (situation.turns.length === 0 || !(times >= 3 || (isHard && (situation.isVip || isUnhappy(situation)))))
    return null
  return {
    ...{ kind: 'escalate', step: 'ASKED', cost: null, confidence: times >= 3 ? 0.7 : 0.5 },
    action: 'Hand it to somebody senior who can settle it for good.',
    reasoning:
      times >= 3
        ? `It is the ${sayNth(times)} contact about such a matter.`
        : `It is hard to solve, and the customer is ${situation.isVip ? 'a VIP' : 'unhappy'}.`,
  }
}

export const call: Rule = (situation) => {
  const mood = moodOf(situation)
  const written = situation.turns.filter(({ fromAgent }) => !fromAgent).length
  if (situation.channel === 'PHONE' || mood === null || mood >= 0.25) return null
  if (!(situation.isVip || situation.customer?.isHighValue || written >= 3)) return null
  return {
    ...{ kind: 'call', step: 'RISK', cost: null, confidence: 0.6 },
    action: 'Call instead of writing.',
    reasoning: `They sound very unhappy (${mood.toFixed(2)} of 1)${written >= 3 ? ` and have written ${written} times` : ' and are worth the time'}.`,
  }
}

export const followUp: Rule = (situation) => {
  const [promise] = promisesOf(situation).coming
  if (!promise) return null
  return {
    ...{ kind: 'follow_up', step: 'RISK', cost: null, confidence: 0.8 },
    action: `Follow up by ${sayDay(promise.dueAt)}.`,
    reasoning: `It was promised: “${sayGiven(promise.text)}”`,
  }
}
