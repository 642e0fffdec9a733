const invisible = /\p{Cf}|\p{Cc}/gu
const quotes = /[‘’‚‛′`´]/g
const doubles = /[“”„‟″«»]/g
const dashes = /[‐‑‒–—―−]/g

/** Needs nothing. */
const simple = /^[ -_a-~]*$/

/** What covers a fact that was read; never in a plain text. */
export const covered = '·'

/** A text as rules read it: one form for quotes, dashes, spaces, widths and digits, without what cannot be seen. */
export function plain(text: string): string {
  if (simple.test(text)) return text.replace(/ {2,}/g, ' ').trim()
  return text
    .normalize('NFKC')
    .replace(/[\s\u00b7]+/g, ' ')
    .replace(invisible, '')
    .replace(/[^\P{Nd}0-9]/gu, digit)
    .replace(quotes, "'")
    .replace(doubles, '"')
    .replace(dashes, '-')
    .trim()
}

/** Decimal digits of every script come in tens from a zero. */
function digit(character: string): string {
  let zero = character.codePointAt(0)!
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1)) && character.codePointAt(0)! - zero < 9) zero--
  return String(character.codePointAt(0)! - zero)
}

/** Words in lower case, without punctuation. */
export const wordsOf = (plainText: string): string[] => plainText.toLowerCase().match(/[\p{L}\p{N}\p{M}]+/gu) ?? []

export const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)

/** What comes before a place, back to the last punctuation. */
export function clauseBefore(text: string, at: number): string {
  const before = text.slice(Math.max(0, at - 120), at)
  return before.slice(Math.max(...[',', ';', ':', '.', '!', '?'].map((mark) => before.lastIndexOf(mark))) + 1)
}
