import { Suspense } from 'react'
import { lazyPart } from '../../ui/lazy-part.tsx'
import { Section } from '../../ui/page.tsx'
import { Missing, Skeleton } from '../../ui/state.tsx'
import { Basis } from './basis.tsx'
import { Churn } from './churn.tsx'
import { Dna } from './dna.tsx'
import type { CustomerFactsFragment } from './generated/Facts.ts'
import { Guidance } from './guidance.tsx'
import { Rhythm } from './rhythm.tsx'
import { InsightAway, NoInsight } from './unknown.tsx'
import { useInsight } from './use-insight.ts'
import { Value } from './value.tsx'

// The charts are a third of the page's weight, and lie below what one comes for.
const History = lazyPart(async () => (await import('./history.tsx')).History)

/** What Intelligence makes of a customer, at full width. */
export function PageInsight({
  customerId,
  snapshot,
}: {
  customerId: string
  snapshot: CustomerFactsFragment['insightSnapshot']
}) {
  const { insight, isLoading, isAway, retry } = useInsight(customerId)
  const status = insight?.dnaStatus
  if (isLoading && !status) return <Skeleton className="h-64" label="Loading insight" />
  if (status === 'INSUFFICIENT_DATA' || status === 'UNKNOWN_CUSTOMER')
    return (
      <Section title="Insight">
        <NoInsight status={status} />
      </Section>
    )
  const { dna, churnRisk, ltvForecast, communicationGuidance } = insight ?? {}
  return (
    <>
      {isAway && <InsightAway snapshot={dna && churnRisk ? null : snapshot} onRetry={retry} />}
      {status && (
        <>
          <div className="grid items-start gap-4 lg:grid-cols-2">
            <Section title="Churn risk">
              {churnRisk ? <Churn churn={churnRisk} /> : <Missing what="Churn risk" />}
            </Section>
            <Section title="Lifetime value">
              {ltvForecast ? <Value value={ltvForecast} /> : <Missing what="The forecast" />}
            </Section>
          </div>
          <Section title="Archetype and axes">
            {dna ? <Dna dna={dna} isWide /> : <Missing what="The profile" />}
          </Section>
          <div className="grid items-start gap-4 lg:grid-cols-2">
            <Section title="How they buy">{insight && <Rhythm of={insight} />}</Section>
            <Section title="How to talk to them">
              {communicationGuidance ? <Guidance advice={communicationGuidance} /> : <Missing what="Guidance" />}
            </Section>
          </div>
          <Suspense fallback={<Skeleton className="h-64" label="Loading charts" />}>
            <History customerId={customerId} />
          </Suspense>
          {churnRisk && <Basis of={churnRisk.basis} isStale={status === 'STALE'} />}
        </>
      )}
    </>
  )
}
