import { framesOf } from '../limits/frame.ts'
import { renderIn } from '../limits/render.ts'
import type { Situation, Wish } from '../situation.ts'
import type { Generator, Written } from '../written.ts'
import { outreachOf } from './goals.ts'
import { intentOf, plannerOf } from './intents/table.ts'
import { judge, personalizationOf } from './judgement.ts'
import { matterOf } from './matter.ts'
import { penFor } from './pen.ts'
import { replyOf } from './reply.ts'

/** Writes from the situation alone, by rules: the same for the same situation and wish, in English, without a language model. */
export const builtIn: Generator = {
  name: 'built-in',
  write: async (situation, wish, options) => {
    options?.signal?.throwIfAborted()
    return write(situation, wish)
  },
}

export function write(situation: Situation, wish: Wish): Written {
  const pen = penFor(wish, situation.channel, seedOf(situation))
  const matter = matterOf(situation, pen)
  const { goal } = situation
  const intent = intentOf(situation.triage)
  const plan = goal === 'RESOLVE_SUPPORT_ISSUE' ? plannerOf(intent)(matter, pen) : outreachOf(goal, matter, pen)
  const answeredAs =
    goal === 'RESOLVE_SUPPORT_ISSUE'
      ? `Answers a message about "${intent.replaceAll('_', ' ')}".`
      : `Written to ${aims[goal]}.`
  const paragraphs = replyOf(plan, matter, pen, wish.length)
  const message = renderIn(framesOf(situation, wish.tone), { paragraphs }, situation.channel)
  if (!message) return holding(situation, wish)
  return {
    paragraphs,
    personalization: personalizationOf(plan, matter, message),
    ...judge(plan, matter, answeredAs),
  }
}

const aims = {
  NURTURE_LEAD: 'stay in touch',
  UPSELL: 'suggest what goes with what they have',
  WIN_BACK: 'bring them back',
  FOLLOW_UP: 'ask how it went',
}

/** The shortest reply that promises nothing and fits everywhere. */
export function holding({ channel, turns }: Situation, wish: Wish): Written {
  const pen = penFor(wish, channel, '')
  const thanks = turns.length > 0 && pen.must`Thank you for your message.`
  const line =
    turns.length > 0 ? pen.must`I am looking into it and will reply to you here.` : pen.must`How can I help you?`
  return {
    paragraphs: [thanks ? [thanks, line] : [line]],
    personalization: [],
    reasoning: 'What there is to say does not fit the channel: this only tells the customer that somebody is at it.',
    confidence: 0.2,
  }
}

/** What two conversations differ in. */
const seedOf = ({ turns, customer, orders }: Situation): string =>
  [turns[0]?.id, turns.length, customer?.id, orders[0]?.id].join(' ')
