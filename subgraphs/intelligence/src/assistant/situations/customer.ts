import type { Asking } from '../../advice/subject.ts'
import { behaviorOf } from '../../customers/behavior.ts'
import {
  churnRiskOf,
  dnaView,
  guidanceView,
  lifecycleView,
  ltvForecastOf,
  type Insight,
} from '../../profiles/insight.ts'
import type { CustomerFacts } from '../situation.ts'
import { highValueIn, type HighValue } from './high-value.ts'

type Behavior = ReturnType<typeof behaviorOf>
const forecastMonths = 12
const mostReasons = 5

/** What is known of a customer; null of one whom Intelligence has never heard of. Many at once are loaded together. */
export async function knownCustomer(asking: Asking, customerId: string, isVip: boolean): Promise<CustomerFacts | null> {
  const { db, viewer, loaders, now } = asking
  const [insight, behavior] = await Promise.all([
    loaders.insightByCustomer.load(customerId),
    loaders.behaviorByCustomer.load(customerId),
  ])
  if (insight.status === 'UNKNOWN_CUSTOMER') return null
  const bounds = await highValueIn(db, viewer.tenantId, now)
  return customerFacts(customerId, { insight, behavior, bounds, isVip })
}

type Known = { insight: Insight; behavior: Behavior | null; bounds: HighValue; isVip: boolean }

/**
 * The same out of what was loaded. High value: a VIP, or among the tenant's highest tenth by the year's forecast or by what of it is at risk.
 * Figures are rounded as they may be said, so that what is written anew says something new. Pure.
 */
export function customerFacts(id: string, { insight, behavior, bounds, isVip }: Known): CustomerFacts {
  const churn = churnRiskOf(insight)
  const ltv = ltvForecastOf(insight, forecastMonths)
  const isHigh =
    Number(ltv?.amount.amount ?? 0) >= bounds.ltv || Number(churn?.revenueAtRisk.amount ?? 0) >= bounds.atRisk
  return {
    id,
    archetype: dnaView(insight)?.archetype.name ?? null,
    lifecycle: lifecycleView(insight),
    churn: churn && {
      ...{ score: Math.round(churn.score * 100) / 100, level: churn.level, horizonDays: churn.horizonDays },
      reasons: churn.factors
        .filter(({ contribution }) => contribution > 0)
        .slice(0, mostReasons)
        .map(({ explanation }) => explanation),
    },
    ltv: ltv && { amount: ltv.amount, months: forecastMonths },
    revenueAtRisk: churn?.revenueAtRisk ?? null,
    isHighValue: isVip || isHigh,
    orders: behavior?.totalOrders ?? 0,
    spent: behavior?.lifetimeValue ?? null,
    averageOrder: behavior && behavior.totalOrders > 0 ? behavior.averageOrderValue : null,
    firstOrderAt: behavior?.firstOrderAt ?? null,
    daysSinceLastPurchase: behavior?.daysSinceLastPurchase ?? null,
    guidance: guidanceView(insight) ?? [],
  }
}
