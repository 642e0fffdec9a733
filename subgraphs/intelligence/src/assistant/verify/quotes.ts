import { factsIn } from './facts/facts.ts'
import { valueOf } from './facts/figures.ts'
import type { Names } from './facts/known.ts'
import { plain, wordsOf } from './plain.ts'
import type { Source } from './records.ts'
import { supports } from './support.ts'

/** What a quote of a structured record may be labelled with. */
const labels = new Set(
  'order orders number no status placed on at total refunded refund items item quantity of price unit carrier tracking parcel shipment updated latest first last purchase spent average since customer days profile by with and in the is was from x sku via to'.split(
    ' ',
  ),
)
const currencies: Readonly<Record<string, string>> = {
  '€': 'eur',
  euro: 'eur',
  euros: 'eur',
  '£': 'gbp',
  $: 'usd',
  dollars: 'usd',
  dollar: 'usd',
}

const tokensOf = (text: string): string[] =>
  (text.toLowerCase().match(/[\p{L}\p{M}]+|\d{1,15}(?:[.,]\d{1,3})*|[%$€£]/gu) ?? []).map((token) =>
    /^\d/.test(token) ? valueOf(token) : (currencies[token] ?? token),
  )

/** A record is quoted by many sentences. */
const recordTokens = new WeakMap<Source, string>()

function tokensIn(source: Source): string {
  const made = recordTokens.get(source) ?? ` ${tokensOf(source.text).join(' ')} `
  recordTokens.set(source, made)
  return made
}

/** Whether a record says what is quoted: the same words in a row; of a structured record its words, with equal figures and days. */
export function isQuoted(quote: string, source: Source, { names, now }: { names: Names; now: Date }): boolean {
  const text = plain(quote)
  const parts = text
    .split(/\.\.\./)
    .map(tokensOf)
    .filter((tokens) => tokens.length > 0)
  if (parts.length === 0) return false
  const record = tokensIn(source)
  if (parts.every((tokens) => record.includes(` ${tokens.join(' ')} `))) return true
  const { facts, rest } = factsIn(text, names)
  const words = wordsOf(rest)
  const areShown = facts.every((fact) => supports(fact, source, { text: 'you wrote last time', now }))
  const isStructured = source.source === 'ORDER' || source.source === 'SHIPMENT' || source.source === 'PROFILE'
  return (
    areShown && (isStructured ? words.every((word) => labels.has(word) || source.words.has(word)) : words.length === 0)
  )
}
