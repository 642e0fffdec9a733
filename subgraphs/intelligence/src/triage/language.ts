import { eld } from 'eld/small'

/** What is no language: addresses, links, codes. */
const noise = /\S{0,64}@\S{1,255}|https?:\/\/\S{1,500}|\S{0,40}\d\S{0,40}/g
const leastLetters = 10
const mostCharacters = 1_000

/** The language of a text as an ISO 639-1 code; null when it is too short or too mixed to tell. */
export function languageOf(text: string): string | null {
  const words = text.slice(0, mostCharacters).replace(noise, ' ')
  if ((words.match(/\p{L}/gu)?.length ?? 0) < leastLetters) return null
  const found = eld.detect(words)
  return found.language !== '' && found.isReliable() ? found.language : null
}
