import { useQuery } from '@apollo/client/react'
import { formatNumber, words } from '../../shared/format.ts'
import { ChartBars } from '../../ui/chart-bars.tsx'
import { ChartFigure } from '../../ui/chart-figure.tsx'
import { Missing, Skeleton } from '../../ui/state.tsx'
import { useChoice } from './address.ts'
import { ChoiceField } from './choice-field.tsx'
import { AnalyticsDriftDocument } from './generated/Models.ts'
import { Card } from './part-frame.tsx'

const kinds = [
  { value: 'CHURN', label: 'Churn' },
  { value: 'LTV', label: 'Value' },
  { value: 'SEGMENTATION', label: 'Segments' },
] as const

const name = (feature: string) => words(feature.replaceAll(/([a-z])([A-Z0-9])/g, '$1 $2'))
const shown = 12

/** How far today's customers are from those that the models learnt from. */
export function Drift() {
  const [kind, choose] = useChoice(
    'kind',
    kinds.map(({ value }) => value),
  )
  const { data, loading } = useQuery(AnalyticsDriftDocument, { variables: { kind } })
  const drift = data?.drift
  if (!drift)
    return <Card>{loading ? <Skeleton className="h-40" label="Loading drift" /> : <Missing what="Drift" />}</Card>
  const alarms = drift.filter(({ alarm }) => alarm).length
  const split = drift.slice(0, shown).map(({ feature, alarm, populationStabilityIndex: psi }) => ({
    feature: name(feature),
    quiet: alarm ? null : psi,
    alarm: alarm ? psi : null,
  }))
  return (
    <Card>
      <ChartFigure
        title="Drift"
        description={
          alarms === 0
            ? 'How far the customers have moved since the training; from 0.2 on it is time to train anew.'
            : `${alarms} ${alarms === 1 ? 'feature has' : 'features have'} moved by 0.2 or more: time to train anew.`
        }
        choice={<ChoiceField label="Of" value={kind} onChoose={choose} options={kinds} />}
        rows={drift}
        columns={[
          { name: 'Feature', of: ({ feature }) => name(feature) },
          {
            name: 'Population stability index',
            of: (row) => formatNumber(row.populationStabilityIndex, 3),
            isNumber: true,
          },
          { name: 'Alarm', of: ({ alarm }) => (alarm ? 'yes' : 'no') },
        ]}
        empty={
          drift.length === 0
            ? 'The models that ship are in use: they learnt from nobody here, so there is nothing to drift from.'
            : null
        }
      >
        <ChartBars
          title="Drift"
          rows={split}
          x="feature"
          bars={[
            { key: 'quiet', name: 'Below 0.2', color: 'accent' },
            { key: 'alarm', name: '0.2 or more', color: 'bad' },
          ]}
          format={(value) => formatNumber(value, 2)}
          isLying
          isStacked
          nameWidth={170}
        />
      </ChartFigure>
    </Card>
  )
}
