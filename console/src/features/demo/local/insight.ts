import type { BehaviorAxis, RiskLevel } from '../../../graph/generated/schema.ts'
import { createRandom, pick } from './random.ts'
import type { CustomerRecord } from './records.ts'
import { iso } from './world.ts'

const dayMs = 86_400_000
export const money = (amount: number) => ({ amount: amount.toFixed(2), currencyCode: 'USD' })

/** The fourteen axes, each with the segments a customer may lie between. */
export const axes: Record<BehaviorAxis, readonly string[]> = {
  PURCHASE_VALUE: ['Small baskets', 'Medium baskets', 'Big baskets'],
  PURCHASE_FREQUENCY: ['Rare buyers', 'Seasonal buyers', 'Frequent buyers'],
  PURCHASE_CADENCE: ['Irregular', 'Monthly', 'Regular'],
  PRICE_SENSITIVITY: ['Full price', 'Mixed', 'Discount seekers'],
  CATEGORY_EXPLORATION: ['One category', 'A few categories', 'Explorers'],
  LOYALTY_TRAJECTORY: ['Cooling', 'Steady', 'Warming'],
  REPURCHASE_LOYALTY: ['Once only', 'Returns to favourites', 'Devoted'],
  RETURN_BEHAVIOR: ['Keeps everything', 'Sometimes returns', 'Often returns'],
  SUPPORT_DEMAND: ['Silent', 'Occasional', 'Needs help'],
  SENTIMENT_TREND: ['Souring', 'Even', 'Brightening'],
  CHANNEL_PREFERENCE: ['E-mail', 'Chat', 'Phone and SMS'],
  ENGAGEMENT: ['Quiet', 'Reads along', 'Engaged'],
  SEASONALITY: ['All year', 'Holidays', 'Summer'],
  CUSTOMER_MATURITY: ['New', 'Growing', 'Established'],
}

export const segment = (axis: BehaviorAxis, index: number) => ({
  id: `demo-segment-${axis}-${index}`,
  axis,
  name: axes[axis][index] ?? '',
  description: `${axes[axis][index] ?? ''}: how customers of the demo behave on this axis.`,
  memberCount: 5 + ((index * 3) % 8),
  share: [0.3, 0.45, 0.25][index] ?? 0,
  center: {},
})

const archetypeNames = ['Loyal homemakers', 'Careful deal finders', 'Curious newcomers', 'Fading regulars']
export const archetypes = () =>
  archetypeNames.map((name, index) => ({
    id: `demo-archetype-${index + 1}`,
    name,
    level: pickAt(['STRENGTH', 'TENDENCY', 'EMERGING', 'STRENGTH'], index),
    description: `${name}: a way of buying that the models found in this shop.`,
    memberCount: 6,
    share: 0.25,
    traits: pickAt(
      [['buys for the home', 'forgives'], ['waits for sales'], ['asks first'], ['buys less each quarter']],
      index,
    ),
    averageChurnRisk: [0.18, 0.35, 0.42, 0.71][index],
    averageLtv: money([620, 240, 180, 310][index] ?? 0),
    recommendedActions: ['Answer within the hour', 'Thank them by name'],
    dominantSegments: [segment('PURCHASE_FREQUENCY', index % 3), segment('PRICE_SENSITIVITY', (index + 1) % 3)],
  }))
const pickAt = <Item>(items: readonly [Item, ...Item[]], index: number): Item => items[index] ?? items[0]

const levelOf = (churn: number): RiskLevel =>
  churn >= 0.75 ? 'CRITICAL' : churn >= 0.5 ? 'HIGH' : churn >= 0.25 ? 'MEDIUM' : 'LOW'

export const spentOf = ({ orders }: CustomerRecord): number => orders.reduce((sum, order) => sum + totalOf(order), 0)
export const totalOf = ({ items }: CustomerRecord['orders'][number]): number =>
  items.reduce((sum, { price, quantity }) => sum + price * quantity, 0)

