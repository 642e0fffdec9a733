import type { Cite } from '../written.ts'

/** A sentence with what it rests on; null for one that states nothing. */
export type Stated = { text: string; cite: Cite | null }

export type GeneratedText = {
  text: string
  citations: (Cite & { sentence: string })[]
  generator: string
  generatedAt: Date
}

/** The sentences as one text, each with its source. */
export const textOf = (stated: readonly Stated[], now: Date): GeneratedText => ({
  text: stated.map(({ text }) => text).join(' '),
  citations: stated.flatMap(({ text, cite }) => (cite ? [{ ...cite, sentence: text }] : [])),
  generator: 'built-in',
  generatedAt: now,
})
