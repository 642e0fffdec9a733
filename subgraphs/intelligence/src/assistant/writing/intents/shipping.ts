import type { Sentence } from '../../written.ts'
import type { Planner } from '../plan.ts'
import { ruleOf } from '../policies.ts'
import { stateOf, trackingOf } from '../order-state.ts'
import type { Stage } from '../order-facts.ts'
import type { Matter } from '../matter.ts'
import type { Pen } from '../pen.ts'
import { whichOrder } from './which-order.ts'

export const shippingStatus: Planner = (matter, pen) => ({
  topic: 'your delivery',
  needsOrder: true,
  confidence: 0.9,
  facts: where(matter, pen),
  next: [whichOrder(matter, pen), matter.order && whatNow(matter, pen)],
  more: [rule(matter, pen)],
})

export const shippingDelay: Planner = (matter, pen) => ({
  trouble: 'the wait for your delivery',
  topic: 'your delivery',
  isOurs: matter.order !== null && !over.has(matter.order.stage),
  needsOrder: true,
  confidence: 0.85,
  facts: where(matter, pen),
  next: [whichOrder(matter, pen), matter.order && whatNow(matter, pen)],
  more: [rule(matter, pen)],
})

const over = new Set<Stage>(['DELIVERED', 'RETURNED', 'CANCELLED'])

const where = (matter: Matter, pen: Pen) =>
  matter.order ? [stateOf(matter.order, pen), trackingOf(matter.order, pen, matter.wasTold)] : []

const rule = ({ situation, order }: Matter, pen: Pen) => {
  const words = order?.stage === 'WAITING' ? ruleOf(situation, ['SHIPPING']) : null
  return words && pen.may`Our shipping policy: ${words}`
}

function whatNow({ order }: Matter, pen: Pen) {
  switch (order?.stage) {
    case 'DELIVERED':
      return pen.either(
        pen.must`Not with you? Please check with neighbours and tell me.`,
        pen.must`If it is not with you, please look around the entrance and ask your neighbours, and tell me: I will then take it up with the carrier.`,
      )
    case 'MOVING':
      return pen.either(
        pen.may`I am here if it stops moving.`,
        pen.should`If it stops moving, just reply here and I will take it up with the carrier.`,
      )
    case 'HELD_UP':
      return pen.either(
        pen.must`I will ask the carrier what is holding it up.`,
        pen.must`I will ask the carrier what is holding it up, and tell you here what they say.`,
      )
    case 'WAITING':
    case 'SENT':
      return pen.either(
        pen.should`I will ask the warehouse and tell you here.`,
        pen.should`I will ask our warehouse where it stands, and tell you here what I hear.`,
      )
    case 'CANCELLED':
    case 'RETURNED':
      return pen.either(
        pen.should`Is that not what you expected? Please tell me.`,
        pen.should`If that is not what you expected, please tell me, and I will look into how it came about.`,
      )
    case undefined:
      return null
  }
}

export const shippingAddress: Planner = (matter, pen) => ({
  topic: 'the delivery address',
  needsOrder: true,
  confidence: 0.75,
  facts: matter.order ? [stateOf(matter.order, pen)] : [],
  next: [whichOrder(matter, pen), ...redirect(matter, pen)],
})

function redirect({ order, heard }: Matter, pen: Pen): (Sentence | null | false)[] {
  if (order && order.stage !== 'WAITING')
    return order.stage === 'MOVING' || order.stage === 'HELD_UP' || order.stage === 'SENT'
      ? [
          pen.either(
            pen.must`I will ask the carrier whether it can be redirected.`,
            pen.must`As it has left us, only the carrier can redirect it; I will ask them whether that is still possible.`,
          ),
          !heard.hasAddress && { ...askAddress(pen), importance: pen.channel === 'SMS' ? 2 : 1 },
        ]
      : [
          pen.either(
            pen.must`Its address can no longer be changed, I am sorry.`,
            pen.must`The address of this order can no longer be changed, I am sorry.`,
          ),
        ]
  return [
    heard.hasAddress
      ? pen.either(
          pen.must`Thank you, I will ask the warehouse to use the new address.`,
          pen.must`I have the new address from your message, and will ask our warehouse to use it for this order.`,
        )
      : askAddress(pen),
    order && pen.may`I will tell you here once the warehouse has answered.`,
  ]
}

const askAddress = (pen: Pen) =>
  pen.either(
    pen.must`What is the full new address, with postcode?`,
    pen.must`Could you send me the full new address, with name, street, postcode, city and country?`,
  )

export const shippingPolicy: Planner = (matter, pen) => {
  const words = ruleOf(matter.situation, ['SHIPPING'], pen.isShort ? 1 : 3)
  return {
    topic: 'our shipping',
    needsOrder: false,
    confidence: words ? 0.75 : 0.35,
    facts: words ? [pen.either(pen.must`${words}`, pen.must`This is how we ship: ${words}`)] : [],
    next: [
      words
        ? pen.should`If you tell me what you have in mind and where it is to go, I will look up the details for you.`
        : pen.must`Could you tell me where it is to go and what you would like to order, so that I can look up the options?`,
    ],
  }
}