/** All that Intelligence says of a customer. */
export function viewInsight(customer: CustomerRecord, now: number) {
  const { churn, ltv, orders } = customer
  const random = createRandom(customer.seed)
  const basis = {
    asOf: iso(now - dayMs / 24),
    orders: orders.length,
    events: 12,
    modelVersion: 'demo',
    featureVersion: 'demo',
  }
  const memberships = (Object.keys(axes) as BehaviorAxis[]).map((axis) => viewAxis(axis, random))
  const archetype = pick(random, archetypes())
  const spent = spentOf(customer)
  const daysSince = Math.round((now - (orders[0]?.placedAt ?? now)) / dayMs)
  return {
    dnaStatus: 'READY',
    dna: {
      archetype,
      axes: memberships,
      basis,
      confidence: 0.82,
      dominantSegments: memberships.slice(0, 3).map((one) => one.dominant),
    },
    churnRisk: ({ horizonDays }: { horizonDays?: number | null }) => ({
      score: churn,
      baseline: 0.32,
      level: levelOf(churn),
      horizonDays: horizonDays ?? 90,
      interval: { low: Math.max(0, churn - 0.09), high: Math.min(1, churn + 0.09), level: 0.9 },
      factors: churnFactors(churn, daysSince, orders.length),
      otherContribution: 0.02,
      recommendations:
        churn > 0.5 ? ['Answer first, and by name', 'Offer to put it right'] : ['A good answer is enough'],
      revenueAtRisk: money(ltv * churn),
      basis,
    }),
    ltvForecast: ({ months }: { months?: number | null }) => viewLtv(customer, { months: months ?? 12, spent, basis }),
    behavior: {
      totalOrders: orders.length,
      lifetimeValue: money(spent),
      averageOrderValue: money(spent / Math.max(1, orders.length)),
      daysSinceLastPurchase: daysSince,
      tenureDays: Math.round((now - customer.createdAt) / dayMs),
      returnRate: orders.filter(({ status }) => status === 'RETURNED').length / Math.max(1, orders.length),
      firstOrderAt: iso(orders.at(-1)?.placedAt ?? null),
      lastOrderAt: iso(orders[0]?.placedAt ?? null),
      features: {},
    },
    engagement: { score: Math.round((1 - churn) * 100) / 100, trend: churn > 0.5 ? -0.08 : 0.04, basis },
    lifecycle: churn > 0.6 ? 'AT_RISK' : orders.length > 3 ? 'LOYAL' : 'ACTIVE',
    nextPurchase: {
      expectedAt: iso(now + (20 + daysSince) * dayMs),
      probability30Days: Math.round((1 - churn) * 60) / 100,
      repurchaseDays: 45,
      basis,
    },
    trajectory: {
      direction: churn > 0.55 ? 'FALLING' : churn < 0.25 ? 'RISING' : 'STEADY',
      riskSlope: (churn - 0.4) / 10,
      spendSlope: (0.4 - churn) * 20,
      interval: { low: -0.02, high: 0.06, level: 0.9 },
      basis,
    },
    communicationGuidance: ['Short sentences, no jargon', `Writes in ${customer.locale}; answers in the afternoon`],
    insightSnapshot: { archetype: archetype.name, asOf: basis.asOf, churnRisk: churn, ltv: money(ltv) },
    history: ({ metric }: { metric: string }) => history(metric, customer, now),
  }
}

function viewAxis(axis: BehaviorAxis, random: () => number) {
  const raw = axes[axis].map(() => random() ** 2 + 0.05)
  const sum = raw.reduce((all, one) => all + one, 0)
  const shares = raw.map((one) => one / sum)
  const best = shares.indexOf(Math.max(...shares))
  return {
    axis,
    dominant: segment(axis, best),
    memberships: shares.map((membership, index) => ({ membership, segment: segment(axis, index) })),
    strength: (shares[best] ?? 0) > 0.65 ? 'STRENGTH' : (shares[best] ?? 0) > 0.5 ? 'TENDENCY' : 'EMERGING',
  }
}

const churnFactors = (churn: number, days: number, orders: number) => [
  factor('days_since_last_order', days, (churn - 0.32) * 0.6, `The last order was ${days} days ago.`),
  factor('orders', orders, (churn - 0.32) * 0.3, `${orders} orders so far.`),
  factor('support_contacts_90d', 2, 0.03, 'Two questions to support in the last 90 days.'),
]
const factor = (feature: string, value: number, contribution: number, explanation: string) => ({
  feature,
  value,
  contribution: Math.round(contribution * 1_000) / 1_000,
  explanation,
})

type LtvGiven = { months: number; spent: number; basis: object }
function viewLtv({ ltv, orders }: CustomerRecord, { months, spent, basis }: LtvGiven) {
  const amount = (ltv * months) / 12
  return {
    amount: money(amount),
    baseline: 310,
    months,
    expectedOrders: Math.round((orders.length * months) / 2) / 10,
    historic: money(spent),
    interval: { low: money(amount * 0.6), high: money(amount * 1.5), level: 0.9 },
    factors: [
      factor('average_order_value', spent / Math.max(1, orders.length), amount * 0.3, 'Orders of a good size.'),
    ],
    otherContribution: 0,
    basis,
  }
}

function history(metric: string, { churn, ltv, seed }: CustomerRecord, now: number) {
  const random = createRandom(seed)
  const last = metric === 'LTV_12M' ? ltv : metric === 'ENGAGEMENT' ? 1 - churn : churn
  return Array.from({ length: 13 }, (_, index) => ({
    at: iso(now - (12 - index) * 30 * dayMs),
    value: Math.max(0, last * (0.75 + index / 48 + (random() - 0.5) * 0.12)),
  }))
}
