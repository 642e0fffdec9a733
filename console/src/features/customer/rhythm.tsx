import { Minus, TrendingDown, TrendingUp } from 'lucide-react'
import { formatDate, formatMoney, formatNumber, formatPercent, words } from '../../shared/format.ts'
import { useViewer } from '../../session/viewer.tsx'
import { Badge } from '../../ui/badge.tsx'
import { FactList } from './fact-list.tsx'
import type { CustomerRhythmFragment } from './generated/Insight.ts'
import { aboutStage, toneOfStage } from './wording.ts'

/** How they buy: stage of life, direction, when next, how much they do. */
export function Rhythm({ of }: { of: CustomerRhythmFragment }) {
  const { lifecycle, engagement, nextPurchase, behavior, trajectory } = of
  return (
    <FactList
      facts={[
        [
          'Stage',
          lifecycle && (
            <>
              <Badge tone={toneOfStage(lifecycle)}>{words(lifecycle)}</Badge>{' '}
              <span className="text-xs text-ink-faint">{aboutStage(lifecycle)}</span>
            </>
          ),
        ],
        ['Spend', trajectory && <Direction of={trajectory} />],
        [
          'Next purchase',
          nextPurchase && (
            <>
              around {formatDate(nextPurchase.expectedAt)}{' '}
              <span className="text-xs text-ink-faint">
                {formatPercent(nextPurchase.probability30Days)} within 30 days; usually every{' '}
                {formatNumber(nextPurchase.repurchaseDays, 0)} days
              </span>
            </>
          ),
        ],
        [
          'Engagement',
          engagement && (
            <>
              more than {formatNumber(engagement.score, 0)} % of customers{' '}
              <span className="text-xs text-ink-faint">{trend(engagement.trend)}</span>
            </>
          ),
        ],
        [
          'Orders',
          behavior && (
            <>
              {behavior.totalOrders} of {formatMoney(behavior.averageOrderValue)} on average
              {behavior.daysSinceLastPurchase !== null && (
                <span className="text-xs text-ink-faint"> the last {daysAgo(behavior.daysSinceLastPurchase)}</span>
              )}
            </>
          ),
        ],
        ['Returns', behavior && `${formatPercent(behavior.returnRate)} of orders`],
        ['Customer for', behavior && `${formatNumber(behavior.tenureDays, 0)} days`],
      ]}
    />
  )
}

const daysAgo = (days: number): string => (days === 0 ? 'today' : days === 1 ? 'yesterday' : `${days} days ago`)
const trend = (points: number): string =>
  Math.round(points) === 0
    ? 'as 30 days ago'
    : `${points > 0 ? '+' : '−'}${formatNumber(Math.abs(points), 0)} points in 30 days`

const icons = { RISING: TrendingUp, FALLING: TrendingDown, STEADY: Minus }

function Direction({ of: { direction, spendSlope } }: { of: NonNullable<CustomerRhythmFragment['trajectory']> }) {
  const { currencyCode } = useViewer().tenant
  const Icon = icons[direction]
  const slope = formatMoney({ amount: String(Math.abs(spendSlope)), currencyCode })
  return (
    <span>
      <Icon aria-hidden className="inline size-3.5 align-[-2px]" /> {words(direction)}
      {direction !== 'STEADY' && <span className="text-xs text-ink-faint"> by {slope} every 30 days</span>}
    </span>
  )
}
