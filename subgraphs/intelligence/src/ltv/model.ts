import type { Booster } from '../learning/boosting.ts'
import type { Linear } from '../learning/irls.ts'
import type { GammaGamma } from './btyd-gamma-gamma.ts'
import type { ParetoNbd } from './btyd-pareto-nbd.ts'
import type { IntervalTable } from './interval.ts'

/** How a customer buys, fitted once on a tenant's purchases. `meanValue`: spend of a typical purchase day. */
export type Buying = { pareto: ParetoNbd; gammaGamma: GammaGamma; meanValue: number }

/** What is learnt on top of buying; forecasts in units of the training set's mean spend, linear ones from logged columns. */
export type Members = { booster: Booster; glm: Linear; rhythm: Linear; bounds: Bounds }

/** Of the logged columns, as they were in training. */
export type Bounds = { low: Float64Array; high: Float64Array }

export type MemberName = 'booster' | 'glm' | 'rhythm' | 'buying'

/** Add up to 1. */
export type MemberWeights = Record<MemberName, number>

export const onlyBuying: MemberWeights = { booster: 0, glm: 0, rhythm: 0, buying: 1 }

/** Plain data; `learning/codec.ts` stores it. */
export type LtvModel = {
  /** Its own horizon; others are scaled from it. */
  horizonDays: number
  buying: Buying
  /** Null where there was too little to learn from: then buying alone forecasts. */
  members: Members | null
  weights: MemberWeights
  /** Means over the training rows of the logarithms of orders and of their value (in units): where explanations start. */
  typical: { orders: number; value: number }
  /** Currency for each 1 that the members forecast. */
  scale: number
  /** Mean spend of the training rows: what amounts were measured in. */
  unit: number
  interval: IntervalTable
  /** Rows that it was trained on. */
  trainedOn: number
  source: LtvSource
}

/** OWN: everything learnt from the tenant; BUYING: its purchases alone; PRIOR: a plain shop's, at the tenant's order value. */
export type LtvSource = 'OWN' | 'BUYING' | 'PRIOR'

export const ltvModelStamp = { kind: 'LTV', version: 1 } as const
