import { type Day, type Fact, type Found, matches } from './fact.ts'

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const month =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)'
const nth = String.raw`(\d{1,2})(?:st|nd|rd|th)?`
const b = String.raw`(?<![\w-])`

const iso = new RegExp(String.raw`${b}(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)`, 'g')
const dayFirst = new RegExp(String.raw`${b}${nth}(?: of)?[ -]${month}\.?(?:,?[ -](\d{4}))?(?![\w])`, 'gi')
const monthFirst = new RegExp(String.raw`${b}${month}\.? ${nth}(?:,? (\d{4}))?(?![\w])`, 'gi')
const numeric = new RegExp(String.raw`${b}(\d{1,2})[./](\d{1,2})(?:[./](\d{4}|\d{2}))(?!\d)`, 'g')
const short = new RegExp(String.raw`${b}(\d{1,2})/(\d{1,2})(?![\d/])`, 'g')
const monthOnly = new RegExp(
  String.raw`(?<=\b(?:in|since|of|from|by|until|till|early|late|mid|end of|last|next) )${month}(?:,? (\d{4}))?(?![\w])`,
  'gi',
)
const monthYear = new RegExp(String.raw`${b}${month} (\d{4})(?![\w])`, 'gi')
const weekday = /(?<![\w-])(?:(?:next|this|last|coming) )?(sun|mon|tues?|wednes|thurs?|fri|satur)day(?:'?s)?(?![\w])/gi
const relative =
  /(?<![\w-])(?:the day (after tomorrow|before yesterday)|(yesterday|tomorrow|tonight|overnight|today)|(?:same|next)[- ]day|(?:next|this|last|coming|following) (?:week|weekend|month|year)|(?:end|close) of (?:the )?(?:day|week|month|business)|by noon|midnight|(?:a )?fortnight|christmas|easter|thanksgiving|black friday|new year)(?![\w])/gi
const time = /(?<![\w])(?:\d{1,2}(?::\d{2})? ?[ap]\.?m\.?|\d{1,2}:\d{2}(?: ?h)?|\d{1,2} o'clock)(?![\w])/gi
const hasMonth = /jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec/i
/** A part of each of the words above that say when. */
const hasWhen =
  /day|tomorrow|tonight|overnight|week|month|year|business|noon|midnight|fortnight|christmas|easter|thanksgiving/i
const offsets: Readonly<Record<string, number>> = {
  'after tomorrow': 2,
  'before yesterday': -2,
  yesterday: -1,
  today: 0,
  tonight: 0,
  tomorrow: 1,
}

/** Days, months, weekdays, words like "tomorrow" and hours. A day that can be read in two ways is both. */
export const datesIn = (text: string): Found[] => [
  ...(/\d/.test(text) ? figuredDatesIn(text) : []),
  ...wordedDatesIn(text),
]

const figuredDatesIn = (text: string): Found[] => [
  ...matches(text, iso, ([found, y, m, d]) => days(found, [day(y, m, d)])),
  ...matches(text, numeric, ([found, first, second, y]) =>
    days(found, [day(century(y!), second, first), day(century(y!), first, second)]),
  ),
  ...(hasMonth.test(text) ? figuredMonthsIn(text) : []),
  ...matches(text, short, ([found, first, second]) =>
    days(found, [day(undefined, second, first), day(undefined, first, second)]),
  ),
  ...matches(text, time, ([found]) => ({ kind: 'TIME', value: timeOf(found), text: found })),
]

const figuredMonthsIn = (text: string): Found[] => [
  ...matches(text, dayFirst, ([found, d, m, y]) => days(found, [day(y, monthOf(m!), d)])),
  ...matches(text, monthFirst, ([found, m, d, y]) => days(found, [day(y, monthOf(m!), d)])),
  ...matches(text, monthYear, ([found, m, y]) => days(found, [day(y, monthOf(m!))])),
]

const wordedDatesIn = (text: string): Found[] => [
  ...(hasMonth.test(text) ? matches(text, monthOnly, ([found, m, y]) => days(found, [day(y, monthOf(m!))])) : []),
  ...(hasWhen.test(text) ? wordedDaysIn(text) : []),
]

const wordedDaysIn = (text: string): Found[] => [
  ...matches(text, weekday, ([found, name]) => ({
    kind: 'WEEKDAY',
    weekday: weekdays.indexOf(name!.slice(0, 3).toLowerCase()),
    text: found,
  })),
  ...matches(text, relative, ([found, far, near]) => ({
    kind: 'RELATIVE',
    offset: offsets[(far ?? near ?? '').toLowerCase()] ?? null,
    text: found,
  })),
]

const timeOf = (text: string): string => text.toLowerCase().replace(/[ .]/g, '')
const monthOf = (name: string): string => String(months.indexOf(name.slice(0, 3).toLowerCase()) + 1)
const century = (year: string): string => (year.length === 2 ? `20${year}` : year)
const days = (text: string, found: readonly Day[]): Fact | null => {
  const real = found.filter(({ month, day }) => (month ?? 1) <= 12 && (day ?? 1) <= 31 && month !== 0)
  return real.length === 0 ? null : { kind: 'DAY', days: real, text }
}
const number = (text: string | undefined): number | null => (text === undefined ? null : Number(text))
const day = (year?: string, month?: string, date?: string): Day => ({
  year: number(year),
  month: number(month),
  day: number(date),
})

export const dayOf = (date: Date): Day => ({
  year: date.getUTCFullYear(),
  month: date.getUTCMonth() + 1,
  day: date.getUTCDate(),
})

/** Whether two say the same where both say something. */
export const isSameDay = (a: Day, b: Day): boolean =>
  (['year', 'month', 'day'] as const).every((part) => a[part] === null || b[part] === null || a[part] === b[part])
