import { formatDateTime } from '../../shared/format.ts'

export type Preset = { id: string; label: string; at: Date; shown: string }

const hour = 3_600_000

/** Times that one often means, after `now` (ms); times of day are the person's own. */
export function presetTimes(now: number): Preset[] {
  const at = (days: number, hours: number) => {
    const day = new Date(now)
    day.setDate(day.getDate() + days)
    day.setHours(hours, 0, 0, 0)
    return day
  }
  const today = new Date(now)
  const toMonday = (8 - today.getDay()) % 7 || 7
  const evening = at(0, 17)
  const presets: [string, string, Date][] = [
    ['1h', 'In 1 hour', new Date(now + hour)],
    ['3h', 'In 3 hours', new Date(now + 3 * hour)],
    ...(evening.getTime() > now + 4 * hour ? ([['today', 'Today 17:00', evening]] as [string, string, Date][]) : []),
    ['tomorrow', 'Tomorrow 9:00', at(1, 9)],
    ['in3days', 'In 3 days', at(3, 9)],
    ...(toMonday > 1 ? ([['week', 'Next week', at(toMonday, 9)]] as [string, string, Date][]) : []),
    ['7days', 'In a week', at(7, 9)],
  ]
  const seen = new Set<number>()
  return presets
    .filter(([, , time]) => !seen.has(time.getTime()) && seen.add(time.getTime()))
    .map(([id, label, time]) => ({ id, label, at: time, shown: formatDateTime(time.toISOString()) }))
}

/** As `<input type="datetime-local">` writes it, in the person's own time zone. */
export function localInput(time: number): string {
  const date = new Date(time)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`
}

/** The instant that such an input names; null where it names none. */
export function instantOf(input: string): string | null {
  const time = Date.parse(input)
  return Number.isNaN(time) ? null : new Date(time).toISOString()
}
