import { between, pick, type Random } from '@quimbi/service/random.ts'
import type { CustomerFacts, RiskLevel } from './situation.ts'
import { customerFacts, daysAgo, usd } from './builders.test-kit.ts'

type Kind = {
  lifecycle: NonNullable<CustomerFacts['lifecycle']>
  risk: readonly [RiskLevel, ...RiskLevel[]]
  high: boolean
  orders: [number, number]
  silent: [number, number]
}

const kinds = {
  'Loyal premium buyer': { lifecycle: 'LOYAL', risk: ['LOW', 'MEDIUM'], high: true, orders: [12, 40], silent: [1, 30] },
  'Deal hunter': { lifecycle: 'ACTIVE', risk: ['LOW', 'MEDIUM', 'HIGH'], high: false, orders: [3, 9], silent: [5, 80] },
  'First-time buyer': { lifecycle: 'NEW', risk: ['MEDIUM', 'HIGH'], high: false, orders: [1, 1], silent: [1, 40] },
  'Fading regular': {
    lifecycle: 'AT_RISK',
    risk: ['HIGH', 'CRITICAL'],
    high: true,
    orders: [6, 20],
    silent: [90, 300],
  },
  'Frequent returner': { lifecycle: 'ACTIVE', risk: ['LOW', 'HIGH'], high: false, orders: [4, 15], silent: [3, 60] },
} as const satisfies Record<string, Kind | object>

export type ArchetypeName = keyof typeof kinds
export const archetypes = Object.keys(kinds) as ArchetypeName[]
const scores: Record<RiskLevel, number> = { LOW: 0.15, MEDIUM: 0.4, HIGH: 0.7, CRITICAL: 0.9 }

/** A customer of this archetype. */
export function customerOf(random: Random, archetype: ArchetypeName, index: number): CustomerFacts {
  const { lifecycle, risk, high, orders, silent } = kinds[archetype]
  const level = pick<RiskLevel>(random, risk as readonly [RiskLevel, ...RiskLevel[]])
  const count = between(random, orders[0], orders[1])
  return customerFacts({
    id: `3a9d7c30-0000-4000-8000-${index.toString(16).padStart(12, '0')}`,
    archetype,
    lifecycle,
    churn: random() < 0.1 ? null : { score: scores[level], level, horizonDays: 90, reasons: ['They order less often'] },
    ltv: random() < 0.1 ? null : { amount: usd(`${between(random, 20, 2_000)}.00`), months: 12 },
    isHighValue: high,
    orders: count,
    spent: usd(`${count * between(random, 20, 200)}.50`),
    firstOrderAt: random() < 0.1 ? null : daysAgo(between(random, 10, 2_500)),
    daysSinceLastPurchase: between(random, silent[0], silent[1]),
    guidance: ['Answer fully at once.'],
  })
}
