import type { Sentence } from '../written.ts'
import type { Fact } from './facts/fact.ts'
import { factsIn } from './facts/facts.ts'
import type { Known } from './known.ts'
import { plain } from './plain.ts'
import type { Finding } from './problems.ts'
import type { Source } from './records.ts'

/** A sentence as rules read it. `rest`: plain, with names and figures covered. */
export type Read = { sentence: Sentence; text: string; rest: string; facts: readonly Fact[]; cited: readonly Source[] }

export type Rule = (read: Read, known: Known) => Finding[]

export function readingOf(sentence: Sentence, { names, sources }: Known): Read {
  const text = plain(sentence.text)
  const { facts, rest } = factsIn(text, names)
  return { sentence, text, rest, facts, cited: sentence.cites.flatMap((cite) => sources.of(cite) ?? []) }
}
