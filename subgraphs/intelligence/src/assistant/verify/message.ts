import { countIn, limitOf } from '../limits/limits.ts'
import type { Situation } from '../situation.ts'
import type { Message } from '../written.ts'
import { escaped } from './plain.ts'
import { knownOf } from './known.ts'
import type { Problem } from './problems.ts'
import { readingOf } from './reading.ts'
import { most, problemsOf } from './verify.ts'

/** Whether a message may be shown: within its limit, its citations in it, and what is around them states nothing more. */
export function verifyMessage(message: Message, situation: Situation): Problem[] {
  const { content, citations, limit } = message
  if (content.trim() === '') return [{ code: 'EMPTY', sentence: '', detail: 'no words' }]
  const { unit, max } = limitOf(situation.channel)
  const used = content.length > most.characters ? Infinity : countIn(unit, content)
  if (used > max || limit.used !== used || limit.max !== max)
    return [{ code: 'TOO_LONG', sentence: content.slice(0, 100), detail: `${used} of ${max}` }]
  const known = knownOf(situation)
  const away = citations.filter(({ sentence }) => !content.includes(sentence))
  const cited = Map.groupBy(citations, ({ sentence }) => sentence)
  const texts = [...cited.keys()].sort((a, b) => b.length - a.length)
  const uncited = texts.reduce((left, text) => left.replaceAll(text, '\n'), withoutSignature(content, situation))
  const reads = [
    ...texts.map((text) => ({ text, cites: cited.get(text) ?? [], importance: 1 as const })),
    ...linesOf(uncited).map((text) => ({ text, cites: [], importance: 1 as const })),
  ].map((sentence) => readingOf(sentence, known))
  return [
    ...away.map(({ sentence }): Problem => ({ code: 'UNCITED', sentence, detail: 'is not in the text' })),
    ...reads.flatMap((read) => problemsOf(read, known)).filter(({ code }) => code !== 'LANGUAGE'),
  ]
}

/** The signature is the tenant's own: what it says needs no record. */
const withoutSignature = (content: string, { signature }: Situation): string =>
  signature === null || signature.trim() === ''
    ? content
    : content.replace(new RegExp(`${signature.trim().split(/\s+/).map(escaped).join('\\s+')}\\s*$`), '')

const linesOf = (text: string): string[] =>
  text
    .split(/(?<=[.!?])\s+|\n+/)
    .map((line) => line.trim())
    .filter((line) => /[\p{L}\p{N}]/u.test(line))
