import { framesFor } from '../limits/frame.ts'
import { usualTone } from '../limits/limits.ts'
import { renderIn } from '../limits/render.ts'
import type { Channel } from '../situation.ts'
import type { Message } from '../written.ts'
import { choiceOf } from './choice.ts'
import { ideas, type Idea } from './campaign-ideas.ts'
import { penFor } from './pen.ts'

/** What a campaign is for; as OfferGoal in the schema. */
export type Objective = keyof typeof ideas

export type CampaignRequest = {
  archetype: { name: string; description: string; traits: readonly string[] }
  objective: Objective
  channel: Channel
  /** 1 to 5 */
  variants: number
  brand?: string | null
}

type Hint = { said: RegExp; when: readonly Objective[]; text: string }
const hint = (said: RegExp, when: readonly Objective[], text: string): Hint => ({ said, when, text })
const choosing: readonly Objective[] = ['UPSELL', 'WIN_BACK']

/** What matters to people like these, by words of their archetype: the first that fits is said. The archetype is never named to them. */
const hints: readonly Hint[] = [
  hint(
    /\b(?:new|newcomer|one.time|first|settling)\b/i,
    [...choosing, 'RETAIN'],
    'If anything about ordering or delivery is unclear, we are glad to explain.',
  ),
  hint(/\breturn\w{0,4}\b/i, choosing, 'If you are unsure about a size or a detail, ask us before you order.'),
  hint(
    /\b(?:deal|discount|price|budget|bargain|coupon)\w{0,3}\b/i,
    choosing,
    'Tell us your budget, and we will look for what fits it.',
  ),
  hint(
    /\b(?:premium|whale|quality|full.price|high.value)\b/i,
    choosing,
    'If you want something special, we take the time to find it.',
  ),
  hint(
    /\b(?:loyal|devoted|veteran|regular|frequent|power)\b/i,
    ['RETAIN', 'COMPENSATE'],
    'What you think of us matters: tell us openly.',
  ),
]

/** Messages to all of an archetype, each of its own idea; {{name}}, and {{brand}} where it is not given, are for the sender to fill. */
export function campaignTexts({ archetype, objective, channel, variants, brand }: CampaignRequest): Message[] {
  const all = ideas[objective]
  const first = choiceOf(`${archetype.name} ${objective}`, all.length)
  const count = Math.min(Math.max(Math.trunc(variants), 1), all.length)
  return Array.from({ length: count }, (_, nth) =>
    textOf(all[(first + nth) % all.length]!, hintFor(archetype, objective), channel, brand?.trim() || '{{brand}}'),
  )
}

function hintFor(
  { name, description, traits }: CampaignRequest['archetype'],
  objective: Objective,
): string | undefined {
  const words = [name, ...traits, description].join(' ').slice(0, 2_000)
  return hints.find(({ said, when }) => when.includes(objective) && said.test(words))?.text
}

function textOf(
  { opening, reason, ask, isApart }: Idea,
  hint: string | undefined,
  channel: Channel,
  brand: string,
): Message {
  const tone = usualTone(channel)
  const pen = penFor({ tone, length: 'LONG' }, channel, '')
  const paragraphs = [
    [pen.must`${opening}`, pen.may`${reason}`],
    [...(hint && !isApart ? [pen.may`${hint}`] : []), pen.must`${ask}`],
  ]
  const sender = { channel, name: '{{name}}', agentName: null, brand, signature: null }
  const message = renderIn(framesFor(sender, tone), { paragraphs }, channel)
  if (!message) throw new Error(`An idea is too long for ${channel}: ${opening}`)
  return message
}
