import { useQuery } from '@apollo/client/react'
import { formatMoney, formatNumber, formatPercent } from '../../shared/format.ts'
import { useViewer } from '../../session/viewer.tsx'
import { useChoice } from './address.ts'
import { ChoiceField } from './choice-field.tsx'
import { CohortTable } from './cohort-table.tsx'
import { AnalyticsCohortsDocument } from './generated/Customers.ts'
import { Card, PartFrame } from './part-frame.tsx'

const metrics = [
  { value: 'RETENTION', label: 'Share that bought again' },
  { value: 'ORDERS', label: 'Orders' },
  { value: 'REVENUE', label: 'Revenue' },
] as const
const byPeriod = [
  { value: 'MONTH', label: 'Month' },
  { value: 'QUARTER', label: 'Quarter' },
  { value: 'WEEK', label: 'Week' },
] as const

/** Customers by the time of their first order, and what they did in each period since. */
export function CohortsPart() {
  const [by, chooseBy] = useChoice(
    'by',
    byPeriod.map(({ value }) => value),
  )
  const [metric, chooseMetric] = useChoice(
    'metric',
    metrics.map(({ value }) => value),
  )
  const { currencyCode } = useViewer().tenant
  const { data, error, loading, refetch } = useQuery(AnalyticsCohortsDocument, { variables: { by, metric } })
  const format = {
    RETENTION: formatPercent,
    ORDERS: (orders: number) => formatNumber(orders),
    REVENUE: (amount: number) => formatMoney({ amount: amount.toFixed(0), currencyCode }).replace(/[.,]00$/, ''),
  }[metric]
  return (
    <PartFrame
      choices={
        <>
          <ChoiceField label="Figure" value={metric} onChoose={chooseMetric} options={metrics} />
          <ChoiceField label="By" value={by} onChoose={chooseBy} options={byPeriod} />
        </>
      }
      data={data?.cohorts}
      isLoading={loading}
      error={error}
      onRetry={() => void refetch()}
    >
      {(cohorts) => (
        <Card>
          <h3 className="text-sm font-medium">Cohorts</h3>
          <p className="mb-3 text-xs text-ink-soft">
            One row for the customers whose first order lies in a {by.toLowerCase()}; columns count {by.toLowerCase()}s
            since. The darker, the more; the last column of a row is still going on.
          </p>
          <CohortTable cohorts={cohorts} by={by} format={format} isShare={metric === 'RETENTION'} />
        </Card>
      )}
    </PartFrame>
  )
}
