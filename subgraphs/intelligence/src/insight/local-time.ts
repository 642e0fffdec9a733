import { codedError } from '@quimbi/service/errors.ts'

/** `weekday` 0 Monday … 6 Sunday, `hour` 0…23, as a clock on the wall shows them. */
export type LocalHour = { weekday: number; hour: number }

const hourMs = 3_600_000
/** Offsets change on the half hour at the finest. */
const blockMs = hourMs / 2

/** @throws GraphQLError BAD_USER_INPUT for a time zone that does not exist */
export function createLocalTime(timeZone: string): (at: number) => LocalHour {
  const format = formatOf(timeZone)
  const offsets = new Map<number, number>()
  return (at) => {
    const block = Math.floor(at / blockMs)
    const offset = offsets.get(block) ?? offsetAt(format, block * blockMs)
    offsets.set(block, offset)
    const hours = Math.floor((at + offset) / hourMs)
    const days = Math.floor(hours / 24)
    // 1970 began on a Thursday.
    return { weekday: (((days + 3) % 7) + 7) % 7, hour: hours - 24 * days }
  }
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const numeric = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const
  try {
    return new Intl.DateTimeFormat('en', { timeZone, calendar: 'iso8601', hourCycle: 'h23', ...numeric })
  } catch {
    throw codedError('BAD_USER_INPUT', `There is no time zone ${timeZone}.`, { reason: 'TIME_ZONE' })
  }
}

/** Local minus UTC, in ms, at an instant on a whole half hour. */
function offsetAt(format: Intl.DateTimeFormat, at: number): number {
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute')) - at
}
