import type { Matrix } from '../learning/matrix.ts'
import { type Calibration, fitPlatt } from '../learning/calibration.ts'
import type { BgNbd } from '../ltv/btyd-bg-nbd.ts'
import { calibrated, calibrationBins, smallestBin, unknownBins } from './blend.ts'
import { requireHorizon, rhythmScore } from './horizon.ts'
import type { ChurnModel } from './model.ts'

/** A plain shop: a purchase every few weeks at first, and half of the buyers soon gone. */
const plainShop: BgNbd = { r: 0.3, alpha: 5, a: 0.8, b: 2.5 }

const asItIs: Calibration = { kind: 'platt', slope: 1, intercept: 0 }
const noWeights = { logistic: 0, booster: 0, forest: 0 }

/** For a tenant without data: the shipped prior. Its scores carry the interval 0…1. BAD_USER_INPUT for a wrong horizon. */
export function priorChurn(horizonDays: number): ChurnModel {
  const shared = {
    horizonDays: requireHorizon(horizonDays),
    weights: noWeights,
    calibration: asItIs,
    bins: unknownBins,
  }
  return { source: 'PRIOR', ...shared, members: null, rhythm: plainShop, customers: 0, churned: 0 }
}

/** For a tenant with too few customers for members: how often they buy, at the level that they confirm. */
export function buyingChurn(m: Matrix, y: Float64Array, rhythm: BgNbd, horizonDays: number): ChurnModel {
  const churned = y.reduce((sum, value) => sum + value, 0)
  const raw = Float64Array.from(y, (_, i) => rhythmScore(rhythm, horizonDays, m.x, i * m.d))
  const calibration = fitPlatt(raw, y)
  const bins = m.n < smallestBin ? unknownBins : calibrationBins(calibrated(calibration, raw), y)
  const shared = { horizonDays, weights: noWeights, calibration, bins, rhythm }
  return { source: 'BUYING', ...shared, members: null, customers: m.n, churned }
}
