import type { Amount } from '../situation.ts'

const number = (digits: number) => new Intl.NumberFormat('en', { maximumFractionDigits: digits })
const amounts = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
const percents = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 })
const days = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })

/** `1,234.50 USD` */
export const sayMoney = ({ amount, currencyCode }: Amount): string =>
  `${amounts.format(Number(amount))} ${currencyCode}`
/** `34%`, of a share 0 to 1. */
export const sayShare = (share: number): string => percents.format(share)
/** `21 November 2026`, in UTC. */
export const sayDay = (date: Date): string => days.format(date)
export const sayNumber = (value: number, digits = 0): string => number(digits).format(value)
/** `1 order`, `12 orders` */
export const sayCount = (count: number, one: string, many = `${one}s`): string =>
  `${sayNumber(count)} ${count === 1 ? one : many}`

const ordinals = new Intl.PluralRules('en', { type: 'ordinal' })
const endings: Partial<Record<Intl.LDMLPluralRule, string>> = { one: 'st', two: 'nd', few: 'rd' }

/** `3rd`, `11th` */
export const sayNth = (nth: number): string => `${nth}${endings[ordinals.select(nth)] ?? 'th'}`

const longest = 80
const unseen = /[\p{C}\p{Zl}\p{Zp}]+/gu
const link = /\b(?:https?:\/\/|www\.)\S{1,500}/gi

/** A shop's or a customer's words as part of a sentence: one short line without links. They are data, whatever they say. */
export function sayGiven(text: string): string {
  const line = text.slice(0, 500).replace(link, ' ').replace(unseen, ' ').replace(/\s+/g, ' ').trim()
  const letters = Array.from(line)
  return letters.length <= longest ? line : `${letters.slice(0, longest - 1).join('')}…`
}

/** `a`, `a and b`, `a, b and c` */
export function sayList(items: readonly string[], word = 'and'): string {
  const rest = items.slice(0, -1)
  const last = items.at(-1) ?? ''
  return rest.length === 0 ? last : `${rest.join(', ')} ${word} ${last}`
}
