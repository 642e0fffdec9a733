import { type Fact, type Found, matches } from './fact.ts'
import { escaped } from '../plain.ts'

/** Words that a situation's records bring along, in plain spelling. */
export type Names = {
  /** titles and SKUs */
  products: readonly string[]
  /** order and tracking numbers */
  references: readonly string[]
  carriers: readonly string[]
  /** of people and the business: nothing that must be shown */
  people: readonly string[]
  /** all that our side wrote, in lower case: names in it are known */
  ours: string
}

const usualCarriers =
  'DHL,UPS,USPS,FedEx,Royal Mail,DPD,GLS,Hermes,Evri,TNT,Canada Post,Australia Post,PostNL,La Poste,Correos,Amazon Logistics,OnTrac,Purolator,Deutsche Post'.split(
    ',',
  )
const leastTitle = 12

/** Where a name stands as a whole word, in any case; where it is one short word, as it is written. */
function placesOf(text: string, name: string): { from: number; to: number }[] {
  const [where, what] = /^[\p{L}\d]{1,12}$/u.test(name) ? [text, name] : [text.toLowerCase(), name.toLowerCase()]
  if (where.length !== text.length || what.length < 2) return []
  const places: { from: number; to: number }[] = []
  for (let from = where.indexOf(what); from >= 0; from = where.indexOf(what, from + what.length)) {
    const to = from + what.length
    if (!isWord(where[from - 1], what[0]) && !isWord(where[to], what.at(-1))) places.push({ from, to })
  }
  return places
}

const isWord = (beside: string | undefined, own: string | undefined): boolean =>
  beside !== undefined && /[\p{L}\p{N}]/u.test(beside) && /[\p{L}\p{N}]/u.test(own ?? '')

/** A long title may be cut: what of it is there, from its beginning to the end of a word. */
function titlePlaces(text: string, title: string): { from: number; to: number }[] {
  const whole = placesOf(text, title)
  if (whole.length > 0 || title.length <= leastTitle) return whole
  return placesOf(text, title.slice(0, leastTitle).replace(/\s\S{0,4}$/, '')).flatMap(({ from, to }) => {
    let end = to
    while (end < text.length && text[end]!.toLowerCase() === title[end - from]?.toLowerCase()) end++
    return [{ from, to: Math.max(to, end) }]
  })
}

const as =
  (text: string, kind: 'PRODUCT' | 'REFERENCE' | 'CARRIER', value: string) =>
  (place: { from: number; to: number }): Found => ({
    ...place,
    fact: { kind, value, text: text.slice(place.from, place.to) } as Fact,
  })

export const productsIn = (text: string, { products }: Names): Found[] =>
  products.flatMap((title) => titlePlaces(text, title).map(as(text, 'PRODUCT', title.toLowerCase())))

export const knownReferencesIn = (text: string, { references }: Names): Found[] =>
  references
    .filter((reference) => reference.length >= 3 && /\d/.test(reference))
    .flatMap((reference) =>
      placesOf(text, reference).map(as(text, 'REFERENCE', reference.replace(/[#\s_-]/g, '').toLowerCase())),
    )

export const carriersIn = (text: string, { carriers }: Names): Found[] =>
  [...new Set([...carriers, ...usualCarriers])].flatMap((carrier) =>
    placesOf(text, carrier).map(as(text, 'CARRIER', carrier.toLowerCase())),
  )

/** Names of people, to be covered. */
export const peopleIn = (text: string, { people }: Names): { from: number; to: number }[] =>
  people.flatMap((name) => placesOf(text, name))

const capitals = /(?<=[\p{Ll}\d,;:"'(-] )\p{Lu}[\p{L}\d&'-]{1,30}(?: \p{Lu}[\p{L}\d&'-]{1,30}){1,4}/gu
const shouted = /(?<![\p{L}\d])\p{Lu}{4,40}(?![\p{L}\d])/gu
const quoted = /"[^"]{2,80}"/g

/** What looks like a name and is none of ours: words with capitals within a sentence, shouted ones, quoted ones. */
export const namesIn = (text: string, { ours }: Names): Found[] =>
  [capitals, shouted, quoted].flatMap((pattern) =>
    matches(text, pattern, ([found]) => {
      const value = found.replaceAll('"', '').toLowerCase().trim()
      return new RegExp(`(?<![\\p{L}])${escaped(value)}(?![\\p{L}])`, 'u').test(ours)
        ? null
        : { kind: 'NAME', value, text: found }
    }),
  )
