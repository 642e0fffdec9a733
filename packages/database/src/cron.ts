import { parseCronItem } from 'graphile-worker'

const minuteMs = 60_000
const dayMs = 86_400_000
/** What does not come within so many days is no schedule. */
const farthest = 366

/**
 * The first minute after `after`, in UTC, that the five fields match, as the crons of jobs do; null if none does within 366 days, or if these
 * are no five fields. At most some 20 ms.
 */
export function nextMatch(match: string, after: Date): Date | null {
  const matches = matcherOf(match)
  if (!matches) return null
  const first = (Math.floor(after.getTime() / minuteMs) + 1) * minuteMs
  const today = Math.floor(first / dayMs) * dayMs
  for (let day = 0; day <= farthest; day += 1) {
    const start = today + day * dayMs
    const midnight = new Date(start)
    const date = { date: midnight.getUTCDate(), month: midnight.getUTCMonth() + 1, dow: midnight.getUTCDay() }
    for (let minute = Math.max(0, first - start) / minuteMs; minute < 1_440; minute += 1) {
      if (matches({ ...date, hour: Math.floor(minute / 60), min: minute % 60 }))
        return new Date(start + minute * minuteMs)
    }
  }
  return null
}

function matcherOf(match: string) {
  try {
    return parseCronItem({ task: 'any', match }).match
  } catch {
    return null
  }
}
