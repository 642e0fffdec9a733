// A shop of made-up customers, in kinds that lie apart on every axis, as rows of the feature catalogue.
import { createRandom, type Random } from '@quimbi/service/random.ts'
import { featureIndex, features, type FeatureName } from '../features/catalogue.ts'
import type { Matrix } from '../learning/matrix.ts'
import type { BehaviorAxis, SegmentationModel } from './model.ts'
import type { Outcomes } from './telling-axes.ts'
import { labelAll } from './segments.ts'

type Values = Partial<Record<FeatureName, number>>

const nothing: Values = { pricePercentile: 0.5, averageSentiment: 0.5 }

/** Of a customer with one order and nothing else that is known. */
export const single: Values = {
  orders: 1,
  purchaseDays: 1,
  purchaseDays364: 1,
  activeMonths: 1,
  netSpend: 20,
  averageValue: 20,
  tenureDays: 100,
  meanGap: 100,
  longestGap: 100,
  silenceToGap: 1,
  quarter1Share: 1,
}

const kinds: readonly { share: number; values: Values; ltv: number; churn: number }[] = [
  { share: 0.4, values: single, ltv: 5, churn: 0.9 },
  {
    share: 0.35,
    ltv: 60,
    churn: 0.6,
    values: {
      ...{ orders: 4, purchaseDays: 4, purchaseDays364: 3, activeMonths: 3, netSpend: 160, averageValue: 40 },
      ...{ tenureDays: 400, meanGap: 90, longestGap: 150, orderTrend: -0.9, spendTrend: -0.9, silenceToGap: 2 },
      ...{ quarter4Share: 0.9, quarter1Share: 0.1, returnRate: 0.4, refundShare: 0.3 },
      ...{ discountShare: 0.3, discountedOrderShare: 0.9, discountedLineShare: 0.9, categories: 2, products: 4 },
      ...{ tickets: 2, tickets91: 1, emailShare: 1, averageSentiment: 0.2, visits91: 6 },
    },
  },
  {
    share: 0.25,
    ltv: 900,
    churn: 0.1,
    values: {
      ...{ orders: 30, purchaseDays: 26, purchaseDays364: 20, activeMonths: 16, netSpend: 4_000, averageValue: 150 },
      ...{ tenureDays: 900, meanGap: 30, longestGap: 60, orderTrend: 0.1, spendTrend: 0.1, silenceToGap: 0.4 },
      ...{ quarter1Share: 0.25, quarter2Share: 0.25, quarter3Share: 0.25, quarter4Share: 0.25, weekendShare: 0.29 },
      ...{ categories: 9, products: 40, categoryEntropy: 0.9, repeatProductShare: 0.3, pricePercentile: 0.9 },
      ...{ tickets: 1, phoneShare: 1, averageSentiment: 0.9, opens91: 12, clicks91: 6, visits91: 15 },
    },
  },
]

export type Shop = Matrix & { outcomes: Outcomes; kind: Uint8Array }

/** `n` customers; what is counted or bounded stays so. The kinds' shares are exact, their order is not. */
export function shopOf(n: number, seed: number): Shop {
  const random = createRandom(seed)
  const d = features.length
  const shop = {
    x: new Float64Array(n * d),
    n,
    d,
    outcomes: { ltv: new Float64Array(n), churn: new Float64Array(n) },
    kind: new Uint8Array(n),
  }
  for (let i = 0; i < n; i++) {
    const place = ((i + 0.5) * 0.618_033_988_75) % 1
    const kind = place < 0.4 ? 0 : place < 0.75 ? 1 : 2
    const { values, ltv, churn } = kinds[kind]!
    shop.kind[i] = kind
    shop.outcomes.ltv[i] = ltv * jitter(random)
    shop.outcomes.churn[i] = churn
    fill(shop.x, i * d, values, random)
  }
  return shop
}

const jitter = (random: Random) => Math.exp((random() + random() - 1) * 0.5)

function fill(x: Float64Array, from: number, values: Values, random: Random): void {
  for (const { name, unit } of features) {
    const value = values[name] ?? nothing[name] ?? 0
    const isPart = unit === 'share' || unit === 'sentiment'
    const noisy = isPart ? Math.min(1, value + random() * 0.05) : value * jitter(random)
    const whole = unit === 'count' ? Math.round(noisy) : noisy
    x[from + featureIndex[name]] = name in values && values !== single ? whole : value
  }
  x[from + featureIndex.netSpend]! *= jitter(random)
}

/** One row; what is not given is unknown. */
export function rowOf(values: Values): Float64Array {
  const row = new Float64Array(features.length)
  for (const { name } of features) row[featureIndex[name]] = values[name] ?? nothing[name] ?? 0
  return row
}

/** The id of each row's dominant segment on each axis. */
export function segmentIdsOf({ axes }: SegmentationModel, m: Matrix): string[] {
  return Array.from(labelAll(axes, m), (label, at) => {
    const axis = axes[at % axes.length]!
    return (axis.segments[label] ?? axis.unknown).id
  })
}

export const axisOf = ({ axes }: SegmentationModel, axis: BehaviorAxis) => axes.find((one) => one.axis === axis)!
export const namesOn = (model: SegmentationModel, axis: BehaviorAxis): string[] =>
  axisOf(model, axis)
    .segments.map(({ name }) => name)
    .sort()
