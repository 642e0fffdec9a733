import type { Planner } from '../plan.ts'
import type { Matter } from '../matter.ts'
import type { Pen } from '../pen.ts'
import { stateOf } from '../order-state.ts'
import { ruleOf } from '../policies.ts'
import { whichOrder } from './which-order.ts'

export const refundRequest: Planner = (matter, pen) => {
  const { order, heard, situation } = matter
  const words = ruleOf(situation, ['REFUND', 'RETURN'])
  const isUnsent = order?.stage === 'WAITING'
  return {
    topic: 'your refund request',
    needsOrder: true,
    confidence: words ? 0.75 : 0.6,
    facts: order ? [order.refunded ? refunded(matter, pen) : stateOf(order, pen)] : [],
    next: [
      whichOrder(matter, pen),
      order &&
        !order.refunded &&
        pen.either(
          pen.must`I will put your request forward.`,
          isUnsent
            ? pen.must`I will ask our warehouse to stop it, and put your refund request forward.`
            : pen.must`I will put your refund request forward and tell you here what comes of it.`,
        ),
      words && pen.should`Our policy: ${words}`,
      order &&
        !order.refunded &&
        !isUnsent &&
        !heard.hasPhoto &&
        pen.either(
          pen.should`What went wrong with it?`,
          pen.should`Could you tell me which item it is about and what is wrong with it?`,
        ),
    ],
  }
}

export const refundStatus: Planner = (matter, pen) => {
  const { order, situation } = matter
  const words = ruleOf(situation, ['REFUND'])
  return {
    topic: 'your refund',
    needsOrder: true,
    confidence: order?.refunded ? 0.85 : 0.6,
    facts: order ? [refunded(matter, pen), !order.refunded && order.stage === 'RETURNED' && stateOf(order, pen)] : [],
    next: [
      whichOrder(matter, pen),
      words && pen.should`Our policy: ${words}`,
      order &&
        (order.refunded
          ? pen.may`If you do not see it on your statement, please tell me how you paid, and I will trace it.`
          : pen.either(
              pen.must`I will ask our payments team.`,
              pen.must`I will ask our payments team where it stands, and tell you here what they say.`,
            )),
    ],
  }
}

const refunded = ({ order }: Matter, pen: Pen) => {
  if (!order) return null
  const { name, refunded, holding, status } = order
  if (refunded)
    return pen.either(
      pen.must`A refund of ${refunded} is recorded for your ${name}.`,
      pen.must`Our records show a refund of ${refunded} for your ${name}${holding}.`,
    )
  return pen.either(
    pen.must`No refund is recorded yet for your ${name}.`,
    pen.must`Our records show your ${name}${holding} as ${status}, and no refund for it yet.`,
  )
}

export const payment: Planner = ({ order, doubt, ...matter }, pen) => ({
  topic: 'your payment',
  needsOrder: true,
  confidence: 0.55,
  facts: order
    ? [
        pen.either(
          pen.must`Your ${order.name} came to ${order.total}.`,
          pen.must`Your ${order.name}${order.dated} came to ${order.total}, and is recorded as ${order.status}.`,
        ),
      ]
    : [],
  next: [
    whichOrder({ order, doubt, ...matter }, pen),
    pen.either(
      pen.must`Which date and amount does your statement show?`,
      pen.must`Could you tell me the date and the amount that your statement shows, and how you paid?`,
    ),
    pen.should`Please never send us your full card details.`,
  ],
})

export const discount: Planner = ({ discount, order }, pen) => ({
  topic: null,
  needsOrder: false,
  confidence: discount ? 0.75 : 0.55,
  facts: discount
    ? [
        pen.either(
          pen.must`I can offer you ${discount} off your next order.`,
          pen.must`I am glad to tell you that I can offer you ${discount} off your next order.`,
        ),
      ]
    : [pen.must`I have no code to give you at the moment, I am sorry.`],
  next: [
    discount
      ? pen.either(pen.must`Shall I set up a code for you?`, pen.must`Would you like me to set up a code for you?`)
      : pen.either(
          pen.should`Is there anything I can help you choose?`,
          pen.should`If you tell me what you have in mind, I will gladly help you find what suits you best.`,
        ),
    !discount && order && pen.may`If a code did not work for you, please tell me what the page said.`,
  ],
})
