/** Characters that a highlight shows, besides marks and dots. */
const shown = 200
const before = 60

type Word = { from: number; to: number; text: string }

/** The words of a text in lower case, with their places. */
const wordsOf = (text: string): Word[] =>
  [...text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)].map(({ 0: word, index }) => ({
    from: index,
    to: index + word.length,
    text: word.toLowerCase(),
  }))

/** A piece of the text around its first match as HTML: matches between <mark> tags, all else escaped, on one line. Pure. */
export function highlight(text: string, query: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').toWellFormed()
  const marks = matchesIn(wordsOf(line), wordsOf(query))
  const start = pieceStart(line, marks[0]?.from ?? 0)
  const end = wholeCharacter(line, Math.min(line.length, start + shown))
  const parts: string[] = []
  let at = start
  for (const { from, to } of marks.filter((mark) => mark.to <= end)) {
    parts.push(escapeHtml(line.slice(at, from)), '<mark>', escapeHtml(line.slice(from, to)), '</mark>')
    at = to
  }
  parts.push(escapeHtml(line.slice(at, end)))
  return `${start > 0 ? '…' : ''}${parts.join('').trim()}${end < line.length ? '…' : ''}`
}

/** Words as they were asked for, the last perhaps only begun; without any, those that look alike. */
function matchesIn(words: readonly Word[], wanted: readonly Word[]): Word[] {
  const last = wanted.at(-1)
  if (!last) return []
  const whole = new Set(wanted.map(({ text }) => text))
  const found = words.filter(({ text }) => whole.has(text) || text.startsWith(last.text))
  return found.length > 0 ? found : words.filter(({ text }) => wanted.some((one) => likeness(text, one.text) >= 0.4))
}

function pieceStart(line: string, match: number): number {
  if (match <= before) return 0
  const around = match - before
  const space = line.indexOf(' ', around)
  return space >= 0 && space < match ? space + 1 : wholeCharacter(line, around)
}

/** Not between the halves of a surrogate pair. */
const wholeCharacter = (line: string, at: number): number => (/[\uDC00-\uDFFF]/.test(line.charAt(at)) ? at - 1 : at)

const trigrams = (word: string): Set<string> => {
  const padded = `  ${word} `
  return new Set(Array.from({ length: padded.length - 2 }, (_, index) => padded.slice(index, index + 3)))
}

/** How much of the wanted word's trigrams the other has, 0 to 1: as the database looks for it. */
function likeness(word: string, wanted: string): number {
  const [has, wants] = [trigrams(word), trigrams(wanted)]
  return [...wants].filter((one) => has.has(one)).length / wants.size
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Text as HTML shows it, in content and in attributes. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
