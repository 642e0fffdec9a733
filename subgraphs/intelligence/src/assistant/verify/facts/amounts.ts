import { type Found, matches } from './fact.ts'
import { digits, figure, valueOf } from './figures.ts'

const symbols: Readonly<Record<string, string>> = {
  $: '$',
  '€': 'EUR',
  '£': 'GBP',
  '¥': 'JPY',
  '₹': 'INR',
  '₺': 'TRY',
  '₩': 'KRW',
  '₽': 'RUB',
  '₿': 'BTC',
}
const names: Readonly<Record<string, string>> = {
  dollar: '$',
  buck: '$',
  euro: 'EUR',
  pound: 'GBP',
  quid: 'GBP',
  yen: 'JPY',
  rupee: 'INR',
  franc: 'CHF',
  bitcoin: 'BTC',
}
const codes = new Set(Intl.supportedValuesOf('currency'))
const dollars = new Set(['USD', 'CAD', 'AUD', 'NZD', 'SGD', 'HKD', 'MXN', '$'])
const sign = '[$€£¥₹₺₩₽₿]'
const word = '(?:dollars?|bucks?|euros?|pounds?|quid|yen|rupees?|francs?|bitcoins?)'

const before = new RegExp(String.raw`(?<![\w.,])(?:(?:us|ca|au|nz)?(${sign})|([a-z]{3}))\s?(${digits})(?![\w%])`, 'gi')
const after = new RegExp(String.raw`(?<![\w.,])(${figure})\s?(?:(${sign})(?!\d)|(${word}|[a-z]{3})(?![a-z]))`, 'gi')
const percent = new RegExp(
  String.raw`(?<![\w.,])(${figure})\s?(?:%|percent(?![a-z])|per cent(?![a-z])|pct(?![a-z]))`,
  'gi',
)
const cents = new RegExp(String.raw`(?<![\w.,])(${figure})\s?(?:cents?|pence)(?![a-z])`, 'gi')

/** Sums of money with their currency, in digits or words. */
export const amountsIn = (text: string): Found[] => [
  ...matches(text, before, ([found, symbol, code, sum]) => amount(found, sum!, currencyOf(symbol ?? code!))),
  ...matches(text, after, ([found, sum, symbol, name]) => amount(found, sum!, currencyOf(symbol ?? name!))),
  ...matches(text, cents, ([found, sum]) => amount(found, `0.${valueOf(sum!).padStart(2, '0')}`, '$')),
]

export const percentsIn = (text: string): Found[] =>
  matches(text, percent, ([found, value]) => ({ kind: 'PERCENT', value: valueOf(value!), text: found }))

const amount = (text: string, sum: string, currency: string | null) =>
  currency === null ? null : ({ kind: 'AMOUNT', value: valueOf(sum), currency, text } as const)

function currencyOf(name: string): string | null {
  const known = symbols[name] ?? names[name.toLowerCase().replace(/s$/, '')]
  if (known !== undefined) return known
  return codes.has(name.toUpperCase()) && name === name.toUpperCase() ? name : null
}

/** A dollar sign is every dollar's. */
export const isSameCurrency = (a: string, b: string): boolean =>
  a === b || ((a === '$' || b === '$') && dollars.has(a) && dollars.has(b))
