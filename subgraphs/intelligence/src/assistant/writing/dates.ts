const months = 'January February March April May June July August September October November December'.split(' ')

/** "20 November", with the year where it is not this one; UTC. */
export function dayOf(date: Date, now: Date, isShort: boolean): string {
  const month = months[date.getUTCMonth()]!
  const year = date.getUTCFullYear() === now.getUTCFullYear() ? '' : ` ${date.getUTCFullYear()}`
  return `${date.getUTCDate()} ${isShort ? month.slice(0, 3) : month}${year}`
}

/** As records have it: 2026-11-20. */
export const isoDay = (date: Date): string => date.toISOString().slice(0, 10)

export const daysBetween = (earlier: Date, later: Date): number => (later.getTime() - earlier.getTime()) / 86_400_000
