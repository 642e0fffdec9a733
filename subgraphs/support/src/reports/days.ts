const day = 86_400_000

/** Every day that a time touches in a time zone, in order, as YYYY-MM-DD; `to` itself is not included. Pure. */
export function daysOf(from: Date, to: Date, timeZone: string): string[] {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
  const [first, last] = [format.format(from), format.format(new Date(to.getTime() - 1))]
  // From calendar day to calendar day, where each has 24 hours.
  const count = Math.round((Date.parse(last) - Date.parse(first)) / day) + 1
  return Array.from({ length: count }, (_, index) =>
    new Date(Date.parse(first) + index * day).toISOString().slice(0, 10),
  )
}
