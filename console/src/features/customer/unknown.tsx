import { formatMoney, formatPercent } from '../../shared/format.ts'
import { Ago } from '../../shared/now.tsx'
import { Button } from '../../ui/button.tsx'
import type { CustomerFactsFragment } from './generated/Facts.ts'

type Snapshot = CustomerFactsFragment['insightSnapshot']

/** Intelligence does not answer: the last that it said, where there is something. */
export function InsightAway({ snapshot, onRetry }: { snapshot: Snapshot; onRetry: () => void }) {
  return (
    <div className="flex flex-col items-start gap-2 rounded-md bg-warn-soft p-2 text-xs text-warn">
      <p>Insight cannot be shown at the moment. Everything else is here.</p>
      {snapshot && (
        <p>
          Last known, <Ago at={snapshot.asOf} />: {snapshot.archetype && `${snapshot.archetype}, `}
          {formatPercent(snapshot.churnRisk)} churn risk, {formatMoney(snapshot.ltv)} expected in a year.
        </p>
      )}
      <Button onClick={onRetry}>Try again</Button>
    </div>
  )
}

const reasons = {
  INSUFFICIENT_DATA: 'Not enough data: there is no order yet, so nothing is guessed about them.',
  UNKNOWN_CUSTOMER: 'Nothing is known of how they buy: no shop has told of this customer yet.',
} as const

/** There is nothing to know yet, which is no failure. */
export function NoInsight({ status }: { status: keyof typeof reasons }) {
  return <p className="rounded-md bg-raised p-2 text-xs text-ink-soft">{reasons[status]}</p>
}
