import { covered } from '../plain.ts'
import { amountsIn, percentsIn } from './amounts.ts'
import { contactsIn, linksIn } from './contacts.ts'
import { datesIn } from './dates.ts'
import type { Fact, Found } from './fact.ts'
import { hasFigure } from './figures.ts'
import { carriersIn, knownReferencesIn, type Names, namesIn, peopleIn, productsIn } from './known.ts'
import { numbersIn, referencesIn } from './references.ts'
import { spansIn } from './spans.ts'
import { statusesIn } from './statuses.ts'

/** `rest`: the text with what names and figures were read covered, of the same length. */
export type Reading = { facts: Fact[]; rest: string }

type Extractor = (text: string, names: Names) => Found[]

/** Most sentences have no figure, and need not be searched for what begins with one. */
const figured =
  (extract: Extractor): Extractor =>
  (text, names) =>
    hasFigure.test(text) ? extract(text, names) : []

/** What is read first is covered for what comes after: the figures of a title, a date or an amount are no figures of their own. */
const extractors: readonly Extractor[] = [
  productsIn,
  knownReferencesIn,
  figured(contactsIn),
  datesIn,
  figured(percentsIn),
  figured(amountsIn),
  figured(spansIn),
  carriersIn,
  figured(referencesIn),
  figured(numbersIn),
  namesIn,
]

/** The facts of a plain text. Links are no facts: they have a rule of their own. */
export function factsIn(text: string, names: Names): Reading {
  let rest = cover(cover(text, linksIn(text)), peopleIn(text, names))
  const facts: Fact[] = []
  for (const extract of extractors) {
    const kept = withoutOverlaps(extract(rest, names))
    facts.push(...kept.map(({ fact }) => fact))
    rest = cover(rest, kept)
  }
  facts.push(...statusesIn(rest).map(({ fact }) => fact))
  return { facts, rest }
}

/** The longest first. */
function withoutOverlaps(found: readonly Found[]): Found[] {
  if (found.length < 2) return [...found]
  const taken = new Uint8Array(Math.max(...found.map(({ to }) => to)))
  return found
    .toSorted((a, b) => b.to - b.from - (a.to - a.from))
    .filter(({ from, to }) => {
      const isFree = !taken.subarray(from, to).includes(1)
      if (isFree) taken.fill(1, from, to)
      return isFree
    })
}

function cover(text: string, places: readonly { from: number; to: number }[]): string {
  let [rest, at] = ['', 0]
  for (const { from, to } of places.toSorted((a, b) => a.from - b.from)) {
    if (to <= at) continue
    const start = Math.max(from, at)
    rest += text.slice(at, start) + covered.repeat(to - start)
    at = to
  }
  return rest + text.slice(at)
}
