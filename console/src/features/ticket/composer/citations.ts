import type { Draft } from './state.ts'

export type Citation = Draft['citations'][number]
/** A stretch of a text, and what it rests on. */
export type Segment = { text: string; citations: readonly Citation[] }
/** A record that a draft rests on, with everything quoted of it. */
export type CitedRecord = {
  key: string
  source: Citation['source']
  quotes: readonly string[]
  sentences: readonly string[]
}

/** A text in stretches: each sentence that stands in it as it was written keeps its citations; an edited one loses them. */
export function segmentsOf(text: string, citations: readonly Citation[]): Segment[] {
  const places = [...Map.groupBy(citations, ({ sentence }) => sentence)]
    .map(([sentence, cited]) => ({ at: text.indexOf(sentence), sentence, cited }))
    .filter(({ at, sentence }) => at >= 0 && sentence !== '')
    .sort((a, b) => a.at - b.at)
  const segments: Segment[] = []
  let end = 0
  for (const { at, sentence, cited } of places) {
    if (at < end) continue
    if (at > end) segments.push({ text: text.slice(end, at), citations: [] })
    segments.push({ text: sentence, citations: cited })
    end = at + sentence.length
  }
  if (end < text.length) segments.push({ text: text.slice(end), citations: [] })
  return segments
}

/** The records behind what of a draft still stands in the text. */
export function recordsOf(text: string, citations: readonly Citation[]): CitedRecord[] {
  const standing = citations.filter(({ sentence }) => text.includes(sentence))
  return [...Map.groupBy(standing, ({ source, id }) => `${source}:${id}`)].map(([key, cited]) => ({
    key,
    source: (cited[0] as Citation).source,
    quotes: [...new Set(cited.map(({ quote }) => quote))],
    sentences: [...new Set(cited.map(({ sentence }) => sentence))],
  }))
}

export const sourceNames: Record<Citation['source'], string> = {
  MESSAGE: 'Message',
  ORDER: 'Order',
  PAST_TICKET: 'Earlier ticket',
  POLICY: 'Policy',
  PROFILE: 'Profile',
  SHIPMENT: 'Parcel',
}

/** How much of a channel's limit a text uses. */
export function usedOf(text: string, unit: Draft['limit']['unit']): number {
  return unit === 'CHARACTERS' ? [...text].length : (text.match(/\S+/g)?.length ?? 0)
}
