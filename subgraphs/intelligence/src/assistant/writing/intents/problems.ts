import type { Matter } from '../matter.ts'
import type { Pen } from '../pen.ts'
import type { Plan, Planner } from '../plan.ts'
import { ruleOf } from '../policies.ts'
import { stateOf } from '../order-state.ts'
import { whichOrder } from './which-order.ts'

const problem = (matter: Matter, pen: Pen): Pick<Plan, 'isOurs' | 'isOfArrived' | 'needsOrder' | 'more'> => {
  const words = ruleOf(matter.situation, ['RETURN', 'REFUND'])
  return {
    isOurs: true,
    isOfArrived: true,
    needsOrder: true,
    more: [words && pen.may`For your information, our policy: ${words}`],
  }
}

export const orderDamaged: Planner = (matter, pen) => ({
  ...problem(matter, pen),
  trouble: matter.item ? 'the damage' : 'the damage to your order',
  topic: 'the damage',
  confidence: 0.8,
  facts: [contents(matter, pen)],
  next: [
    whichOrder(matter, pen),
    ...remedy(matter, pen),
    !matter.item && matter.order && matter.order.items && pen.should`Which item is it?`,
    !matter.heard.hasPhoto &&
      pen.either(
        pen.must`Please send a photo of the damage.`,
        pen.must`Could you send me a photo of the damage and one of the packaging?`,
      ),
    matter.heard.hasPhoto && pen.should`Thank you for the photo, I will pass it on with your case.`,
  ],
})

export const orderWrong: Planner = (matter, pen) => ({
  ...problem(matter, pen),
  trouble: 'the mix-up with your order',
  topic: 'the mix-up',
  confidence: 0.8,
  facts: [contents(matter, pen)],
  next: [
    whichOrder(matter, pen),
    ...remedy(matter, pen),
    matter.heard.hasPhoto
      ? pen.should`Thank you for the photo, I will pass it on with your case.`
      : pen.either(
          pen.must`Please send a photo of what you got.`,
          pen.must`Could you tell me what you received instead, with a photo of it and of its label?`,
        ),
    pen.may`Please leave it unused and in its packaging until we have settled how it comes back to us.`,
  ],
})

export const orderMissing: Planner = (matter, pen) => ({
  ...problem(matter, pen),
  trouble: 'the missing item',
  topic: 'the missing item',
  confidence: 0.75,
  facts: [contents(matter, pen), ...openParcels(matter, pen)],
  next: [
    whichOrder(matter, pen),
    !matter.item && pen.either(pen.must`Which item is missing?`, pen.must`Could you tell me which item is missing?`),
    ...remedy(matter, pen),
    pen.may`A photo of the box and of the packing slip helps me to find out where it got lost.`,
  ],
})

/** What the order holds, so that it is clear what is spoken of. */
function contents({ order, item }: Matter, pen: Pen) {
  if (!order || pen.isShort) return null
  const { name, items, dated } = order
  if (item) return pen.must`I have your ${name}${dated} with the ${item} in front of me.`
  if (!items) return pen.must`I have your ${name}${dated} in front of me.`
  return pen.must`I have your ${name}${dated} in front of me: ${items}.`
}

/** A part of it may still be travelling. */
const openParcels = ({ order }: Matter, pen: Pen) =>
  order && order.parcels.length > 1 && order.parcels.some(({ isDelivered }) => !isDelivered)
    ? [stateOf(order, pen)]
    : []

/** What would put it right; to somebody who may leave the quick one first. */
function remedy({ heard, care, order }: Matter, pen: Pen) {
  if (!order) return []
  if (heard.wants === 'REPLACEMENT')
    return [
      pen.either(
        pen.must`I will ask for a replacement for your ${order.name}.`,
        pen.must`You would like a replacement: I will put that forward for you and tell you here what comes of it.`,
      ),
    ]
  if (heard.wants === 'MONEY')
    return [
      pen.either(
        pen.must`I will put forward your refund request for ${order.name}.`,
        pen.must`You would like your money back: I will put that forward for you and tell you here what comes of it.`,
      ),
    ]
  return [
    care.isAboutToLeave && !pen.isShort && pen.should`I will treat this with priority.`,
    pen.either(
      pen.must`For your ${order.name}, would you prefer a replacement or your money back?`,
      pen.must`To put it right, would you prefer a replacement or your money back?`,
    ),
  ]
}
