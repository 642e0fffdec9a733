import { stopWords } from './stop-words.ts'

/** What was said on one ticket in a span of time. */
export type Said = { ticketId: string; text: string }

export type Surge = {
  keyword: string
  /** Recent tickets that contain it. */
  matching: number
  /** How many were to be expected. */
  baseline: number
}

/** Fewer tickets are a coincidence, and might tell of a person. */
const minimumSupport = 5
/** Standard deviations above what was to be expected, as of a Poisson count. */
const threshold = 3
/** And at least so many times as much. */
const leastRatio = 2
const mostSurges = 5
/** Fewer earlier tickets say nothing of what is usual. */
const leastEarlier = 20

/**
 * Words and pairs of words that rise. Of n recent tickets c contain the term; of m earlier ones k did, so e = n (k + ½) / (m + 1) were to be
 * expected. It rises when c ≥ 5, c ≥ 2 e, and (c − e) / √(e + 1) ≥ 3. Shares, not counts: a busier day alone is no surge. With
 * fewer than 20 earlier tickets nothing does. `omit`: terms that are known, such as names. Pure.
 */
export function surges(recent: readonly Said[], earlier: readonly Said[], omit: ReadonlySet<string>): Surge[] {
  const now = ticketsByTerm(recent, omit)
  const before = ticketsByTerm(earlier, omit)
  const n = new Set(recent.map(({ ticketId }) => ticketId)).size
  const m = new Set(earlier.map(({ ticketId }) => ticketId)).size
  if (m < leastEarlier) return []
  const rising = [...now].flatMap(([keyword, tickets]) => {
    const matching = tickets.size
    if (matching < minimumSupport) return []
    const baseline = (n * ((before.get(keyword)?.size ?? 0) + 0.5)) / (m + 1)
    const strength = (matching - baseline) / Math.sqrt(baseline + 1)
    return strength >= threshold && matching >= leastRatio * baseline ? [{ keyword, matching, baseline, strength }] : []
  })
  const ordered = rising.toSorted(
    (a, b) => b.strength - a.strength || b.keyword.length - a.keyword.length || (a.keyword < b.keyword ? -1 : 1),
  )
  const chosen: typeof ordered = []
  for (const one of ordered)
    if (chosen.length < mostSurges && !chosen.some((other) => isSameTopic(now, one.keyword, other.keyword)))
      chosen.push(one)
  return chosen.map(({ keyword, matching, baseline }) => ({ keyword, matching, baseline }))
}

/** Two terms are one topic when most tickets of the rarer contain the other. */
function isSameTopic(tickets: ReadonlyMap<string, ReadonlySet<string>>, a: string, b: string): boolean {
  const [ofA, ofB] = [tickets.get(a) ?? new Set(), tickets.get(b) ?? new Set()]
  return ofA.intersection(ofB).size >= 0.6 * Math.min(ofA.size, ofB.size)
}

function ticketsByTerm(said: readonly Said[], omit: ReadonlySet<string>): Map<string, Set<string>> {
  const tickets = new Map<string, Set<string>>()
  for (const { ticketId, text } of said)
    for (const term of termsOf(text, omit)) {
      const known = tickets.get(term)
      if (known) known.add(ticketId)
      else tickets.set(term, new Set([ticketId]))
    }
  return tickets
}

const personal = /\S*[@\d]\S*|https?:\/\/\S+|www\.\S+/giu
const longestText = 4_000

/**
 * The words of a text and its pairs of neighbours, in lower case; not what has a digit (order and phone numbers), no addresses, no stop words.
 * Pairs stand as they are written, so that looking for one finds the text again.
 */
export function termsOf(text: string, omit: ReadonlySet<string> = new Set()): Set<string> {
  const terms = new Set<string>()
  for (const clause of text
    .slice(0, longestText)
    .toLowerCase()
    .replaceAll(personal, '|')
    .split(/[^\p{L}\p{M} '’-]+/u)) {
    let last: string | undefined
    for (const word of clause.split(/ /)) {
      const isTelling =
        /^[\p{L}\p{M}][\p{L}\p{M}'’-]{2,29}$/u.test(word) && !stopWords.has(bare(word)) && !omit.has(word)
      if (isTelling) {
        terms.add(word)
        if (last) terms.add(`${last} ${word}`)
      }
      last = isTelling ? word : undefined
    }
  }
  return terms
}

const bare = (word: string): string => word.replace(/['’].*$/u, '')
