import { archetypes, axes, money, segment } from './insight.ts'
import { page } from './lists.ts'
import { createRandom } from './random.ts'
import type { CustomerRecord } from './records.ts'
import type { BehaviorAxis } from '../../../graph/generated/schema.ts'
import { viewAgent, viewCustomer } from './view.ts'
import { iso, type World } from './world.ts'

const dayMs = 86_400_000
const counts = { eligible: 120, shown: 110, inserted: 84, sentUnchanged: 51, sentEdited: 26, resolved: 61 }

/** Analytics of the demo: made up, steady, and of the right size. */
export const figures = (world: World) => ({
  supportMetrics: ({ from, to }: { from: string; to: string }) =>
    supportMetrics(world, Date.parse(from), Date.parse(to)),
  churnTrend: ({ days }: { days?: number | null }) =>
    every(world, Math.min(90, days ?? 90), (index) => ({
      averageRisk: 0.36 + Math.sin(index / 9) * 0.03,
      highRiskCount: 5 + (index % 4),
      revenueAtRisk: money(2_400 + Math.sin(index / 7) * 300),
    })),
  cohorts: ({ metric }: { metric?: string | null }) =>
    Array.from({ length: 8 }, (_, index) => ({
      startsAt: iso(world.now() - (8 - index) * 30 * dayMs),
      size: 40 + index * 3,
      values: Array.from({ length: 8 - index }, (_, month) =>
        metric === 'REVENUE' ? 90 * (month + 1) : 0.92 ** month,
      ),
    })),
  segments: ({ axis }: { axis?: BehaviorAxis | null }) =>
    (axis ? [axis] : (Object.keys(axes) as BehaviorAxis[])).flatMap((one) =>
      [0, 1, 2].map((index) => segment(one, index)),
    ),
  segmentDistribution: ({ axis }: { axis: BehaviorAxis }) =>
    [7, 11, 6].map((count, index) => ({ segment: segment(axis, index), count, share: count / 24 })),
  archetypes,
  models: ['CHURN', 'LTV', 'SEGMENTATION'].map((kind) => ({
    id: `demo-model-${kind}`,
    kind,
    version: 'demo',
    role: 'CHAMPION',
    trafficShare: 1,
    trainedAt: iso(world.now() - 3 * dayMs),
    trainedOn: 24,
    metrics: { auc: 0.84 },
  })),
  queryCustomers: ({ filter, ...asked }: { filter?: CustomerWish } & object) => fitting(world, filter ?? {}, asked),
  askCustomers: ({ question }: { question: string }) => ({
    customers: fitting(world, { churnRiskAtLeast: 0.5 }, {}),
    understoodAs: { churnRiskAtLeast: 0.5 },
    explanation: `The demo understands “${question}” as: likely to leave.`,
    generator: 'demo',
  }),
})

type CustomerWish = { churnRiskAtLeast?: number | null; churnRiskAtMost?: number | null; ltvAtLeast?: string | null }

function fitting(world: World, wish: CustomerWish, asked: object) {
  const fits = ({ churn, ltv }: CustomerRecord) =>
    churn >= (wish.churnRiskAtLeast ?? 0) && churn <= (wish.churnRiskAtMost ?? 1) && ltv >= Number(wish.ltvAtLeast ?? 0)
  return page(
    world.customers
      .filter(fits)
      .toSorted((a, b) => b.churn - a.churn)
      .map(({ id }) => viewCustomer(world, id)),
    asked,
  )
}

const every = <Point>(world: World, days: number, point: (index: number) => Point) =>
  Array.from({ length: days }, (_, index) => ({ at: iso(world.now() - (days - 1 - index) * dayMs), ...point(index) }))

function supportMetrics(world: World, from: number, to: number) {
  const random = createRandom(11)
  const days = Math.max(1, Math.min(366, Math.round((to - from) / dayMs)))
  const series = Array.from({ length: days }, (_, index) => ({
    date: new Date(from + index * dayMs).toISOString().slice(0, 10),
    created: 14 + Math.floor(random() * 9),
    closed: 13 + Math.floor(random() * 9),
    medianFirstResponseSeconds: 1_500 + random() * 900,
  }))
  const total = (name: 'created' | 'closed') => series.reduce((sum, point) => sum + point[name], 0)
  return {
    series,
    created: total('created'),
    closed: total('closed'),
    reopened: Math.round(total('closed') / 14),
    medianFirstResponseSeconds: 1_920,
    medianResolutionSeconds: 41_000,
    satisfaction: { answered: 48, average: 4.5, positiveShare: 0.91 },
    slaAttainment: ['FIRST_RESPONSE', 'NEXT_RESPONSE', 'RESOLUTION'].map((metric, index) => ({
      metric,
      achieved: 90 - index * 4,
      breached: 6 + index * 3,
      rate: (90 - index * 4) / (96 - index),
    })),
    byAgent: world.agents.map(({ id }, index) => ({
      agent: viewAgent(world, id),
      replied: 60 - index * 9,
      closed: 48 - index * 8,
      medianFirstResponseSeconds: 1_500 + index * 420,
      satisfaction: 4.7 - index * 0.1,
      slaRate: 0.97 - index * 0.03,
    })),
    byChannel: [
      ['EMAIL', 52],
      ['CHAT', 28],
      ['SMS', 12],
      ['FORM', 8],
    ].map(([channel, count]) => ({ channel, count })),
    draftFunnel: {
      total: counts,
      byIntent: ['order_status', 'refund_status', 'damaged_item'].map((intent) => ({ intent, counts })),
    },
  }
}
