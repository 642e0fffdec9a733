import { IANAZone } from 'luxon'

export const dayMs = 86_400_000

/** A stretch of time in which a zone's clocks are `offset` milliseconds ahead of UTC. */
type Offset = { from: number; to: number; offset: number }

const known = new Map<string, Map<number, readonly Offset[]>>()
const daysKept = 10_000

/** The offsets of a zone on a day of UTC, counted from 1970-01-01. */
export function offsetsOf(timeZone: string, day: number): readonly Offset[] {
  const days = known.get(timeZone) ?? new Map<number, readonly Offset[]>()
  known.set(timeZone, days)
  const found = days.get(day)
  if (found) return found
  const offsets = find(IANAZone.create(timeZone), day * dayMs)
  if (days.size >= daysKept) days.clear()
  days.set(day, offsets)
  return offsets
}

/** Clocks change at most once a day. */
function find(zone: IANAZone, start: number): Offset[] {
  const offsetAt = (at: number): number => zone.offset(at) * 60_000
  const end = start + dayMs
  const [first, last] = [offsetAt(start), offsetAt(end - 1)]
  if (first === last) return [{ from: start, to: end, offset: first }]
  let [before, change] = [start, end]
  while (change - before > 1_000) {
    const middle = Math.floor((before + change) / 2_000) * 1_000
    if (offsetAt(middle) === first) before = middle
    else change = middle
  }
  return [
    { from: start, to: change, offset: first },
    { from: change, to: end, offset: last },
  ]
}
