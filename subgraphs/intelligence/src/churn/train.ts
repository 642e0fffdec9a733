import { codedError } from '@quimbi/service/errors.ts'
import type { TrainingSet } from '../features/training-set.ts'
import { takeRows } from '../learning/matrix.ts'
import { fitBgNbd } from '../ltv/btyd.ts'
import { buyingChurn } from './buying.ts'
import { calibrated, calibrationBins, fitBlend } from './blend.ts'
import { learnableColumns } from './columns.ts'
import { requireHorizon } from './horizon.ts'
import { joinForests, memberScores, type Rows, trainLearners, trainTrees, weigh } from './members.ts'
import { type ChurnModel, memberNames, type MemberName } from './model.ts'
import { newestRows } from './origins.ts'
import { paceOf } from './pace.ts'

export type ChurnOptions = {
  /** Days after each origin that the set's labels look at, 28 to 365. */
  horizonDays: number
  seed: number
  /** Share of the work done, 0…1. */
  onProgress?: (share: number) => void
}

/** Below, only how customers buy is learnt; and below that, nothing: `priorChurn` serves. */
const fewestCustomers = 500
const fewestForBuying = 30
/** Of those who churned and of those who did not: fewer teach nothing. */
const fewestOfAClass = 25
const folds = 3

/**
 * Trains the blend. Each customer is once held out with all its rows; on the newest origin of what was held out, weights,
 * calibration and intervals are chosen; then linear member and booster learn from everyone, and the forests, each of which
 * saw most customers, become one. Deterministic for a seed.
 * How it is done was chosen on training origins alone: seven forecasts from an older origin to one that also lies before the
 * test. Moving the calibration on by the drift of the last weeks was tried so, and left: it helped Online Retail, not CDNOW.
 * With fewer than 500 customers, or 25 of a kind, the model is of source BUYING.
 * @throws GraphQLError BAD_USER_INPUT with reason INSUFFICIENT_DATA (fewer than 30 customers) or HORIZON
 */
export function trainChurn(set: TrainingSet, { horizonDays, seed, onProgress = () => {} }: ChurnOptions): ChurnModel {
  requireHorizon(horizonDays)
  const newest = newestRows(set)
  const y = Float64Array.from(newest, (row) => set.churned[row]!)
  const churned = y.reduce((sum, value) => sum + value, 0)
  if (newest.length < fewestForBuying) throw tooFew(newest.length)
  const rhythm = rhythmOf(set, newest)
  const now = takeRows(set, newest)
  if (newest.length < fewestCustomers || Math.min(churned, newest.length - churned) < fewestOfAClass)
    return buyingChurn(now, y, rhythm, horizonDays)
  const pace = paceOf(rhythm, horizonDays, now)
  const all: Rows = { m: set, y: Float64Array.from(set.churned), columns: learnableColumns(now), pace }
  const heldOut = learnHeldOut(all, newest, set.customerIds, seed, (share) => onProgress(0.75 * share))
  const { weights, calibration } = fitBlend(heldOut.scores, y)
  const members = { ...trainLearners(all, { seed, atMost: 150_000 }), forest: joinForests(heldOut.forests) }
  const bins = calibrationBins(calibrated(calibration, weigh(heldOut.scores, weights)), y)
  onProgress(1)
  return { source: 'OWN', horizonDays, members, weights, calibration, bins, rhythm, customers: newest.length, churned }
}

const tooFew = (customers: number) =>
  codedError('BAD_USER_INPUT', `${customers} customers at the newest origin are too few to learn from.`, {
    reason: 'INSUFFICIENT_DATA',
  })

type Progress = (share: number) => void

/** Log-odds, by member, of the newest rows, each from members that saw none of its customer; and the forests among those. */
function learnHeldOut(
  all: Rows,
  newest: Uint32Array,
  customerIds: readonly string[],
  seed: number,
  onProgress: Progress,
) {
  const foldOf = Uint8Array.from(customerIds, (id) => hash(id) % folds)
  const empty = () => new Float64Array(newest.length)
  const scores: Record<MemberName, Float64Array> = { logistic: empty(), booster: empty(), forest: empty() }
  const forests = Array.from({ length: folds }, (_, fold) => {
    const rows = without(all, foldOf, fold)
    const ownSeed = seed + fold + 1
    const forest = trainTrees(rows, ownSeed, (share) => onProgress((fold + share) / folds))
    const members = { ...trainLearners(rows, { seed: ownSeed, atMost: 50_000 }), forest }
    const places = Uint32Array.from(newest.keys()).filter((place) => foldOf[newest[place]!] === fold)
    const asked = places.map((place) => newest[place]!)
    const told = memberScores(members, takeRows(all.m, asked))
    for (const name of memberNames) places.forEach((place, k) => (scores[name][place] = told[name][k]!))
    return forest
  })
  return { scores, forests }
}

function without({ m, y, columns, pace }: Rows, foldOf: Uint8Array, fold: number): Rows {
  const kept = Uint32Array.from(foldOf.keys()).filter((row) => foldOf[row] !== fold)
  return { m: takeRows(m, kept), y: Float64Array.from(kept, (row) => y[row]!), columns, pace }
}

/** FNV-1a: the same fold for a customer on every machine, whatever the ids look like. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let k = 0; k < text.length; k++) value = Math.imul(value ^ text.charCodeAt(k), 0x01000193)
  return (value ^ (value >>> 15)) >>> 0
}

function rhythmOf(set: TrainingSet, newest: Uint32Array) {
  const pick = (values: Float64Array) => Float64Array.from(newest, (row) => values[row]!)
  const { frequency, recency, age, meanValue } = set.btyd
  const { r, alpha, a, b } = fitBgNbd({
    frequency: pick(frequency),
    recency: pick(recency),
    age: pick(age),
    meanValue: pick(meanValue),
  })
  return { r, alpha, a, b }
}
