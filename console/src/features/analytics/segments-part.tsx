import { useQuery } from '@apollo/client/react'
import { formatPercent, words } from '../../shared/format.ts'
import { useNow } from '../../shared/now.tsx'
import { ChartBars } from '../../ui/chart-bars.tsx'
import { ChartFigure } from '../../ui/chart-figure.tsx'
import type { BehaviorAxis } from '../../graph/generated/schema.ts'
import { periodOf, useChoice } from './address.ts'
import { Archetypes } from './archetypes.tsx'
import { ChoiceField } from './choice-field.tsx'
import { countOf } from './figures.ts'
import { AnalyticsSegmentsDocument } from './generated/Customers.ts'
import { Card, PartFrame } from './part-frame.tsx'

const axes = [
  ...['PURCHASE_FREQUENCY', 'PURCHASE_VALUE', 'PRICE_SENSITIVITY', 'PURCHASE_CADENCE', 'CATEGORY_EXPLORATION'],
  ...['REPURCHASE_LOYALTY', 'RETURN_BEHAVIOR', 'CUSTOMER_MATURITY', 'LOYALTY_TRAJECTORY', 'SEASONALITY'],
  ...['CHANNEL_PREFERENCE', 'SUPPORT_DEMAND', 'SENTIMENT_TREND', 'ENGAGEMENT'],
] as BehaviorAxis[]

const pasts = [
  { value: '0', label: 'nothing' },
  { value: '30', label: '30 days ago' },
  { value: '90', label: '90 days ago' },
  { value: '365', label: 'a year ago' },
] as const

const nameOf = (name: string) => (name === 'not_enough_data' ? 'Not enough data' : words(name))

/** How customers are spread over the segments of an axis, and over archetypes. */
export function SegmentsPart() {
  const [axis, chooseAxis] = useChoice('axis', axes)
  const [past, choosePast] = useChoice(
    'against',
    pasts.map(({ value }) => value),
  )
  const { from } = periodOf(Number(past), useNow(3_600_000))
  const isCompared = past !== '0'
  const { data, error, loading, refetch } = useQuery(AnalyticsSegmentsDocument, {
    variables: { axis, isCompared, at: isCompared ? from : null },
  })
  const rows = (data?.now ?? [])
    .map(({ segment, count, share }) => ({
      name: nameOf(segment.name),
      count,
      share,
      then: data?.then?.find((one) => one.segment.id === segment.id)?.share ?? null,
    }))
    .toSorted((a, b) => b.share - a.share)
  const first = rows[0]
  return (
    <div className="flex flex-col gap-4">
      <PartFrame
        choices={
          <>
            <ChoiceField
              label="Axis"
              value={axis}
              onChoose={chooseAxis}
              options={axes.map((value) => ({ value, label: words(value) }))}
            />
            <ChoiceField label="Against" value={past} onChoose={choosePast} options={pasts} />
          </>
        }
        data={data?.now}
        isLoading={loading}
        error={error}
        onRetry={() => void refetch()}
      >
        {() => (
          <Card>
            <ChartFigure
              title={words(axis)}
              description={
                first && first.count > 0
                  ? `Most are ${first.name.toLowerCase()}: ${formatPercent(first.share)}.`
                  : 'Shares of the segments.'
              }
              rows={rows}
              columns={[
                { name: 'Segment', of: ({ name }) => name },
                { name: 'Customers', of: ({ count }) => countOf(count), isNumber: true },
                { name: 'Share', of: ({ share }) => formatPercent(share), isNumber: true },
                ...(isCompared
                  ? [
                      {
                        name: 'Share then',
                        of: ({ then }: { then: number | null }) => (then === null ? '–' : formatPercent(then)),
                        isNumber: true,
                      },
                    ]
                  : []),
              ]}
              empty={rows.every(({ count }) => count === 0) ? 'Nobody has ordered yet.' : null}
            >
              <ChartBars
                title={words(axis)}
                rows={rows}
                x="name"
                bars={[
                  { key: 'share', name: 'Now', color: 'accent' },
                  ...(isCompared ? [{ key: 'then', name: 'Then', color: 'faint' as const }] : []),
                ]}
                format={formatPercent}
                isLying
              />
            </ChartFigure>
          </Card>
        )}
      </PartFrame>
      <Archetypes />
    </div>
  )
}
