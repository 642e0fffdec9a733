import type { Channel, Tone, Wish } from '../situation.ts'
import type { Cite, Sentence } from '../written.ts'
import { choiceOf } from './choice.ts'

/** Words of a record, and which record they are of. */
export type Fact = { text: string; cites: readonly Cite[] }
/** A string is our own words: whatever comes from a record is a fact. */
export type Slot = Fact | string
export type Phrase = (own: TemplateStringsArray, ...slots: readonly Slot[]) => Sentence

/** Writes sentences in a tone; each cites the records of the facts that were set into it. */
export type Pen = {
  tone: Tone
  channel: Channel
  /** few words: a text message, or a tone that wants it so */
  isShort: boolean
  /** says what nobody may leave out */
  must: Phrase
  should: Phrase
  may: Phrase
  /** the first where few words will do, else the second */
  either<T>(short: T, full: T): T
  /** one of several ways to say it, the same for the same conversation */
  oneOf<T>(key: string, ways: readonly [T, ...T[]]): T
}

const relaxed = new Set<Tone>(['FRIENDLY', 'CASUAL', 'CONVERSATIONAL'])
type Change = readonly [RegExp, string]
/** Nobody writes on the telephone. */
const spoken: readonly Change[] = [
  [/\btell you here\b/g, 'let you know'],
  [/\b(confirm to you|send you the steps for the return|send you the steps) here\b/g, '$1'],
  [/\bconfirm here\b/g, 'let you know'],
  [/\b(?:just )?reply here\b/g, 'just call us'],
  [/\bjust (?:write|reply)\b/g, 'just call'],
  [/\breply to you here\b/g, 'call you back'],
  [/\bfrom your message\b/g, 'from you'],
  [/\bwhat you wrote\b/g, 'what you told us'],
  [/\bin our last message\b/g, 'last time'],
  [/\bwrite again\b/g, 'contact us again'],
  [/\bfor writing\b/g, 'for getting in touch'],
  [/\bfor (?:your|the) message\b/g, 'for getting in touch'],
  [/\b(?:write to|message) me\b/g, 'call us'],
]
const contractions: readonly Change[] = [
  [/\b(I|you|we|they) (will)\b/gi, "$1'll"],
  [/\bI am\b/g, "I'm"],
  [/\bI have (?=\w+ed\b|found\b|seen\b|put\b)/g, "I've "],
  [/\b(you|we|they) are\b/gi, "$1're"],
  [/\b(it|that|there) is(?= (?!until\b)[a-z])/gi, "$1's"],
  [/\b(do|does|did|is|has|was|could|would) not\b/gi, "$1n't"],
  [/\bcannot\b/gi, "can't"],
  [/\bI would\b/g, "I'd"],
]

export function penFor({ tone, length }: Wish, channel: Channel, seed: string): Pen {
  const relaxes = relaxed.has(tone) ? contractions : []
  const changes = channel === 'PHONE' ? [...spoken, ...relaxes] : relaxes
  const voice = (text: string) => changed(text, changes)
  const phrase =
    (importance: Sentence['importance']): Phrase =>
    (own, ...slots) => {
      const text = own.map((part, at) => voice(part) + textOf(slots[at] ?? '', voice)).join('')
      return { text: capitalised(text), cites: uniqueCites(slots), importance }
    }
  const isShort = channel === 'SMS' || tone === 'CONCISE'
  return {
    tone,
    channel,
    isShort,
    must: phrase(1),
    should: phrase(2),
    may: phrase(3),
    either: (short, full) => (isShort || length === 'SHORT' ? short : full),
    oneOf: (key, ways) => ways[choiceOf(`${seed} ${key}`, ways.length)] ?? ways[0],
  }
}

const changed = (text: string, changes: readonly Change[]): string =>
  changes.reduce((said, [from, to]) => said.replace(from, to), text)

const textOf = (slot: Slot, voice: (text: string) => string): string =>
  typeof slot === 'string' ? voice(slot) : slot.text
const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

function uniqueCites(slots: readonly Slot[]): Cite[] {
  const all = slots.flatMap((slot) => (typeof slot === 'string' ? [] : slot.cites))
  return [...new Map(all.map((cite) => [`${cite.source} ${cite.id} ${cite.quote}`, cite])).values()]
}
