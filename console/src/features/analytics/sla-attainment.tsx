import { formatPercent, words } from '../../shared/format.ts'
import { ChartBars } from '../../ui/chart-bars.tsx'
import { ChartFigure } from '../../ui/chart-figure.tsx'
import { countOf, percentOf, total } from './figures.ts'
import { Card } from './part-frame.tsx'
import type { SupportMetrics } from './support-part.tsx'

/** How the promises were kept, for each kind of clock that ended. */
export function SlaAttainment({ of }: { of: SupportMetrics['slaAttainment'] }) {
  const rows = of.filter(({ achieved, breached }) => achieved + breached > 0)
  const achieved = total(rows.map((row) => row.achieved))
  const all = achieved + total(rows.map((row) => row.breached))
  return (
    <Card>
      <ChartFigure
        title="SLA attainment"
        description={
          all === 0
            ? 'Promises kept and broken.'
            : `${formatPercent(achieved / all)} of ${countOf(all)} promises were kept.`
        }
        rows={rows}
        columns={[
          { name: 'Promise', of: ({ metric }) => words(metric) },
          { name: 'Kept', of: (row) => countOf(row.achieved), isNumber: true },
          { name: 'Broken', of: (row) => countOf(row.breached), isNumber: true },
          { name: 'Rate', of: ({ rate }) => percentOf(rate), isNumber: true },
        ]}
        empty={rows.length === 0 ? 'No promise ended in this time.' : null}
      >
        <ChartBars
          title="SLA attainment"
          rows={rows.map((row) => ({
            metric: `${words(row.metric)} ${percentOf(row.rate)}`,
            achieved: row.achieved,
            breached: row.breached,
          }))}
          x="metric"
          bars={[
            { key: 'achieved', name: 'Kept', color: 'good' },
            { key: 'breached', name: 'Broken', color: 'bad' },
          ]}
          format={countOf}
          isWhole
          isLying
          isStacked
          nameWidth={140}
        />
      </ChartFigure>
    </Card>
  )
}
