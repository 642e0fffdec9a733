const numbers = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
]

/** A question as rules read it: small letters, one space between words, `not` spelled out, numbers without separators. Pure. */
export const normalized = (question: string): string =>
  ` ${question} `
    .normalize('NFKC')
    .toLowerCase()
    // The parser's own mark.
    .replaceAll('§', ' section ')
    .replace(/[’‘`]/g, "'")
    .replace(/\b(can|could|do|does|did|have|has|had|is|are|was|were|would|will|wo)n't\b/g, '$1 not')
    .replace(/[“”"'!?;:()[\]{}]/g, ' ')
    .replace(/(\d),(?=\d{3}\b)/g, '$1')
    .replace(/,/g, ' , ')
    .replace(/\.(?!\d)/g, ' ')
    .replace(/(?<!\d)[-–_/](?=\w)|(?<=[a-z])[-–_/]/g, ' ')
    .replace(/≥/g, '>=')
    .replace(/≤/g, '<=')
    .replace(/([<>]=?|%)/g, ' $1 ')
    .replace(/\b(\d{1,4})(days?|weeks?|months?|years?)\b/g, '$1 $2')
    .replace(/\b[a-z]{3,6}\b/g, (word) => (numbers.includes(word) ? String(numbers.indexOf(word)) : word))
    .replace(/\s+/g, ' ')

/** Lowest of what may be written, and highest: `least` stands before a figure that it is to reach. */
export const least =
  '(?:(?:is |are |was )?(?:over|above|more than|greater than|higher than|exceeding|at least|no less than|not less than|from|>=?|longer than))'
export const most =
  '(?:(?:is |are |was )?(?:under|below|less than|lower than|at most|no more than|not more than|up to|<=?|fewer than))'

export const figure = '(?:\\d{1,9}(?:\\.\\d{1,4})?)'
export const money = `(?:(?:usd|eur|gbp|jpy|[$€£¥]) ?)?${figure} ?(?:k|thousand|m|million)?\\b ?(?:dollars?|euros?|pounds?|yen|usd|eur|gbp|jpy|[$€£¥])?`
export const span = '(?:\\d{1,4}|an?|a few|several)? ?(?:days?|weeks?|months?|quarters?|years?)'

const currencies: readonly [RegExp, string][] = [
  [/[$]|\busd|\bdollar/, 'USD'],
  [/€|\beur/, 'EUR'],
  [/£|\bgbp|\bpound/, 'GBP'],
  [/¥|\bjpy|\byen/, 'JPY'],
]
const dollars = new Set(['USD', 'CAD', 'AUD', 'NZD', 'SGD', 'HKD', 'MXN'])

/** A decimal string; null for one in another currency than the tenant's. */
export function amountIn(text: string, currencyCode: string | null): string | null {
  const named = currencies.find(([sign]) => sign.test(text))?.[1]
  const isDollarSign = named === 'USD' && !text.includes('usd')
  const isOurs = !named || named === currencyCode || (isDollarSign && dollars.has(currencyCode ?? ''))
  const [, digits, scale] = /(\d{1,9}(?:\.\d{1,4})?) ?(k|thousand|m|million)?/.exec(text) ?? []
  if (!isOurs || digits === undefined) return null
  const factor = scale === undefined ? 1 : scale.startsWith('m') ? 1e6 : 1e3
  return String(Math.round(Number(digits) * factor * 1e4) / 1e4)
}

/** A share 0 to 1 out of `60 %`, `60 percent`, `0.6`; null for what is none. */
export function shareIn(text: string): number | null {
  const value = Number(/\d{1,9}(?:\.\d{1,4})?/.exec(text)?.[0])
  const share = /%|percent|pct/.test(text) || value > 1 ? value / 100 : value
  return share >= 0 && share <= 1 ? Math.round(share * 1e6) / 1e6 : null
}

const lengths = { day: 1, week: 7, month: 30, quarter: 91, year: 365 } as const

/** Days of `3 months`, `a week`, `year`; null for `a few`. */
export function daysIn(text: string): number | null {
  if (/few|several/.test(text)) return null
  const [, count = '', unit] = /(\d{1,4})? ?(?:an? )?(day|week|month|quarter|year)s?/.exec(text) ?? []
  const length = Object.entries(lengths).find(([name]) => name === unit)?.[1]
  return length === undefined ? null : (count === '' ? 1 : Number(count)) * length
}

const monthNames = 'january february march april may june july august september october november december'.split(' ')
export const date = `(?:\\d{4}-\\d\\d-\\d\\d|(?:${monthNames.join('|')})(?: \\d{4})?|yesterday)`
const dayMs = 86_400_000

/** Whole days from a date until now: of a month its first day, of one without a year the last one that has begun. Null in the future. */
export function daysSince(text: string, now: Date): number | null {
  if (text === 'yesterday') return 1
  const iso = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : monthStart(text, now)
  const days = Math.floor((now.getTime() - iso.getTime()) / dayMs)
  return days >= 0 ? days : null
}

function monthStart(text: string, now: Date): Date {
  const [name = '', year] = text.split(' ')
  const month = monthNames.indexOf(name)
  const thisYear = now.getUTCFullYear()
  return new Date(Date.UTC(year ? Number(year) : month > now.getUTCMonth() ? thisYear - 1 : thisYear, month, 1))
}
