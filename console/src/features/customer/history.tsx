import { useQuery } from '@apollo/client/react'
import { useViewer } from '../../session/viewer.tsx'
import { dayOnAxis, formatDay, formatMoney, formatNumber, formatPercent } from '../../shared/format.ts'
import { ChartFigure } from '../../ui/chart-figure.tsx'
import { ChartLines } from '../../ui/chart-lines.tsx'
import { Section } from '../../ui/page.tsx'
import { Missing, Skeleton } from '../../ui/state.tsx'
import { CustomerHistoryDocument } from './generated/Insight.ts'

type Point = { at: string; value: number }

/** How the figures moved over a year. */
export function History({ customerId }: { customerId: string }) {
  const { currencyCode } = useViewer().tenant
  const { data, loading } = useQuery(CustomerHistoryDocument, { variables: { id: customerId, days: 365 } })
  const customer = data?.customer
  if (loading && !customer) return <Skeleton className="h-48" label="Loading history" />
  const money = (value: number) => formatMoney({ amount: String(value), currencyCode })
  return (
    <Section title="Over time">
      <div className="grid gap-6 lg:grid-cols-3">
        <Line title="Churn risk" points={customer?.churn} format={formatPercent} top={1} />
        <Line title="Value of a year" points={customer?.value} format={money} />
        <Line
          title="Engagement"
          points={customer?.engagementHistory}
          format={(value) => formatNumber(value, 0)}
          top={100}
        />
      </div>
    </Section>
  )
}

function Line({
  title,
  points,
  format,
  top,
}: {
  title: string
  points: readonly Point[] | null | undefined
  format: (value: number) => string
  top?: number
}) {
  if (!points) return <Missing what={title} />
  const first = points[0]
  const last = points.at(-1)
  const axis = dayOnAxis(points.map(({ at }) => at))
  const said =
    first && last ? `From ${format(first.value)} to ${format(last.value)} over ${points.length} days.` : 'Nothing yet.'
  return (
    <ChartFigure
      title={title}
      description={said}
      rows={points}
      columns={[
        { name: 'Day', of: ({ at }) => formatDay(at) },
        { name: title, of: ({ value }) => format(value), isNumber: true },
      ]}
      empty={
        points.length < 2
          ? 'A line needs two days; the first was kept ' + (first ? formatDay(first.at) : 'not yet') + '.'
          : null
      }
    >
      <ChartLines
        title={title}
        rows={points.map(({ at, value }) => ({ at: axis(at), value }))}
        x="at"
        lines={[{ key: 'value', name: title, color: 'accent' }]}
        format={format}
        height={140}
        {...(top !== undefined && { top })}
      />
    </ChartFigure>
  )
}
