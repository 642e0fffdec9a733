import { codedError } from '@quimbi/service/errors.ts'
import { features } from '../features/catalogue.ts'
import { type Factor, factorMaker } from '../features/factor.ts'
import { applyCalibration } from '../learning/calibration.ts'
import { largest, sumWithout } from '../learning/largest.ts'
import type { Matrix } from '../learning/matrix.ts'
import { binOf } from './blend.ts'
import { requireHorizon, rhythmScore, stretchOf } from './horizon.ts'
import { blendAll, blendOne, explainBlend } from './members.ts'
import { type ChurnModel, levelOf, type RiskLevel } from './model.ts'
import { explainRhythm, plainCustomer } from './pace.ts'
import { explain } from './wording.ts'

/** `contribution` in log-odds, above 0 towards churn. */
export type ChurnFactor = Factor

export type ChurnExplanation = {
  /** Calibrated probability of no purchase within the horizon. */
  score: number
  level: RiskLevel
  /** 90 %, of the score's calibration bin. */
  interval: { low: number; high: number; level: number }
  /** baseline + contributions + otherContribution = log-odds before calibration, at the model's own horizon. */
  baseline: number
  factors: ChurnFactor[]
  otherContribution: number
}

const factorOf = factorMaker(explain)

const shown = 8
/** Less than this moves no probability by a tenth of a percent. */
const negligible = 0.004

/** Writes every row's calibrated probability of churn within `horizonDays` (the model's own by default) to `out`. */
export function scoreChurn(model: ChurnModel, m: Matrix, out: Float64Array, horizonDays = model.horizonDays): void {
  if (horizonDays !== model.horizonDays) requireHorizon(horizonDays)
  const raw = rawScores(model, m)
  for (let i = 0; i < m.n; i++) {
    const p = applyCalibration(model.calibration, raw[i]!)
    out[i] = p ** stretchOf(model.rhythm, model.horizonDays, horizonDays, m.x, i * m.d)
  }
}

/** The same of one row, for who asks about one customer. */
export function scoreOneChurn(model: ChurnModel, row: Float64Array, horizonDays = model.horizonDays): number {
  const p = applyCalibration(model.calibration, rawScore(model, row))
  return p ** stretchOf(model.rhythm, model.horizonDays, horizonDays, row, 0)
}

function rawScores({ members, weights, rhythm, horizonDays }: ChurnModel, m: Matrix): Float64Array {
  if (members) return blendAll(members, weights, m)
  return Float64Array.from({ length: m.n }, (_, i) => rhythmScore(rhythm, horizonDays, m.x, i * m.d))
}

const rawScore = ({ members, weights, rhythm, horizonDays }: ChurnModel, row: Float64Array): number =>
  members ? blendOne(members, weights, row) : rhythmScore(rhythm, horizonDays, row, 0)

/** One row's score, with the eight features that moved it most (three at most where the rhythm alone forecasts). BAD_USER_INPUT for another horizon than 28…365 or another row. */
export function explainChurn(model: ChurnModel, row: Float64Array, horizonDays = model.horizonDays): ChurnExplanation {
  if (row.length !== features.length)
    throw codedError('BAD_USER_INPUT', `A row has ${features.length} features, not ${row.length}.`)
  if (horizonDays !== model.horizonDays) requireHorizon(horizonDays)
  const contributions = new Float64Array(row.length)
  const raw = rawScore(model, row)
  const baseline = model.members
    ? explainBlend(model.members, model.weights, row, contributions)
    : explainRhythm((mixed) => rhythmScore(model.rhythm, model.horizonDays, mixed, 0), plainCustomer, {
        row,
        share: 1,
        into: contributions,
      })
  const own = applyCalibration(model.calibration, raw)
  const bin = binOf(model.bins, own)
  const stretch = stretchOf(model.rhythm, model.horizonDays, horizonDays, row, 0)
  const score = own ** stretch
  const moved = largest(contributions, shown, negligible)
  return {
    score,
    level: levelOf(score),
    interval: { low: bin.low ** stretch, high: bin.high ** stretch, level: 0.9 },
    baseline,
    factors: moved.map((column) => factorOf(features[column]!.name, row[column]!, contributions[column]!)),
    otherContribution: sumWithout(contributions, moved),
  }
}
