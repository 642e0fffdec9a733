/** Longer texts are compared by their beginnings: what is compared grows with the square. */
const maxWords = 500

/** How much of a text was changed, in words: 0 as it was, 1 all of it. */
export function editRatio(before: string, after: string): number {
  const [a, b] = [wordsOf(before), wordsOf(after)]
  const longest = Math.max(a.length, b.length)
  return longest === 0 ? 0 : distance(a, b) / longest
}

const wordsOf = (value: string): string[] => value.split(/\s+/).filter(Boolean).slice(0, maxWords)

/** Levenshtein's, one row at a time. */
function distance(a: readonly string[], b: readonly string[]): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, word] of a.entries()) {
    const next = [i + 1]
    for (const [j, other] of b.entries())
      next.push(Math.min((row[j] ?? 0) + (word === other ? 0 : 1), (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    row = next
  }
  return row.at(-1) ?? 0
}
