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

/** Sentences are verified as written and as rendered: what was read is kept. */
const mostKept = 500

export function readingOf(sentence: Sentence, known: Known): Read {
  const { text, cites } = sentence
  const key = JSON.stringify([text, ...cites.flatMap(({ source, id, quote }) => [source, id, quote])])
  const read = known.reads.get(key) ?? reading(sentence, known)
  if (known.reads.size < mostKept) known.reads.set(key, read)
  return read
}

function reading(sentence: Sentence, { names, sources }: Known): Read {
  const text = plain(sentence.text)
  const { facts, rest } = factsIn(text, names)
  return { sentence, text, rest, facts, cited: sentence.cites.flatMap((cite) => sources.of(cite) ?? []) }
}
