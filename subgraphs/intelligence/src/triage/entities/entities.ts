import { datesIn } from './dates.ts'
import type { EntityKind, Found } from './found.ts'
import { numbersIn } from './numbers.ts'
import { patternsIn } from './patterns.ts'
import { productsIn } from './products.ts'

export type Entity = { kind: EntityKind; text: string }

export const mostEntities = 50
/** What is read of a text. */
const mostCharacters = 10_000

/** Where two overlap the earlier kind wins: an e-mail address may hold digits, an address a date ("5 May Street"). */
const order: readonly EntityKind[] = [
  'EMAIL',
  'TRACKING_NUMBER',
  'PRODUCT',
  'AMOUNT',
  'ADDRESS',
  'PHONE',
  'ORDER_NUMBER',
  'DATE',
]

/**
 * What a text names, by place: at most 50, each once. Linear in the text, of which 10,000 characters are read. Relative dates count from
 * `now`; `products` are titles or SKUs to look for.
 */
export function entitiesIn(
  text: string,
  { now, products = [] }: { now: Date; products?: readonly string[] },
): Entity[] {
  const read = text.slice(0, mostCharacters)
  const found = [...patternsIn(read), ...numbersIn(read), ...productsIn(read, products), ...dates(read, now)]
  const kept: Found[] = []
  for (const one of found.sort(
    (a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || b.to - b.from - (a.to - a.from),
  ))
    if (kept.length < mostEntities && kept.every((other) => one.to <= other.from || one.from >= other.to))
      kept.push(one)
  const unique = new Map(
    kept.sort((a, b) => a.from - b.from).map(({ kind, text }) => [`${kind} ${text}`, { kind, text }]),
  )
  return [...unique.values()]
}

const dates = (text: string, now: Date): Found[] =>
  datesIn(text, now).map(({ text, from, to }) => ({ kind: 'DATE', text, from, to }))
