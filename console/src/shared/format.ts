/** Words and figures in the person's own language and time zone. */

const locale = () => (typeof navigator === 'undefined' ? 'en' : navigator.language)
const once = <Key, Value>(make: (key: Key) => Value) => {
  const kept = new Map<Key, Value>()
  return (key: Key): Value => {
    if (!kept.has(key)) kept.set(key, make(key))
    return kept.get(key) as Value
  }
}
const moneyOf = once(
  (currency: string) => new Intl.NumberFormat(locale(), { style: 'currency', currency, maximumFractionDigits: 2 }),
)
const wholeMoneyOf = once(
  (currency: string) => new Intl.NumberFormat(locale(), { style: 'currency', currency, maximumFractionDigits: 0 }),
)
const relative = once((_: 0) => new Intl.RelativeTimeFormat(locale(), { numeric: 'auto', style: 'short' }))
const dateTime = once((_: 0) => new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'short' }))
const dateOnly = once((_: 0) => new Intl.DateTimeFormat(locale(), { dateStyle: 'medium' }))
const percent = once((_: 0) => new Intl.NumberFormat(locale(), { style: 'percent', maximumFractionDigits: 0 }))
const number = once((digits: number) => new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }))

export type MoneyLike = { amount: string; currencyCode: string }

export const formatMoney = ({ amount, currencyCode }: MoneyLike): string => {
  const value = Number(amount)
  return (Math.abs(value) >= 1_000 ? wholeMoneyOf : moneyOf)(currencyCode).format(value)
}
/** A share of one: 0.42 is 42 %. */
export const formatPercent = (share: number): string => percent(0).format(share)
export const formatNumber = (value: number, digits = 1): string => number(digits).format(value)
export const formatDateTime = (iso: string): string => dateTime(0).format(new Date(iso))
export const formatDate = (iso: string): string => dateOnly(0).format(new Date(iso))

const utcDay = once((_: 0) => new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeZone: 'UTC' }))
const utcDayOfYear = once(
  (_: 0) => new Intl.DateTimeFormat(locale(), { month: 'short', day: 'numeric', timeZone: 'UTC' }),
)
/** A UTC day: "Oct 10, 2026"; the same for `2026-10-10` and its first instant. */
export const formatDay = (date: string): string => utcDay(0).format(new Date(date))

/** How the axis of a chart names its days: "Oct 10", with the year where they are of more than one. */
export function dayOnAxis(dates: readonly string[]): (date: string) => string {
  const years = new Set(dates.map((date) => new Date(date).getUTCFullYear()))
  return years.size > 1 ? formatDay : (date) => utcDayOfYear(0).format(new Date(date))
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

/** "3 hr. ago", "in 2 days"; "now" within a minute. */
export function formatRelative(iso: string, now: number): string {
  const seconds = (Date.parse(iso) - now) / 1_000
  const [unit, size] = steps.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 0]
  return size === 0 ? 'now' : relative(0).format(Math.trunc(seconds / size), unit)
}

/** A duration in its two largest units: "2 d 3 h", "4 min 10 s". */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const parts = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3_600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's'],
  ] as const
  const first = parts.findIndex(([count]) => count > 0)
  if (first === -1) return '0 s'
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ')
}

/** FIRST_RESPONSE → "First response". */
export function words(constant: string): string {
  const text = constant.toLowerCase().replaceAll('_', ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}
