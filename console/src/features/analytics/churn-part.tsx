import { useQuery } from '@apollo/client/react'
import { dayOnAxis, formatDay, formatMoney, formatPercent } from '../../shared/format.ts'
import { useViewer } from '../../session/viewer.tsx'
import { ChartFigure } from '../../ui/chart-figure.tsx'
import { ChartLines } from '../../ui/chart-lines.tsx'
import type { ChartColor } from '../../ui/chart-parts.tsx'
import { periods, useChoice } from './address.ts'
import { PeriodField } from './choice-field.tsx'
import { countOf } from './figures.ts'
import { AnalyticsChurnDocument, type AnalyticsChurnQuery } from './generated/Customers.ts'
import { Card, PartFrame, Tile } from './part-frame.tsx'

type Point = AnalyticsChurnQuery['churnTrend'][number]

/** Churn risk day by day: how high, how many, how much of it. */
export function ChurnPart() {
  const [days] = useChoice('days', periods)
  const { currencyCode } = useViewer().tenant
  const { data, error, loading, refetch } = useQuery(AnalyticsChurnDocument, { variables: { days: Number(days) } })
  const money = (amount: number) => formatMoney({ amount: String(amount), currencyCode })
  return (
    <PartFrame
      choices={<PeriodField />}
      data={data?.churnTrend}
      isLoading={loading}
      error={error}
      onRetry={() => void refetch()}
    >
      {(points) => (
        <>
          <Now of={points.at(-1)} />
          <div className="grid gap-4 lg:grid-cols-2 xl:grid-cols-3">
            <Trend
              title="Average risk"
              points={points}
              of={(point) => point.averageRisk}
              format={formatPercent}
              color="accent"
              top={1}
            />
            <Trend
              title="Customers at 60% or more"
              points={points}
              of={(point) => point.highRiskCount}
              format={countOf}
              color="warn"
              isWhole
            />
            <Trend
              title="Revenue at risk"
              points={points}
              of={(point) => Number(point.revenueAtRisk.amount)}
              format={money}
              color="bad"
            />
          </div>
        </>
      )}
    </PartFrame>
  )
}

function Now({ of }: { of: Point | undefined }) {
  if (!of) return null
  return (
    <dl className="grid grid-cols-2 gap-3 md:grid-cols-3">
      <Tile label="Average risk today" value={formatPercent(of.averageRisk)} />
      <Tile label="Customers at 60% or more" value={countOf(of.highRiskCount)} />
      <Tile label="Revenue at risk" value={formatMoney(of.revenueAtRisk)} note="risk times a year’s expected spend" />
    </dl>
  )
}

function Trend({
  title,
  points,
  of,
  format,
  color,
  top,
  isWhole = false,
}: {
  title: string
  points: readonly Point[]
  of: (point: Point) => number
  format: (value: number) => string
  color: ChartColor
  top?: number
  isWhole?: boolean
}) {
  const first = points[0]
  const last = points.at(-1)
  const axis = dayOnAxis(points.map(({ at }) => at))
  return (
    <Card>
      <ChartFigure
        title={title}
        description={
          first && last && points.length > 1
            ? `From ${format(of(first))} on ${formatDay(first.at)} to ${format(of(last))} on ${formatDay(last.at)}.`
            : 'Day by day.'
        }
        rows={points}
        columns={[
          { name: 'Day', of: ({ at }) => formatDay(at) },
          { name: title, of: (point) => format(of(point)), isNumber: true },
        ]}
        empty={
          points.length === 1 && first
            ? `The first day was ${formatDay(first.at)}: ${format(of(first))}. A line needs two.`
            : null
        }
      >
        <ChartLines
          title={title}
          rows={points.map((point) => ({ day: axis(point.at), value: of(point) }))}
          x="day"
          lines={[{ key: 'value', name: title, color }]}
          format={format}
          {...(top !== undefined && { top })}
          isWhole={isWhole}
        />
      </ChartFigure>
    </Card>
  )
}
