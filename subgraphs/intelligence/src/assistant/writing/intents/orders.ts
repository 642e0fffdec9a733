import type { Planner } from '../plan.ts'
import type { Matter } from '../matter.ts'
import type { Pen } from '../pen.ts'
import { stateOf } from '../order-state.ts'
import { ruleOf } from '../policies.ts'
import { whichOrder } from './which-order.ts'

export const orderCancel: Planner = (matter, pen) => ({
  topic: 'your cancellation',
  needsOrder: true,
  confidence: 0.8,
  facts: matter.order ? [stateOf(matter.order, pen)] : [],
  next: [whichOrder(matter, pen), ...stop(matter, pen)],
})

export const orderChange: Planner = (matter, pen) => ({
  topic: 'the change to your order',
  needsOrder: true,
  confidence: 0.6,
  facts: matter.order ? [stateOf(matter.order, pen)] : [],
  next: [
    whichOrder(matter, pen),
    matter.order &&
      matter.order.stage === 'WAITING' &&
      pen.either(
        pen.must`I will ask the warehouse to hold it. What is to change?`,
        pen.must`I will ask our warehouse to hold it. Could you tell me exactly what is to change, item by item?`,
      ),
    matter.order &&
      matter.order.stage !== 'WAITING' &&
      pen.either(
        pen.must`It can no longer be changed; shall we look at a return?`,
        pen.must`At this point it can no longer be changed. Would a return or an exchange help you instead?`,
      ),
  ],
})

function stop({ order, situation }: Matter, pen: Pen) {
  const words = ruleOf(situation, ['RETURN', 'REFUND'])
  switch (order?.stage) {
    case 'WAITING':
      return [
        pen.either(
          pen.must`I will ask the warehouse to stop it and confirm here.`,
          pen.must`I will ask our warehouse to stop it, and confirm to you here as soon as I hear that it worked.`,
        ),
      ]
    case 'CANCELLED':
      return [
        order.refunded && pen.should`A refund of ${order.refunded} is recorded for it.`,
        pen.either(pen.may`Nothing more is needed.`, pen.should`There is nothing more that you need to do.`),
      ]
    case 'RETURNED':
      return [order.refunded && pen.should`A refund of ${order.refunded} is recorded for it.`]
    case 'SENT':
    case 'MOVING':
    case 'HELD_UP':
      return [
        pen.either(
          pen.must`It can no longer be stopped. Shall I help you return it?`,
          pen.must`As it has left us, it can no longer be stopped. Once it is with you, you can send it back, and I will gladly help with that.`,
        ),
        words && pen.should`Our return policy: ${words}`,
      ]
    case 'DELIVERED':
      return [
        pen.either(
          pen.must`Would you like to return it instead?`,
          pen.must`It can no longer be cancelled, but you can send it back. Shall I send you the steps?`,
        ),
        words && pen.should`Our return policy: ${words}`,
      ]
    case undefined:
      return []
  }
}
