import { type Found, matches, type SpanUnit } from './fact.ts'
import { figure, valueOf } from './figures.ts'

const span = new RegExp(
  String.raw`(?<![\w.,-])(?:between )?(${figure}|(?<=\b(?:in|within|about|after) )an?(?![a-z]))(?:\s?(?:-|to|or|and)\s?(${figure}))?[- ]?(?:(?:business|working|calendar|full|more) )?(min(?:ute)?s?|h(?:ou)?rs?|h|days?|weeks?|months?|years?)(?![a-z])( ago| since| without)?`,
  'gi',
)
const units: Readonly<Record<string, SpanUnit>> = {
  mi: 'MINUTE',
  h: 'HOUR',
  d: 'DAY',
  w: 'WEEK',
  mo: 'MONTH',
  y: 'YEAR',
}

/** "30 days", "3 to 5 business days", "within a week", "two days ago". */
export const spansIn = (text: string): Found[] =>
  matches(text, span, ([found, first, second, unit, ago]) => {
    const least = /^an?$/i.test(first!) ? '1' : valueOf(first!)
    const name = unit!.toLowerCase()
    return {
      kind: 'SPAN',
      least,
      most: second === undefined ? least : valueOf(second),
      unit: units[name.slice(0, 2)] ?? units[name[0]!]!,
      isAgo: ago !== undefined,
      text: found,
    }
  })
