import { countOf } from './figures.ts'
import type { AnalyticsCohortsQuery } from './generated/Customers.ts'

type Cohort = AnalyticsCohortsQuery['cohorts'][number]

/** Wider tables are read by nobody; what comes later is left out, and said. */
const mostColumns = 25

/** A heat table: the ground says how much, the number says it exactly. The first period is of no interest in shares: all bought. */
export function CohortTable({
  cohorts,
  by,
  format,
  isShare,
}: {
  cohorts: readonly Cohort[]
  by: 'WEEK' | 'MONTH' | 'QUARTER'
  format: (value: number) => string
  isShare: boolean
}) {
  if (cohorts.length === 0) return <p className="py-8 text-center text-sm text-ink-soft">Nobody has ordered yet.</p>
  const longest = Math.max(...cohorts.map(({ values }) => values.length))
  const columns = Math.min(longest, mostColumns)
  const later = cohorts.flatMap(({ values }) => values.slice(isShare ? 1 : 0, columns))
  const most = isShare ? 1 : Math.max(...later, Number.MIN_VALUE)
  return (
    <>
      <div
        tabIndex={0}
        role="region"
        aria-label="Cohorts, as a table"
        className="relative max-h-[65vh] w-fit max-w-full overflow-auto rounded-md border border-line"
      >
        <table className="border-separate border-spacing-0 text-xs tabular-nums">
          <caption className="sr-only">Customers by their first order, and what they did in each period since</caption>
          <thead className="text-ink-soft">
            <tr>
              <th scope="col" className="sticky top-0 left-0 z-20 bg-raised px-2 py-1.5 text-left font-medium">
                First order
              </th>
              <th scope="col" className="sticky top-0 z-10 bg-raised px-2 py-1.5 text-right font-medium">
                Customers
              </th>
              {Array.from({ length: columns }, (_, index) => (
                <th
                  key={index}
                  scope="col"
                  className="sticky top-0 z-10 min-w-12 bg-raised px-1 py-1.5 text-center font-medium"
                >
                  {index}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {cohorts.toReversed().map(({ startsAt, size, values }) => (
              <tr key={startsAt}>
                <th scope="row" className="sticky left-0 bg-surface px-2 py-1 text-left font-normal whitespace-nowrap">
                  {periodName(startsAt, by)}
                </th>
                <td className="px-2 py-1 text-right">{countOf(size)}</td>
                {values.slice(0, columns).map((value, index) => (
                  <td key={index} className="px-1 py-1 text-center" style={{ background: heat(value / most) }}>
                    {format(value)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {longest > columns && (
        <p className="mt-2 text-xs text-ink-faint">
          The first {columns} of {longest} periods are shown.
        </p>
      )}
    </>
  )
}

/** As far as our ink is still read upon it in both themes. */
const heat = (share: number): string =>
  `color-mix(in srgb, var(--accent) ${Math.round(Math.min(1, Math.max(0, share)) * 42)}%, var(--surface))`

export function periodName(startsAt: string, by: 'WEEK' | 'MONTH' | 'QUARTER'): string {
  const date = new Date(startsAt)
  const say = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(undefined, { timeZone: 'UTC', ...options }).format(date)
  if (by === 'QUARTER') return `Q${Math.floor(date.getUTCMonth() / 3) + 1} ${date.getUTCFullYear()}`
  return by === 'MONTH'
    ? say({ month: 'short', year: 'numeric' })
    : say({ day: 'numeric', month: 'short', year: 'numeric' })
}
