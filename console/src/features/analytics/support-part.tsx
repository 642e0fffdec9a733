import { useQuery } from '@apollo/client/react'
import { dayOnAxis, formatDay, formatPercent } from '../../shared/format.ts'
import { useNow } from '../../shared/now.tsx'
import { ChartBars } from '../../ui/chart-bars.tsx'
import { ChartFigure } from '../../ui/chart-figure.tsx'
import { ChartLines } from '../../ui/chart-lines.tsx'
import { periodOf, periods, useChoice } from './address.ts'
import { PeriodField } from './choice-field.tsx'
import { channelName, countOf, durationOf, percentOf, scoreOf, shortDuration } from './figures.ts'
import { AnalyticsSupportDocument, type AnalyticsSupportQuery } from './generated/Support.ts'
import { Card, PartFrame, Tile } from './part-frame.tsx'
import { SlaAttainment } from './sla-attainment.tsx'

export type SupportMetrics = AnalyticsSupportQuery['supportMetrics']

/** How the team did: volume, speed, promises, channels. */
export function SupportPart() {
  const [days] = useChoice('days', periods)
  const today = useNow(3_600_000)
  const { data, error, loading, refetch } = useQuery(AnalyticsSupportDocument, {
    variables: periodOf(Number(days), today),
    fetchPolicy: 'cache-and-network',
  })
  return (
    <PartFrame
      choices={<PeriodField />}
      data={data?.supportMetrics}
      isLoading={loading}
      error={error}
      onRetry={() => void refetch()}
    >
      {(metrics) => (
        <>
          <Tiles of={metrics} />
          <div className="grid gap-4 lg:grid-cols-2 xl:grid-cols-3">
            <Volume of={metrics} />
            <FirstResponse of={metrics} />
            <SlaAttainment of={metrics.slaAttainment} />
            <Channels of={metrics} />
          </div>
        </>
      )}
    </PartFrame>
  )
}

function Tiles({ of }: { of: SupportMetrics }) {
  const { answered, average, positiveShare } = of.satisfaction
  return (
    <dl className="grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-6">
      <Tile label="Opened" value={countOf(of.created)} />
      <Tile label="Closed" value={countOf(of.closed)} />
      <Tile label="Reopened" value={countOf(of.reopened)} />
      <Tile label="First response" value={durationOf(of.medianFirstResponseSeconds)} note="median" />
      <Tile label="Resolution" value={durationOf(of.medianResolutionSeconds)} note="median" />
      <Tile
        label="Satisfaction"
        value={scoreOf(average)}
        note={positiveShare === null ? 'no answers' : `${countOf(answered)} answers, ${percentOf(positiveShare)} good`}
      />
    </dl>
  )
}

function Volume({ of: { series, created, closed } }: { of: SupportMetrics }) {
  const first = series[0]
  const axis = dayOnAxis(series.map(({ date }) => date))
  return (
    <Card className="col-span-full">
      <ChartFigure
        title="Tickets a day"
        description={`${countOf(created)} opened and ${countOf(closed)} closed${first ? ` since ${formatDay(first.date)}` : ''}.`}
        rows={series}
        columns={[
          { name: 'Day', of: ({ date }) => formatDay(date) },
          { name: 'Opened', of: (row) => row.created, isNumber: true },
          { name: 'Closed', of: (row) => row.closed, isNumber: true },
        ]}
        empty={created + closed === 0 ? 'No ticket was opened or closed in this time.' : null}
      >
        <ChartBars
          title="Tickets a day"
          rows={series.map(({ date, ...row }) => ({ day: axis(date), created: row.created, closed: row.closed }))}
          x="day"
          bars={[
            { key: 'created', name: 'Opened', color: 'accent' },
            { key: 'closed', name: 'Closed', color: 'good' },
          ]}
          format={countOf}
          isWhole
        />
      </ChartFigure>
    </Card>
  )
}

function FirstResponse({ of: { series, medianFirstResponseSeconds } }: { of: SupportMetrics }) {
  const axis = dayOnAxis(series.map(({ date }) => date))
  const known = series.filter((point) => point.medianFirstResponseSeconds !== null)
  return (
    <Card>
      <ChartFigure
        title="First response"
        description={`Median time to the first answer, by the day of opening${medianFirstResponseSeconds === null ? '' : `; over all ${durationOf(medianFirstResponseSeconds)}`}.`}
        rows={known}
        columns={[
          { name: 'Day', of: ({ date }) => formatDay(date) },
          { name: 'Median', of: (row) => durationOf(row.medianFirstResponseSeconds), isNumber: true },
        ]}
        empty={known.length === 0 ? 'Nothing opened in this time has been answered yet.' : null}
      >
        <ChartLines
          title="First response"
          rows={series.map(({ date, medianFirstResponseSeconds: median }) => ({ day: axis(date), median }))}
          x="day"
          lines={[{ key: 'median', name: 'Median', color: 'accent' }]}
          format={shortDuration}
        />
      </ChartFigure>
    </Card>
  )
}

function Channels({ of: { byChannel, created } }: { of: SupportMetrics }) {
  const rows = byChannel.toSorted((a, b) => b.count - a.count)
  const first = rows[0]
  return (
    <Card>
      <ChartFigure
        title="Channels"
        description={
          first && created > 0
            ? `Most came by ${channelName(first.channel)}: ${formatPercent(first.count / created)}.`
            : 'How customers wrote.'
        }
        rows={rows}
        columns={[
          { name: 'Channel', of: ({ channel }) => channelName(channel) },
          { name: 'Tickets', of: ({ count }) => countOf(count), isNumber: true },
        ]}
      >
        <ChartBars
          title="Channels"
          rows={rows.map(({ channel, count }) => ({ channel: channelName(channel), count }))}
          x="channel"
          bars={[{ key: 'count', name: 'Tickets', color: 'accent' }]}
          format={countOf}
          isWhole
          isLying
          nameWidth={60}
        />
      </ChartFigure>
    </Card>
  )
}
