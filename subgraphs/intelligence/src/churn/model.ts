import type { Booster } from '../learning/boosting.ts'
import type { Calibration } from '../learning/calibration.ts'
import type { Linear } from '../learning/irls.ts'
import type { Trees } from '../learning/trees.ts'
import type { BgNbd } from '../ltv/btyd-bg-nbd.ts'
import type { Pace } from './pace.ts'

/** The members of the blend; each speaks log-odds of churn. */
export const memberNames = ['logistic', 'booster', 'forest'] as const
export type MemberName = (typeof memberNames)[number]

/** Reads some columns of a row, logs the skewed ones and keeps them within what was seen in training. */
export type LinearMember = {
  columns: Int32Array
  isLogged: Uint8Array
  low: Float64Array
  high: Float64Array
  line: Linear
}

export type Members = {
  linear: LinearMember
  /** On top of `pace`. */
  booster: Booster
  pace: Pace
  forest: Trees
}

/** Customers of like scores: `share` of `count` did churn, with its interval. Ascending, the first from 0, the last to 1. */
export type CalibrationBins = { upTo: Float64Array; count: Float64Array; low: Float64Array; high: Float64Array }

/** OWN: all learnt from the tenant; BUYING: how often its customers buy, and nothing else; PRIOR: how a plain shop's do. */
export type ChurnSource = 'OWN' | 'BUYING' | 'PRIOR'

/** Plain data, encodable by `learning/codec.ts`. */
export type ChurnModel = {
  source: ChurnSource
  /** What it was trained for; others are converted by `rhythm`. */
  horizonDays: number
  /** Null where there was too little to learn from: then the rhythm alone forecasts. */
  members: Members | null
  /** Add up to 1. */
  weights: Record<MemberName, number>
  calibration: Calibration
  bins: CalibrationBins
  /** How purchases come at this tenant; tells other horizons. */
  rhythm: BgNbd
  /** Customers at the newest origin, and how many of them churned. */
  customers: number
  churned: number
}

export const churnModelStamp = { kind: 'CHURN', version: 2 } as const

export type RiskLevel = 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL'

/** LOW < 0.3 ≤ MEDIUM < 0.6 ≤ HIGH < 0.8 ≤ CRITICAL. */
export function levelOf(score: number): RiskLevel {
  if (score < 0.3) return 'LOW'
  if (score < 0.6) return 'MEDIUM'
  return score < 0.8 ? 'HIGH' : 'CRITICAL'
}
