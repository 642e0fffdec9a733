/** A day as far as it is told. */
export type Day = { year: number | null; month: number | null; day: number | null }
export type SpanUnit = 'MINUTE' | 'HOUR' | 'DAY' | 'WEEK' | 'MONTH' | 'YEAR'
export type StatusWord = 'SHIPPED' | 'OUT_FOR_DELIVERY' | 'DELIVERED' | 'CANCELLED' | 'REFUNDED' | 'RETURNED' | 'PAID'

type NamedKind = 'PERCENT' | 'NUMBER' | 'REFERENCE' | 'PRODUCT' | 'CARRIER' | 'NAME' | 'PHONE' | 'ADDRESS' | 'TIME'
type Named = { [K in NamedKind]: { kind: K; value: string } }[NamedKind]

/** Something that a text states and a record must show. Values are in one spelling: decimals without zeros at the end, lower case. */
export type Fact = { text: string } & (
  | { kind: 'AMOUNT'; value: string; currency: string }
  | Named
  | { kind: 'DAY'; days: readonly Day[] }
  | { kind: 'WEEKDAY'; weekday: number }
  | { kind: 'RELATIVE'; offset: number | null }
  | { kind: 'SPAN'; least: string; most: string; unit: SpanUnit; isAgo: boolean }
  | { kind: 'STATUS'; status: StatusWord }
)

export type Found = { from: number; to: number; fact: Fact }

/** Each match as a fact; null is none. */
export function matches(text: string, pattern: RegExp, read: (match: RegExpExecArray) => Fact | null): Found[] {
  return [...text.matchAll(pattern)].flatMap((match) => {
    const fact = read(match)
    return fact ? [{ from: match.index, to: match.index + match[0].length, fact }] : []
  })
}
