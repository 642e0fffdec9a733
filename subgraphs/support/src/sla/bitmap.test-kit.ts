import type { CalendarVersion } from './clock.ts'

const quarter = 900

/** Open seconds before each second of a span: the bitmap, added up. */
export type OpenSeconds = Uint32Array

/** Writes down for each of `length` seconds from `start` (a whole quarter of an hour) whether the calendar is open, by the clock on the wall. */
export function bitmapOf(calendar: CalendarVersion, start: number, length: number): OpenSeconds {
  const wall = new Intl.DateTimeFormat('en-CA', {
    timeZone: calendar.timeZone,
    dateStyle: 'short',
    timeStyle: 'medium',
    hourCycle: 'h23',
  })
  const opens = new Uint32Array(length + 1)
  const seconds = (time: string) => time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
  for (let block = 0; block < length; block += quarter) {
    // Clocks change on the quarter: within one the wall's clock just goes on.
    const [date = '', time = ''] = wall.format((start + block) * 1_000).split(', ')
    const weekday = new Date(`${date}T00:00:00Z`).getUTCDay() || 7
    const isHoliday = calendar.holidays.some((holiday) => holiday.date === date)
    const hours = calendar.weekly
      .filter((one) => one.weekday === weekday && !isHoliday)
      .map((one) => [seconds(one.opensAt), seconds(one.closesAt)] as const)
    const from = seconds(time)
    for (let second = 0; second < quarter && block + second < length; second += 1) {
      const isOpen = hours.some(([opensAt, closesAt]) => from + second >= opensAt && from + second < closesAt)
      opens[block + second + 1] = (opens[block + second] ?? 0) + (isOpen ? 1 : 0)
    }
  }
  return opens
}

/** The first second from `low` of which it is true, as of all later ones; Infinity if none up to `high`. */
export function firstSecond(low: number, high: number, is: (second: number) => boolean): number {
  if (!is(high)) return Infinity
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (is(middle)) high = middle
    else low = middle + 1
  }
  return low
}
