import { formatMoney, formatNumber, formatPercent, words } from '../../shared/format.ts'
import { Badge } from '../../ui/badge.tsx'
import { FactorList } from './factor-list.tsx'
import type { CustomerChurnFragment } from './generated/Insight.ts'
import { IntervalBar } from './interval-bar.tsx'
import { toneOfRisk } from './wording.ts'

/** How likely the customer is to be gone, how sure that is, what moves it, what is at stake. */
export function Churn({ churn }: { churn: CustomerChurnFragment }) {
  const { level, score, interval, horizonDays, revenueAtRisk, recommendations } = churn
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-col gap-1.5">
        <p className="flex items-center gap-2">
          <span className="text-xl font-semibold tabular-nums">{formatPercent(score)}</span>
          <Badge tone={toneOfRisk[level]}>{words(level)} risk</Badge>
        </p>
        <IntervalBar value={score} low={interval.low} high={interval.high} to={1} tone={toneOfRisk[level]} />
        <p className="text-xs text-ink-soft">
          Chance of no purchase within {horizonDays} days. <HowSure {...interval} />
        </p>
      </div>
      <p className="flex items-baseline justify-between gap-2 rounded-md bg-raised px-2 py-1.5 text-sm">
        <span className="text-ink-soft">Revenue at risk</span>
        <span className="font-semibold tabular-nums">{formatMoney(revenueAtRisk)}</span>
      </p>
      <FactorList
        of={churn}
        label="What moves the risk"
        format={(amount) => formatNumber(amount, 2)}
        sumLabel="Sum, in log-odds before calibration"
      />
      {recommendations.length > 0 && (
        <ul aria-label="Against churn" className="list-disc pl-4 text-sm text-ink-soft">
          {recommendations.map((advice) => (
            <li key={advice}>{advice}</li>
          ))}
        </ul>
      )}
    </div>
  )
}

/** From 0 to 1 is what a model says that was not yet held against customers of this shop. */
function HowSure({ low, high, level }: CustomerChurnFragment['interval']) {
  if (low === 0 && high === 1) return 'How sure that is will be told once enough customers have ordered.'
  return `${formatPercent(level)} interval: ${formatPercent(low)} to ${formatPercent(high)}.`
}
