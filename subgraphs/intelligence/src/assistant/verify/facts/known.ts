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

/** `what` to look for, as it is written or in any case; `start`: how a long one begins where it was cut. */
type Needle = { name: string; what: string; isExact: boolean; start: Needle | null }

function needleOf(name: string, isTitle: boolean): Needle {
  const isExact = /^[\p{L}\d]{1,12}$/u.test(name)
  const isLong = isTitle && name.length > leastTitle
  const start = isLong ? needleOf(name.slice(0, leastTitle).replace(/\s\S{0,4}$/, ''), false) : null
  return { name, what: isExact ? name : name.toLowerCase(), isExact, start }
}

/** Names are the same for all texts about a situation. */
const needles = new WeakMap<readonly string[], readonly Needle[]>()

function needlesOf(names: readonly string[], isTitle = false): readonly Needle[] {
  const made = needles.get(names) ?? names.map((name) => needleOf(name, isTitle))
  needles.set(names, made)
  return made
}

/** A text as it is, and in lower case where that is of the same length. */
type Place = { from: number; to: number }
type Searched = { text: string; lower: string | null }

function searched(text: string): Searched {
  const lower = text.toLowerCase()
  return { text, lower: lower.length === text.length ? lower : null }
}

/** Where a name stands as a whole word, in any case; where it is one short word, as it is written. */
function placesOf({ text, lower }: Searched, { what, isExact }: Needle): Place[] {
  const where = isExact ? text : lower
  if (where === null || what.length < 2 || !where.includes(what)) return []
  const places: Place[] = []
  for (let from = where.indexOf(what); from >= 0; from = where.indexOf(what, from + what.length)) {
    const to = from + what.length
    if (!isWord(where[from - 1], what[0]) && !isWord(where[to], what.at(-1))) places.push({ from, to })
  }
  return places
}

const isWord = (beside: string | undefined, own: string | undefined): boolean =>
  beside !== undefined && /[\p{L}\p{N}]/u.test(beside) && /[\p{L}\p{N}]/u.test(own ?? '')

/** A long title may be cut: what of it is there, from its beginning to the end of a word. */
function titlePlaces(at: Searched, title: Needle): Place[] {
  const whole = placesOf(at, title)
  if (whole.length > 0 || !title.start) return whole
  return placesOf(at, title.start).flatMap(({ from, to }) => {
    const { text } = at
    let end = to
    while (end < text.length && text[end]!.toLowerCase() === title.name[end - from]?.toLowerCase()) end++
    return [{ from, to: Math.max(to, end) }]
  })
}

const as =
  (text: string, kind: 'PRODUCT' | 'REFERENCE' | 'CARRIER', value: string) =>
  (place: Place): Found => ({
    ...place,
    fact: { kind, value, text: text.slice(place.from, place.to) } as Fact,
  })

export function productsIn(text: string, { products }: Names): Found[] {
  const at = searched(text)
  return needlesOf(products, true).flatMap((title) =>
    titlePlaces(at, title).map(as(text, 'PRODUCT', title.name.toLowerCase())),
  )
}

export function knownReferencesIn(text: string, { references }: Names): Found[] {
  if (!/\d/.test(text)) return []
  const at = searched(text)
  return needlesOf(references)
    .filter(({ name }) => name.length >= 3 && /\d/.test(name))
    .flatMap((needle) =>
      placesOf(at, needle).map(as(text, 'REFERENCE', needle.name.replace(/[#\s_-]/g, '').toLowerCase())),
    )
}

/** One that is named by a record and a usual one too is found twice, and kept once. */
export function carriersIn(text: string, { carriers }: Names): Found[] {
  const at = searched(text)
  return [...needlesOf(carriers), ...needlesOf(usualCarriers)].flatMap((carrier) =>
    placesOf(at, carrier).map(as(text, 'CARRIER', carrier.name.toLowerCase())),
  )
}

/** Names of people, to be covered. */
export function peopleIn(text: string, { people }: Names): Place[] {
  const at = searched(text)
  return needlesOf(people).flatMap((name) => placesOf(at, name))
}

const capitals = /(?<=[\p{Ll}\d,;:"'(-] )\p{Lu}[\p{L}\d&'-]{1,30}(?: \p{Lu}[\p{L}\d&'-]{1,30}){1,4}/gu
const shouted = /(?<![\p{L}\d])\p{Lu}{4,40}(?![\p{L}\d])/gu
const quoted = /"[^"]{2,80}"/g

/** What looks like a name and is none of ours: words with capitals within a sentence, shouted ones, quoted ones. */
export const namesIn = (text: string, { ours }: Names): Found[] =>
  [capitals, shouted, quoted].flatMap((pattern) =>
    matches(text, pattern, ([found]) => {
      const value = found.replaceAll('"', '').toLowerCase().trim()
      return ours.includes(value) && new RegExp(`(?<![\\p{L}])${escaped(value)}(?![\\p{L}])`, 'u').test(ours)
        ? null
        : { kind: 'NAME', value, text: found }
    }),
  )
