import type { Sentence } from '../../written.ts'
import type { Planner } from '../plan.ts'
import type { Matter } from '../matter.ts'
import type { Pen } from '../pen.ts'
import { stateOf } from '../order-state.ts'
import { ruleOf } from '../policies.ts'
import { whichOrder } from './which-order.ts'

export const returnRequest: Planner = (matter, pen) => {
  const { order, item, situation } = matter
  const words = ruleOf(situation, ['RETURN', 'REFUND'], pen.channel === 'EMAIL' || pen.channel === 'FORM' ? 2 : 1)
  return {
    topic: 'your return',
    needsOrder: true,
    confidence: words ? 0.8 : 0.55,
    facts: [about(matter, pen), words && (pen.isShort ? pen.should`${words}` : pen.must`Our return policy: ${words}`)],
    next: [
      whichOrder(matter, pen),
      order &&
        !item &&
        pen.either(
          pen.must`Which item of your ${order.name} is to go back?`,
          pen.must`Could you tell me which item is to go back, and why?`,
        ),
      order &&
        pen.either(
          item ? pen.must`I will send you the steps for your ${item}.` : pen.may`I will then send you the steps.`,
          pen.should`I will send you the steps for the return here${item ? '' : ' as soon as I know'}.`,
        ),
    ],
  }
}

export const returnStatus: Planner = (matter, pen) => {
  const { order, situation } = matter
  const words = ruleOf(situation, ['REFUND', 'RETURN'])
  return {
    topic: 'your return',
    needsOrder: true,
    confidence: order?.stage === 'RETURNED' ? 0.8 : 0.6,
    facts: order
      ? [
          order.stage === 'RETURNED'
            ? stateOf(order, pen)
            : pen.must`Your ${order.name}${order.holding} is recorded as ${order.status}, and not yet as sent back.`,
          order.refunded && pen.should`A refund of ${order.refunded} is recorded for it.`,
        ]
      : [],
    next: [
      whichOrder(matter, pen),
      order &&
        order.stage !== 'RETURNED' &&
        pen.either(
          pen.must`What is the tracking number of your return?`,
          pen.must`Could you tell me the carrier and the tracking number of your return, so that I can look for it?`,
        ),
      words && pen.should`Our policy: ${words}`,
    ],
  }
}

export const exchange: Planner = (matter, pen) => {
  const { order, item, situation } = matter
  const words = ruleOf(situation, ['RETURN'])
  return {
    topic: 'your exchange',
    needsOrder: true,
    confidence: 0.7,
    facts: [about(matter, pen)],
    next: [
      whichOrder(matter, pen),
      order &&
        pen.either(
          pen.must`For your ${order.name}: which ${item ? 'size or colour' : 'item, size and colour'} would you like?`,
          item
            ? pen.must`Could you tell me which size or colour you would like instead?`
            : pen.must`Could you tell me which item is to be exchanged, and which size or colour you would like instead?`,
        ),
      order &&
        pen.either(
          pen.should`I will check whether we have it.`,
          pen.should`I will check whether we have it, and send you the steps here.`,
        ),
      words && pen.should`Our return policy: ${words}`,
    ],
  }
}

function about({ order, item }: Matter, pen: Pen): Sentence | null {
  if (!order) return null
  const { name, dated, holding } = order
  if (order.stage !== 'DELIVERED')
    return pen.channel === 'SMS' ? { ...stateOf(order, pen), importance: 2 } : stateOf(order, pen)
  if (pen.isShort) return null
  return item
    ? pen.must`This is about the ${item} of your ${name}${dated}.`
    : pen.must`This is about your ${name}${dated}${holding}.`
}
