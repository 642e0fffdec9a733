import type { OrderFact, Situation } from '../situation.ts'

/** What the customer has told already, so that nobody asks for it again. Read as data: none of it is repeated. */
export type Heard = {
  hasPhoto: boolean
  hasAddress: boolean
  /** a number of an order that we do not have */
  hasUnknownNumber: boolean
  wants: 'MONEY' | 'REPLACEMENT' | null
  /** the line of the order that they name */
  item: OrderFact['items'][number] | null
  /** had to ask more than once */
  isRepeated: boolean
  /** one of us wrote before */
  isOngoing: boolean
  isUpset: boolean
  /** the last word was ours */
  isAnswered: boolean
}

const photo = /\b(?:photos?|pictures?|pics?|images?|screenshots?|attached|attachment)\b/i
const noPhoto =
  /\b(?:like|than|in|on) the (?:picture|photo|image)s?\b|\b(?:no|not|can't|cannot) (?:\w+ ){0,3}(?:photo|picture)/gi
const replacement = /\breplac\w{1,7}\b|\bnew one\b|\bsend (?:me )?another\b|\bexchange\b|\bswap\b/i
const money = /\brefund\w{0,3}\b|\bmoney back\b|\breimburs\w{1,7}\b/i
const chasing =
  /\bstill (?:no|not|have|waiting|nothing)\b|\bany (?:news|updates?)\b|\bagain\b|\b(?:have ?n[o'’]t|did ?n[o'’]t) (?:heard|hear|receive|get)\b|\bwaiting\b|\bhello\?/i
const mostRead = 4_000

export function heardIn({ turns, triage, orders, isOrderNamed, sentiment }: Situation): Heard {
  const texts = turns.filter(({ fromAgent }) => !fromAgent).map(({ content }) => content.slice(0, mostRead))
  const all = texts.join('\n')
  const words = texts.at(-1) ?? ''
  const feeling = sentiment ?? triage?.sentiment.score ?? 0.5
  const names = (kind: string) => triage?.entities.some((entity) => entity.kind === kind) ?? false
  const tags = new Set(triage?.tags.map(({ label }) => label))
  return {
    hasPhoto: photo.test(all.replace(noPhoto, ' ')),
    hasAddress: names('ADDRESS'),
    hasUnknownNumber: names('ORDER_NUMBER') && !isOrderNamed,
    wants: replacement.test(words) ? 'REPLACEMENT' : money.test(words) ? 'MONEY' : null,
    item:
      orders[0]?.items.find(({ title }) => title.length > 3 && all.toLowerCase().includes(title.toLowerCase())) ?? null,
    isRepeated: tags.has('repeat-contact') || (texts.length > 1 && chasing.test(words)),
    isOngoing: turns.some(({ fromAgent }) => fromAgent),
    isUpset: feeling < 0.3,
    isAnswered: turns.at(-1)?.fromAgent ?? false,
  }
}
