import { fold } from './fold.ts'
import type { PersonalKind } from './personal.ts'

/** What is looked for. `isName`: as a word where it is short; `needsCapital`: an ordinary word too. */
export type Needle = { kind: PersonalKind; text: string; needsCapital: boolean; isName: boolean }
export type Place = { kind: PersonalKind; from: number; to: number }

/** From how many letters on a name is looked for inside of words. */
const longName = 5

/** Where they are, by place, the earlier needle first where two overlap. Time: text times needles. */
export function findIn(text: string, needles: readonly Needle[]): Place[] {
  const folded = fold(text)
  const taken = new Uint8Array(text.length)
  const places: Place[] = []
  for (const needle of needles) {
    const wanted = fold(needle.text).text.trim()
    if (wanted === '') continue
    for (let at = folded.text.indexOf(wanted); at >= 0; at = folded.text.indexOf(wanted, at + wanted.length)) {
      const end = at + wanted.length
      const from = folded.from[at]!
      const to = folded.to[end - 1]!
      if (taken.subarray(from, to).includes(1) || !isHere(needle, wanted, folded.text, at, text.slice(from, to)))
        continue
      taken.fill(1, from, to)
      places.push({ kind: needle.kind, from, to: withMarks(text, to) })
    }
  }
  return places.sort((a, b) => a.from - b.from)
}

function isHere(needle: Needle, wanted: string, text: string, at: number, found: string): boolean {
  if (needle.needsCapital && !/^\p{Lu}/u.test(found)) return false
  if (needle.kind === 'literal' || !/[\p{Ll}\d]/u.test(wanted[0]!)) return true
  const [before, after] = [text[at - 1], text[at + wanted.length]]
  if (!needle.isName) return !(isDigit(wanted[0]) && isDigit(before)) && !(isDigit(wanted.at(-1)) && isDigit(after))
  return wanted.length >= longName || !(isLetter(before) || isLetter(after))
}

const isDigit = (character: string | undefined): boolean => character !== undefined && /\d/.test(character)
const isLetter = (character: string | undefined): boolean => character !== undefined && /\p{L}/u.test(character)

/** Accents written as characters of their own belong to the letter before. */
function withMarks(text: string, to: number): number {
  let end = to
  while (end < text.length && /\p{M}/u.test(text[end]!)) end++
  return end
}
