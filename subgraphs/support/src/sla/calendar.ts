import { dayMs, offsetsOf } from './zone.ts'

/** Opening hours: local wall-clock times HH:MM:SS, `closesAt` up to 24:00:00; weekdays 1 Monday … 7 Sunday; local days YYYY-MM-DD. */
export type Calendar = {
  timeZone: string
  weekly: readonly { weekday: number; opensAt: string; closesAt: string }[]
  holidays: readonly { date: string }[]
}

/** A time of opening in milliseconds: from `start` up to, but without, `end`. */
export type Opening = { start: number; end: number }

/** Milliseconds from midnight. */
type Hours = { opens: number; closes: number }
type Compiled = { timeZone: string; hours: Hours[][]; holidays: Set<number>; days: Map<number, readonly Opening[]> }

/** Who opens so seldom that a target lies further away than this never breaches. */
const horizonDays = 3_660

const compiled = new WeakMap<Calendar, Compiled>()

/** HH:MM:SS in seconds. */
export function secondsOf(time: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number)
  return hours * 3_600 + minutes * 60 + seconds
}

function compile(calendar: Calendar): Compiled {
  const known = compiled.get(calendar)
  if (known) return known
  const hours: Hours[][] = Array.from({ length: 8 }, () => [])
  for (const { weekday, opensAt, closesAt } of calendar.weekly)
    hours[weekday]?.push({ opens: secondsOf(opensAt) * 1_000, closes: secondsOf(closesAt) * 1_000 })
  for (const day of hours) day.sort((a, b) => a.opens - b.opens)
  const holidays = new Set(calendar.holidays.map(({ date }) => Date.parse(`${date}T00:00:00Z`) / dayMs))
  const made = { timeZone: calendar.timeZone, hours, holidays, days: new Map<number, readonly Opening[]>() }
  compiled.set(calendar, made)
  return made
}

/**
 * The openings within a day of UTC. It is open whenever the clock on the wall says so: what spring leaves out does not count, and
 * what autumn repeats counts twice.
 */
function openingsOf(calendar: Compiled, day: number): readonly Opening[] {
  const known = calendar.days.get(day)
  if (known) return known
  const openings: Opening[] = []
  for (const { from, to, offset } of offsetsOf(calendar.timeZone, day)) {
    const lastDay = Math.floor((to + offset - 1) / dayMs)
    for (let local = Math.floor((from + offset) / dayMs); local <= lastDay; local += 1) {
      if (calendar.holidays.has(local)) continue
      // 1970-01-01 was a Thursday.
      for (const { opens, closes } of calendar.hours[((local + 3) % 7) + 1] ?? []) {
        const midnight = local * dayMs - offset
        add(openings, Math.max(midnight + opens, from), Math.min(midnight + closes, to))
      }
    }
  }
  calendar.days.set(day, openings)
  return openings
}

function add(openings: Opening[], start: number, end: number): void {
  const last = openings.at(-1)
  if (start >= end) return
  if (last?.end === start) last.end = end
  else openings.push({ start, end })
}

/** The openings between two instants, in order. */
export function openingsBetween(calendar: Calendar, from: number, to: number): Opening[] {
  const openings: Opening[] = []
  const all = compile(calendar)
  for (let day = Math.floor(from / dayMs); day * dayMs < to; day += 1)
    for (const { start, end } of openingsOf(all, day)) add(openings, Math.max(start, from), Math.min(end, to))
  return openings
}

/** The first instant at which so many open milliseconds have gone by since `from`; null if that is more than ten years away. */
export function addOpenMs(calendar: Calendar, from: number, ms: number): number | null {
  let left = ms
  const all = compile(calendar)
  const first = Math.floor(from / dayMs)
  for (let day = first; day < first + horizonDays; day += 1) {
    for (const { start, end } of openingsOf(all, day)) {
      const begin = Math.max(start, from)
      if (begin >= end) continue
      if (end - begin >= left) return begin + left
      left -= end - begin
    }
  }
  return null
}

/** The instant at which so many open seconds have gone by since `from`; null if that is more than ten years away. */
export function addBusinessSeconds(calendar: Calendar, from: Date, seconds: number): Date | null {
  const at = addOpenMs(calendar, from.getTime(), seconds * 1_000)
  return at === null ? null : new Date(at)
}

/** Open seconds between two instants. */
export function businessSecondsBetween(calendar: Calendar, from: Date, to: Date): number {
  const openings = openingsBetween(calendar, from.getTime(), to.getTime())
  return openings.reduce((sum, { start, end }) => sum + end - start, 0) / 1_000
}
