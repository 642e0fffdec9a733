import type { Situation } from '../situation.ts'
import type { Written } from '../written.ts'
import { type Known, knownOf } from './known.ts'
import { plain } from './plain.ts'
import type { Finding, Problem } from './problems.ts'
import { type Read, readingOf, type Rule } from './reading.ts'
import { deeds } from './rules/deeds.ts'
import { echoes } from './rules/echo.ts'
import { form, formOf } from './rules/form.ts'
import { cites, grounds } from './rules/grounds.ts'
import { internal } from './rules/internal.ts'
import { language } from './rules/language.ts'
import { promises } from './rules/promises.ts'
import { leaksIn } from './rules/secrets.ts'

/** What is longer is refused unread: all rules are linear, and so is what they may be given. */
export const most = {
  sentences: 100,
  characters: 20_000,
  sentence: 1_000,
  cites: 20,
  quote: 5_000,
  aside: 1_000,
  asides: 20,
}

const rules: readonly Rule[] = [
  form,
  ({ text }, known) => leaksIn(text, known),
  internal,
  language,
  cites,
  grounds,
  promises,
  deeds,
]

/**
 * Whether what a generator wrote may be shown to an agent: each fact of a sentence stands in a record that the sentence cites, nothing
 * is promised beyond the policies or claimed as done, and nothing is told that is not the customer's business. Empty: it may.
 */
export function verify(written: Written, situation: Situation): Problem[] {
  const tooMuch = sizeOf(written)
  if (tooMuch.length > 0) return tooMuch
  const known = knownOf(situation)
  const reads = written.paragraphs.flat().map((sentence) => readingOf(sentence, known))
  return [...reads.flatMap((read) => problemsOf(read, known)), ...echoes(reads, known), ...asides(written, known)]
}

/** A reading is of one situation, and so are its problems. */
const found = new WeakMap<Read, readonly Problem[]>()

export function problemsOf(read: Read, known: Known): readonly Problem[] {
  const problems =
    found.get(read) ?? rules.flatMap((rule) => rule(read, known)).map((finding) => at(read.sentence.text, finding))
  found.set(read, problems)
  return problems
}

const at = (sentence: string, { code, detail }: Finding): Problem => ({ code, sentence, detail })

function sizeOf({ paragraphs, personalization, reasoning, confidence }: Written): Problem[] {
  const sentences = paragraphs.flat()
  const tooLong = (sentence: string, detail: string): Problem => ({
    code: 'TOO_LONG',
    sentence: sentence.slice(0, 100),
    detail,
  })
  const empty = sentences.find(({ text }) => !/[\p{L}\p{N}]/u.test(text.slice(0, most.sentence)))
  return [
    ...(sentences.length === 0 || empty ? [{ code: 'EMPTY' as const, sentence: '', detail: 'no words' }] : []),
    ...(sentences.length > most.sentences ? [tooLong('', `${sentences.length} sentences`)] : []),
    ...(sentences.reduce((sum, { text }) => sum + text.length, 0) > most.characters ? [tooLong('', 'text')] : []),
    ...sentences.flatMap(({ text, cites }) => [
      ...(text.length > most.sentence ? [tooLong(text, 'sentence')] : []),
      ...(cites.length > most.cites || cites.some(({ quote }) => quote.length > most.quote)
        ? [tooLong(text, 'cites')]
        : []),
    ]),
    ...(personalization.length > most.asides ||
    [...personalization, reasoning].some(({ length }) => length > most.aside)
      ? [tooLong('', 'what the agent is told')]
      : []),
    ...(confidence >= 0 && confidence <= 1
      ? []
      : [{ code: 'INVENTED' as const, sentence: '', detail: `confidence ${confidence}` }]),
  ]
}

/** What the agent is told beside the message: no links, no secrets, no markup. */
const asides = ({ personalization, reasoning }: Written, known: Known): Problem[] =>
  [...personalization, reasoning].flatMap((text) =>
    [...formOf(text), ...leaksIn(plain(text), known)].map((finding) => at(text, finding)),
  )
