import type { MessageGoal } from '../situation.ts'
import { daysBetween } from './dates.ts'
import type { Matter } from './matter.ts'
import type { Pen } from './pen.ts'
import type { Plan, Planner } from './plan.ts'

type Outreach = Exclude<MessageGoal, 'RESOLVE_SUPPORT_ISSUE'>

const base = { needsOrder: false, topic: null }
/** Before that nobody has been away. */
const awayDays = 45

const followUp: Planner = ({ order, doubt }, pen) => ({
  ...base,
  confidence: 0.75,
  facts: [
    order && doubt !== 'NUMBER_UNKNOWN'
      ? pen.either(
          pen.must`How did it go with your ${order.name}?`,
          pen.must`I wanted to ask how things went with your ${order.name}${order.dated}${order.holding}.`,
        )
      : pen.either(
          pen.must`Did everything work out?`,
          pen.must`I wanted to ask whether everything worked out for you.`,
        ),
  ],
  next: [pen.should`If anything is still open, just reply and I will take care of it.`],
})

const nurture: Planner = ({ situation }, pen) => ({
  ...base,
  confidence: 0.6,
  facts: [
    pen.either(
      pen.must`If you have a question about what we do, I am here.`,
      pen.must`I would like to help you find what suits you, without any obligation.`,
    ),
  ],
  next: [
    pen.either(
      pen.should`What are you looking for?`,
      pen.must`What are you looking for at the moment, and what matters most to you in it?`,
    ),
    situation.customer?.orders === 0 && pen.may`I can also tell you how delivery and returns work with us.`,
  ],
})

const upsell: Planner = (matter, pen) => ({
  ...base,
  confidence: matter.order ? 0.6 : 0.4,
  facts: [
    matter.order
      ? pen.either(
          pen.must`I hope you enjoy the ${bought(matter)}.`,
          pen.must`I hope that you enjoy the ${bought(matter)} from your ${matter.order.name}${matter.order.dated}.`,
        )
      : pen.must`I thought of you when I looked through what is new with us.`,
  ],
  next: [
    pen.either(
      pen.must`Shall I suggest what goes well with it?`,
      pen.must`Would you like me to pick out a few things that go well with it?`,
    ),
    off(matter, pen),
  ],
})

const winBack: Planner = (matter, pen) => ({
  ...base,
  confidence: 0.6,
  facts: [greetBack(matter, pen)],
  next: [
    off(matter, pen),
    pen.either(
      pen.should`Is there anything we could do better?`,
      pen.should`If there is anything that we could have done better, I would be grateful to hear it.`,
    ),
  ],
})

function greetBack({ order, situation }: Matter, pen: Pen) {
  const placedAt = situation.orders[0]?.placedAt
  if (!order || !placedAt) return pen.must`We would love to see you again.`
  const { name, dated, holding } = order
  if (daysBetween(placedAt, situation.now) < awayDays)
    return pen.either(
      pen.must`Thank you for your ${name}.`,
      pen.must`Thank you for your ${name}${dated}${holding}; we would love to see you again.`,
    )
  return pen.either(
    pen.must`It has been a while since your ${name}.`,
    pen.must`It has been a while since your ${name}${dated}${holding}, and we would love to see you again.`,
  )
}

const bought = ({ item, order }: Matter) => item ?? order?.items ?? 'your last order'

const off = ({ discount }: Matter, pen: Pen) =>
  discount && pen.should`I can offer you ${discount} off your next order, if you would like that.`

const outreach: Record<Outreach, Planner> = {
  FOLLOW_UP: followUp,
  NURTURE_LEAD: nurture,
  UPSELL: upsell,
  WIN_BACK: winBack,
}

/** What a message of its own says, where nobody asked for anything. */
export const outreachOf = (goal: Outreach, matter: Matter, pen: Pen): Plan => outreach[goal](matter, pen)
