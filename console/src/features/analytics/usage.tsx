import { useQuery } from '@apollo/client/react'
import { dayOnAxis, formatDay, formatMoney, words } from '../../shared/format.ts'
import { ChartBars } from '../../ui/chart-bars.tsx'
import { ChartFigure } from '../../ui/chart-figure.tsx'
import { Missing, Skeleton } from '../../ui/state.tsx'
import { countOf, total } from './figures.ts'
import { AnalyticsUsageDocument, type AnalyticsUsageQuery } from './generated/Models.ts'
import { Card } from './part-frame.tsx'

type Row = AnalyticsUsageQuery['generationUsage'][number]

/** Prices of language models are in dollars, whatever the business's currency. */
const dollars = (amount: number) => formatMoney({ amount: String(amount), currencyCode: 'USD' })
const days = 30

/** What language models were used for, and what that cost. */
export function Usage() {
  const { data, loading } = useQuery(AnalyticsUsageDocument, { variables: { days } })
  const rows = data?.generationUsage
  if (!rows)
    return <Card>{loading ? <Skeleton className="h-40" label="Loading usage" /> : <Missing what="Usage" />}</Card>
  const cost = total(rows.map((row) => Number(row.cost)))
  return (
    <Card>
      <ChartFigure
        title="Language models"
        description={`${countOf(total(rows.map(({ calls }) => calls)))} calls in ${days} days, for ${dollars(cost)}.`}
        rows={rows}
        columns={[
          { name: 'Day', of: ({ day }) => formatDay(day) },
          { name: 'Model', of: ({ generator }) => generator },
          { name: 'For', of: ({ purpose }) => words(purpose) },
          { name: 'Calls', of: ({ calls }) => countOf(calls), isNumber: true },
          { name: 'Failed', of: ({ failures }) => countOf(failures), isNumber: true },
          { name: 'Tokens read', of: ({ inputTokens }) => countOf(Number(inputTokens)), isNumber: true },
          { name: 'Tokens written', of: ({ outputTokens }) => countOf(Number(outputTokens)), isNumber: true },
          { name: 'Cost', of: (row) => dollars(Number(row.cost)), isNumber: true },
        ]}
        empty={
          rows.length === 0 ? 'None was called: the built-in writer needs no outside model, and costs nothing.' : null
        }
      >
        <ChartBars
          title="Language models"
          rows={byDay(rows)}
          x="day"
          bars={[{ key: 'calls', name: 'Calls', color: 'accent' }]}
          format={countOf}
          isWhole
        />
      </ChartFigure>
    </Card>
  )
}

/** Calls of a day together, oldest first. */
function byDay(rows: readonly Row[]) {
  const calls = new Map<string, number>()
  for (const { day, calls: count } of rows) calls.set(day, (calls.get(day) ?? 0) + count)
  const axis = dayOnAxis([...calls.keys()])
  return [...calls].toSorted(([a], [b]) => a.localeCompare(b)).map(([day, count]) => ({ day: axis(day), calls: count }))
}
