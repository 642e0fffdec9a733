import { useQuery } from '@apollo/client/react'
import { formatPercent, words } from '../../shared/format.ts'
import { useNow } from '../../shared/now.tsx'
import { ChartBars } from '../../ui/chart-bars.tsx'
import { ChartFigure } from '../../ui/chart-figure.tsx'
import { ChartTable } from '../../ui/chart-table.tsx'
import { periodOf, periods, useChoice } from './address.ts'
import { PeriodField } from './choice-field.tsx'
import { countOf } from './figures.ts'
import {
  AnalyticsDraftsDocument,
  type AnalyticsDraftsQuery,
  type AnalyticsFunnelFragment,
} from './generated/Support.ts'
import { Card, PartFrame } from './part-frame.tsx'

type Funnel = AnalyticsDraftsQuery['supportMetrics']['draftFunnel']

/** What became of drafted replies. */
export function DraftsPart() {
  const [days] = useChoice('days', periods)
  const { data, error, loading, refetch } = useQuery(AnalyticsDraftsDocument, {
    variables: periodOf(Number(days), useNow(3_600_000)),
    fetchPolicy: 'cache-and-network',
  })
  return (
    <PartFrame
      choices={<PeriodField />}
      data={data?.supportMetrics.draftFunnel}
      isLoading={loading}
      error={error}
      onRetry={() => void refetch()}
    >
      {(funnel) => (
        <>
          <Total of={funnel.total} />
          {funnel.byIntent.length > 0 && <ByIntent of={funnel.byIntent} />}
        </>
      )}
    </PartFrame>
  )
}

/** From chance to success; each step is a part of the one before, but the two ways of sending. */
const steps = [
  { key: 'eligible', name: 'Replies that could have had a draft' },
  { key: 'shown', name: 'Draft seen' },
  { key: 'inserted', name: 'Draft taken up' },
  { key: 'sentUnchanged', name: 'Sent as it was' },
  { key: 'sentEdited', name: 'Sent with changes' },
  { key: 'resolved', name: 'Sent, and closed after' },
] as const

function Total({ of }: { of: AnalyticsFunnelFragment }) {
  const share = (count: number) => (of.eligible === 0 ? '–' : formatPercent(count / of.eligible))
  const sent = of.sentUnchanged + of.sentEdited
  return (
    <Card>
      <ChartFigure
        title="From chance to success"
        description={`${countOf(sent)} of ${countOf(of.eligible)} replies were sent from a draft, ${countOf(of.sentUnchanged)} of them as it was.`}
        rows={steps}
        columns={[
          { name: 'Step', of: ({ name }) => name },
          { name: 'Replies', of: ({ key }) => countOf(of[key]), isNumber: true },
          { name: 'Of all', of: ({ key }) => share(of[key]), isNumber: true },
        ]}
        empty={of.eligible === 0 ? 'Nobody has replied in this time, so no draft had a chance.' : null}
      >
        <ChartBars
          title="From chance to success"
          rows={steps.map(({ key, name }) => ({ name, count: of[key] }))}
          x="name"
          bars={[{ key: 'count', name: 'Replies', color: 'accent' }]}
          format={countOf}
          isWhole
          isLying
          nameWidth={210}
        />
      </ChartFigure>
    </Card>
  )
}

function ByIntent({ of }: { of: Funnel['byIntent'] }) {
  return (
    <Card>
      <h3 className="mb-2 text-sm font-medium">By what customers wanted</h3>
      <ChartTable
        caption="Drafts by what customers wanted"
        rows={of}
        columns={[
          { name: 'Intent', of: ({ intent }) => words(intent) },
          ...steps.map(({ key, name }) => ({
            name,
            of: ({ counts }: Funnel['byIntent'][number]) => countOf(counts[key]),
            isNumber: true,
          })),
        ]}
      />
    </Card>
  )
}
