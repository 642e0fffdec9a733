export const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

export type Opening = { weekday: number; opensAt: string; closesAt: string }

/** HH:MM of HH:MM:SS. */
export const minutesOf = (time: string): string => time.slice(0, 5)

/** "Monday to Friday, 09:00–17:00": days with the same hours that follow one another are said together. */
export function weekWords(weekly: readonly Opening[]): string[] {
  const hours = weekdays.map((_, at) =>
    weekly
      .filter(({ weekday }) => weekday === at + 1)
      .toSorted((a, b) => a.opensAt.localeCompare(b.opensAt))
      .map(({ opensAt, closesAt }) => `${minutesOf(opensAt)}–${minutesOf(closesAt)}`)
      .join(' and '),
  )
  const lines: string[] = []
  for (let from = 0; from < hours.length;) {
    let to = from
    while (hours[to + 1] === hours[from]) to += 1
    const days = from === to ? weekdays[from] : `${weekdays[from]} to ${weekdays[to]}`
    if (hours[from]) lines.push(`${days}, ${hours[from]}`)
    from = to + 1
  }
  return lines
}

/** A week as it is edited: for each day its openings, HH:MM. */
export type Week = { opens: string; closes: string }[][]

export const weekOf = (weekly: readonly Opening[]): Week =>
  weekdays.map((_, at) =>
    weekly
      .filter(({ weekday }) => weekday === at + 1)
      .toSorted((a, b) => a.opensAt.localeCompare(b.opensAt))
      .map(({ opensAt, closesAt }) => ({ opens: minutesOf(opensAt), closes: minutesOf(closesAt) })),
  )

/** Midnight at the end is 24:00, which a field for times shows as 00:00. */
export const weeklyOf = (week: Week): Opening[] =>
  week.flatMap((day, at) =>
    day.map(({ opens, closes }) => ({
      weekday: at + 1,
      opensAt: `${opens}:00`,
      closesAt: closes === '00:00' || closes === '24:00' ? '24:00:00' : `${closes}:00`,
    })),
  )

/** What is wrong with a day, if anything. */
export function wrongOfDay(day: Week[number]): string | null {
  const ends = day.map(({ opens, closes }) => [opens, closes === '00:00' ? '24:00' : closes] as const)
  if (ends.some(([opens, closes]) => opens === '' || closes === '')) return 'Say when it opens and closes.'
  if (ends.some(([opens, closes]) => opens >= closes)) return 'It closes later than it opens.'
  const inOrder = ends.toSorted(([a], [b]) => a.localeCompare(b))
  if (inOrder.some(([opens], at) => at > 0 && (inOrder[at - 1]?.[1] ?? '') > opens)) return 'Openings overlap.'
  return null
}
