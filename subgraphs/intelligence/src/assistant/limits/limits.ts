import type { Channel, Tone } from '../situation.ts'
import type { ChannelLimit, LimitUnit } from '../written.ts'

const channelLimits: Record<Channel, { unit: LimitUnit; max: number; tone: Tone }> = {
  SMS: { unit: 'CHARACTERS', max: 160, tone: 'CASUAL' },
  EMAIL: { unit: 'WORDS', max: 200, tone: 'PROFESSIONAL' },
  CHAT: { unit: 'WORDS', max: 100, tone: 'FRIENDLY' },
  PHONE: { unit: 'WORDS', max: 75, tone: 'CONVERSATIONAL' },
  FORM: { unit: 'WORDS', max: 200, tone: 'PROFESSIONAL' },
}

/** What a channel takes. */
export const limitOf = (channel: Channel): { unit: LimitUnit; max: number } => {
  const { unit, max } = channelLimits[channel]
  return { unit, max }
}

/** How one writes there unless told otherwise. */
export const usualTone = (channel: Channel): Tone => channelLimits[channel].tone

/** Scripts that put no spaces between words. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const words = new Intl.Segmenter('en', { granularity: 'word' })

/** Characters as a person counts them (code points), or words: what stands between spaces, and words of scripts without spaces. */
export function countIn(unit: LimitUnit, text: string): number {
  if (unit === 'CHARACTERS') return codePointsIn(text)
  const tokens = text.match(/\S+/g) ?? []
  if (!unspaced.test(text)) return tokens.length
  return tokens.reduce((count, token) => count + (unspaced.test(token) ? wordsIn(token) : 1), 0)
}

function codePointsIn(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}

const wordsIn = (token: string): number =>
  Math.max(1, [...words.segment(token)].filter(({ isWordLike }) => isWordLike).length)

/** How much of a channel a text uses. */
export const usedOf = (channel: Channel, text: string): ChannelLimit => {
  const { unit, max } = limitOf(channel)
  return { unit, max, used: countIn(unit, text) }
}

type Cut = (text: string) => Iterable<string>

const cutBy =
  (granularity: 'sentence' | 'word' | 'grapheme'): Cut =>
  (text) =>
    [...new Intl.Segmenter('en', { granularity }).segment(text)].map(({ segment }) => segment)

/** Where the next sentence begins with a small letter, which the segmenter takes for an abbreviation. */
const cutAtStops: Cut = (text) => text.split(/(?<=[.!?…]\s)/)
/** A word with the spaces after it. */
const cutAtSpaces: Cut = (text) => text.match(/^\s+|\S+\s*/g) ?? []
/** Where to cut, best first; the next one only within what is too long by itself. The last one always fits. */
const cuts: readonly Cut[] = [
  cutBy('sentence'),
  cutAtStops,
  cutAtSpaces,
  cutBy('word'),
  cutBy('grapheme'),
  (text) => text,
]

/**
 * A text in parts that the channel takes: cut between sentences where it can be, else between words, else within one, and never within an
 * emoji. Joined, the parts are the text but for spaces at the cuts. No part is empty.
 */
export function splitText(text: string, channel: Channel): string[] {
  const { unit, max } = limitOf(channel)
  const fits = (part: string) => countIn(unit, part.trim()) <= max
  return pack(text, fits, 0)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function pack(text: string, fits: (part: string) => boolean, level: number): string[] {
  const parts: string[] = []
  let current = ''
  for (const piece of cuts[level]!(text)) {
    if (fits(current + piece)) {
      current += piece
      continue
    }
    if (current !== '') parts.push(current)
    const within = fits(piece) ? [piece] : pack(piece, fits, level + 1)
    parts.push(...within.slice(0, -1))
    current = within.at(-1) ?? ''
  }
  return current === '' ? parts : [...parts, current]
}
