import { codedError } from '@quimbi/service/errors.ts'
import { headlineOf } from '../analysis/analyse.ts'
import type { Db } from '../database.ts'
import type { Percentiles } from '../insight/quantiles.ts'
import { scoreCustomer, type ScoreFactor, type ScoringContext } from '../insight/scores.ts'
import { requireScope } from '../keys/service.ts'
import { basisOf, type Insight } from '../profiles/insight.ts'
import { createMemory } from './remember.ts'
import type { Asking } from './subject.ts'

export type ScoredCustomer = {
  customerId: string
  score: number
  factors: ScoreFactor[]
  basis: ReturnType<typeof basisOf>
}

const maxCustomers = 100
const minuteMs = 60_000
/** Below that many customers the spread is read anew each time. */
const fewCustomers = 1_000

type Spread = Percentiles & { customers: number }
const recall = createMemory<Spread>({ max: 1_000, ttlMs: 10 * minuteMs, isKept: (it) => it.customers >= fewCustomers })

/**
 * Which of the customers first: the highest first, those without an order or unknown left out. The same number of statements whatever their number.
 * @throws GraphQLError BAD_USER_INPUT (LIMIT) for more than 100; UserErrors FORBIDDEN
 */
export async function scoreCustomers(
  { db, viewer, loaders, now }: Asking,
  customerIds: readonly string[],
  context: ScoringContext,
): Promise<ScoredCustomer[]> {
  requireScope(viewer, 'insight:read')
  if (customerIds.length > maxCustomers)
    throw codedError('BAD_USER_INPUT', `At most ${maxCustomers} customers a call.`, { reason: 'LIMIT' })
  const ids = [...new Set(customerIds.map((id) => id.toLowerCase()))]
  const insights = await Promise.all(ids.map((id) => loaders.insightByCustomer.load(id)))
  const spread = await recall(viewer.tenantId, now, () => readSpread(db, viewer.tenantId))
  return insights
    .flatMap((insight, index) => {
      const score = insight.profile.isReady ? scoreOf(insight, spread, context) : null
      return score ? [{ ...score, customerId: ids[index] ?? '', basis: basisOf(insight) }] : []
    })
    .sort((a, b) => b.score - a.score || (a.customerId < b.customerId ? -1 : 1))
}

function scoreOf({ bundle, profile, horizonDays }: Insight, spread: Percentiles, context: ScoringContext) {
  const { churnRisk, ltv } = headlineOf(bundle, profile, horizonDays)
  const { trajectory, engagement } = profile
  const input = { churn: churnRisk, ltv, pace: trajectory?.pace ?? null, engagement: engagement?.score ?? null }
  return scoreCustomer(input, spread, context)
}

/** How the forecasts of the tenant's customers are spread: their percentiles. */
async function readSpread(db: Db, tenantId: string): Promise<Spread> {
  const [row] = await db.$queryRaw<{ values: number[] | null; customers: number }[]>`
    SELECT percentile_cont(ARRAY(SELECT n / 100.0 FROM generate_series(0, 100) AS n)) WITHIN GROUP (ORDER BY ltv_12m::float8) AS values,
      count(*)::int AS customers
    FROM customer_insight WHERE tenant_id = ${tenantId}::uuid AND ltv_12m IS NOT NULL`
  return { values: Float64Array.from(row?.values ?? []), customers: row?.customers ?? 0 }
}
