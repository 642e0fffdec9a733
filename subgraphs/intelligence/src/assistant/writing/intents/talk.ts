import type { Planner } from '../plan.ts'
import { stateOf } from '../order-state.ts'

export const productQuestion: Planner = ({ item }, pen) => ({
  topic: null,
  needsOrder: false,
  confidence: item ? 0.4 : 0.35,
  facts: [],
  next: item
    ? [
        pen.either(
          pen.must`I will check that for the ${item} and tell you here.`,
          pen.must`I want to give you a right answer on the ${item}, so I will check it with our product team and tell you here.`,
        ),
        pen.should`Is there anything else that you would like to know about it?`,
      ]
    : [
        pen.either(
          pen.must`I will check that with our product team and tell you here.`,
          pen.must`I want to give you a right answer, so I will check it with our product team and tell you here.`,
        ),
        pen.should`Could you tell me the name or the number of the product, so that I check the right one?`,
      ],
})

export const productRecommendation: Planner = ({ order, item, doubt }, pen) => {
  const bought = doubt === 'NO_ORDER' ? null : (item ?? order?.items)
  return {
    topic: null,
    needsOrder: false,
    confidence: 0.4,
    facts: [bought ? pen.should`Last time you chose the ${bought}, which tells me something about your taste.` : null],
    next: [
      pen.either(
        pen.must`What is it for, and what would you like to spend?`,
        pen.must`Could you tell me what it is for, and about how much you would like to spend?`,
      ),
      pen.should`I will then pick out a few things for you.`,
    ],
  }
}

export const account: Planner = (_, pen) => ({
  topic: 'your account',
  needsOrder: false,
  confidence: 0.55,
  facts: [],
  next: [
    pen.either(
      pen.must`Which email address is the account under, and what does the page say?`,
      pen.must`Could you tell me which email address the account is under, and what the page says when it does not work?`,
    ),
    pen.should`Please never send us your login details themselves.`,
  ],
})

export const feedback: Planner = ({ heard }, pen) => ({
  ...(heard.isUpset ? { trouble: 'your experience with us', isOurs: true } : {}),
  topic: 'your feedback',
  needsOrder: false,
  confidence: 0.65,
  facts: [
    pen.either(
      pen.must`I will pass on what you wrote.`,
      pen.must`I will pass on what you wrote to those who can do something about it.`,
    ),
  ],
  next: [
    heard.isUpset
      ? pen.either(
          pen.must`What would put it right for you?`,
          pen.must`Could you tell me what would put it right for you?`,
        )
      : pen.should`If there is anything that we could do better still, please tell me.`,
  ],
})

export const thanks: Planner = (_, pen) => ({
  topic: null,
  needsOrder: false,
  confidence: 0.85,
  facts: [pen.oneOf('thanks', [pen.must`You are very welcome.`, pen.must`It was a pleasure to help.`])],
  next: [pen.should`If anything else comes up, just reply here.`],
})

export const other: Planner = ({ order, situation }, pen) => ({
  topic: null,
  needsOrder: false,
  confidence: 0.25,
  facts: [order && situation.isOrderNamed ? stateOf(order, pen) : null],
  next: [
    pen.either(
      pen.must`Could you tell me a little more about what you need?`,
      pen.must`So that I can help you with the right thing, could you tell me a little more about what you need?`,
    ),
  ],
})
