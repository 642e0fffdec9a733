/** How long a server asks to be left alone; nothing where it does not say, or not in a way that can be read. */
export function retryAfterMs({ headers }: { headers?: Headers | undefined }): number | undefined {
  const ms = headers?.get('retry-after-ms') ?? ''
  if (whole.test(ms)) return Number(ms)
  const said = headers?.get('retry-after') ?? ''
  if (whole.test(said)) return Number(said) * 1_000
  // By the server's own clock: ours may differ.
  const until = timeOf(said) - timeOf(headers?.get('date') ?? '')
  return Number.isNaN(until) ? undefined : Math.max(0, until)
}

const whole = /^\d{1,9}$/
const timeOf = (date: string): number => (date.endsWith(' GMT') ? Date.parse(date) : Number.NaN)
