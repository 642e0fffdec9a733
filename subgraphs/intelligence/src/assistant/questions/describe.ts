import type { CustomerOrder, CustomerQuery } from '../../analytics/filter.ts'
import type { SegmentationModel } from '../../dna/model.ts'
import { sayCount, sayGiven, sayList, sayMoney, sayNumber, sayShare } from '../texts/say.ts'

const orders: Record<CustomerOrder, string> = {
  REVENUE_AT_RISK: 'most revenue at risk first',
  CHURN_RISK: 'highest churn risk first',
  LTV: 'highest expected spend first',
  LAST_PURCHASE: 'latest purchase first',
}
const share = (value: number) => (Number.isInteger(value * 100) ? sayShare(value) : `${sayNumber(value * 100, 2)}%`)

/** A query in plain words, for whoever asked: from the query alone, so that it says what is run. Pure. */
export function sayQuery(query: CustomerQuery, model: SegmentationModel, currencyCode: string | null): string {
  const money = (amount: string) => sayMoney({ amount, currencyCode: currencyCode ?? '' }).trim()
  const conditions = [
    ...said(query.archetypeId, (id) => `of the archetype “${sayGiven(archetypeName(id, model))}”`),
    ...said(
      query.segments,
      (ids) =>
        `in ${sayList(
          ids.map((id) => segmentName(id, model)),
          'or',
        )}`,
    ),
    ...said(query.lifecycle, (stages) => `in the stage ${sayList(stages, 'or')}`),
    ...said(query.churnRiskAtLeast, (risk) => `with a churn risk from ${share(risk)}`),
    ...said(query.churnRiskAtMost, (risk) => `with a churn risk up to ${share(risk)}`),
    ...said(query.ltvAtLeast, (amount) => `expected to spend ${money(amount)} or more within a year`),
    ...said(query.ltvAtMost, (amount) => `expected to spend ${money(amount)} or less within a year`),
    ...said(
      query.daysSinceLastPurchaseAtLeast,
      (days) => `whose last purchase was ${sayCount(days, 'day')} ago or more`,
    ),
    ...said(
      query.daysSinceLastPurchaseAtMost,
      (days) => `whose last purchase was ${sayCount(days, 'day')} ago or less`,
    ),
  ]
  const whom = conditions.length === 0 ? 'All customers with an order' : `Customers ${conditions.join(', ')}`
  return `${whom}; ${orders[query.orderBy ?? 'REVENUE_AT_RISK']}.`
}

const said = <T>(value: T | null | undefined, say: (value: T) => string): string[] =>
  value === null || value === undefined ? [] : [say(value)]

const archetypeName = (id: string, { tree }: SegmentationModel): string =>
  tree.archetypes.find((one) => one.id === id)?.name ?? 'unknown'

function segmentName(id: string, { axes }: SegmentationModel): string {
  const segment = axes.flatMap(({ segments, unknown }) => [...segments, unknown]).find((one) => one.id === id)
  return `“${(segment?.name ?? 'unknown').replaceAll('_', ' ')}”`
}
