import { formatMoney, formatPercent, words } from '../../shared/format.ts'
import { Skeleton } from '../../ui/state.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Basis } from './basis.tsx'
import { Churn } from './churn.tsx'
import { Dna } from './dna.tsx'
import { Fold } from './fold.tsx'
import type { CustomerFactsFragment } from './generated/Facts.ts'
import { Guidance } from './guidance.tsx'
import { Rhythm } from './rhythm.tsx'
import { InsightAway, NoInsight } from './unknown.tsx'
import { useInsight } from './use-insight.ts'
import { Value } from './value.tsx'
import { toneOfRisk, toneOfStage } from './wording.ts'

/** What Intelligence makes of them, or why there is nothing. */
export function PanelInsight({
  customerId,
  snapshot,
}: {
  customerId: string
  snapshot: CustomerFactsFragment['insightSnapshot']
}) {
  const { insight, isLoading, isAway, retry } = useInsight(customerId)
  if (isLoading && !insight?.dnaStatus) return <Skeleton className="mx-3 mb-3 h-24" label="Loading insight" />
  const status = insight?.dnaStatus
  if (status === 'INSUFFICIENT_DATA' || status === 'UNKNOWN_CUSTOMER')
    return (
      <div className="px-3 pb-3">
        <NoInsight status={status} />
      </div>
    )
  const { dna, churnRisk, ltvForecast, lifecycle, communicationGuidance } = insight ?? {}
  return (
    <>
      {isAway && (
        <div className="px-3 pb-3">
          <InsightAway snapshot={dna && churnRisk ? null : snapshot} onRetry={retry} />
        </div>
      )}
      {churnRisk && (
        <Fold
          name="churn"
          title="Churn risk"
          isOpenAtFirst
          aside={
            <Badge
              tone={toneOfRisk[churnRisk.level]}
            >{`${words(churnRisk.level)} ${formatPercent(churnRisk.score)}`}</Badge>
          }
        >
          <Churn churn={churnRisk} />
        </Fold>
      )}
      {ltvForecast && (
        <Fold name="value" title="Lifetime value" aside={formatMoney(ltvForecast.amount)} isOpenAtFirst>
          <Value value={ltvForecast} />
        </Fold>
      )}
      {dna && (
        <Fold name="dna" title="Archetype" isOpenAtFirst>
          <Dna dna={dna} />
        </Fold>
      )}
      {communicationGuidance && (
        <Fold name="guidance" title="How to talk to them" isOpenAtFirst>
          <Guidance advice={communicationGuidance} />
        </Fold>
      )}
      {insight?.behavior && (
        <Fold
          name="rhythm"
          title="How they buy"
          aside={lifecycle && <Badge tone={toneOfStage(lifecycle)}>{words(lifecycle)}</Badge>}
        >
          <Rhythm of={insight} />
        </Fold>
      )}
      {churnRisk && (
        <div className="border-t border-line px-3 py-2">
          <Basis of={churnRisk.basis} isStale={status === 'STALE'} />
        </div>
      )}
    </>
  )
}
