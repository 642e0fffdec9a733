import { clopperPearson } from '../learning/clopper-pearson.ts'
import { applyCalibration, type Calibration, fitPlatt } from '../learning/calibration.ts'
import { orderBy } from '../learning/metrics.ts'
import type { CalibrationBins, MemberName } from './model.ts'
import { weigh, type Weights } from './members.ts'

const steps = 10

/** Weights are told apart on so many customers at most; more would change no tenth. */
const rowsToWeigh = 20_000

export type Blend = { weights: Weights; calibration: Calibration }

/**
 * Weights in tenths and Platt's line. Of all weights that predict the held-out rows as well as the best ones, give or take
 * one standard error of the difference, the most even: what is uneven by chance does not last until tomorrow.
 */
export function fitBlend(scores: Record<MemberName, Float64Array>, y: Float64Array): Blend {
  const weights = mostEven(sampled(scores, y.length), sampled({ y }, y.length).y)
  return { weights, calibration: fitPlatt(weigh(scores, weights), y) }
}

function mostEven(scores: Record<MemberName, Float64Array>, y: Float64Array): Weights {
  const lossesOf = (weights: Weights) => {
    const raw = weigh(scores, weights)
    const p = calibrated(fitPlatt(raw, y), raw)
    return p.map((probability, i) => -Math.log(Math.max(1e-12, y[i] === 1 ? probability : 1 - probability)))
  }
  const candidates = simplex().map((weights) => ({ weights, losses: lossesOf(weights) }))
  const best = candidates.reduce((a, b) => (mean(b.losses) < mean(a.losses) ? b : a))
  const asGood = candidates.filter(({ losses }) => {
    const worse = losses.map((loss, i) => loss - best.losses[i]!)
    const average = mean(worse)
    return average <= Math.sqrt(mean(worse.map((value) => (value - average) ** 2)) / worse.length)
  })
  return asGood.reduce((a, b) => (unevenness(b.weights) < unevenness(a.weights) ? b : a)).weights
}

const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length

const unevenness = (weights: Weights) => Object.values(weights).reduce((sum, weight) => sum + (weight - 1 / 3) ** 2, 0)

/** Every so many rows, so that none comes twice. */
function sampled<K extends string>(columns: Record<K, Float64Array>, n: number): Record<K, Float64Array> {
  const stride = Math.ceil(n / rowsToWeigh)
  const entries = Object.entries<Float64Array>(columns)
  return Object.fromEntries(
    entries.map(([name, values]) => [name, values.filter((_, i) => i % stride === 0)]),
  ) as Record<K, Float64Array>
}

/** All weights in tenths that add up to 1. */
function simplex(): Weights[] {
  const all: Weights[] = []
  for (let booster = 0; booster <= steps; booster++)
    for (let forest = 0; forest <= steps - booster; forest++)
      all.push({ logistic: (steps - booster - forest) / steps, booster: booster / steps, forest: forest / steps })
  return all
}

export const calibrated = (calibration: Calibration, raw: Float64Array): Float64Array =>
  raw.map((score) => applyCalibration(calibration, score))

export const smallestBin = 200
const mostBins = 40

/** Bins of equal numbers of customers, at least 200 each, with the 90 % interval of the share that churned. */
export function calibrationBins(p: Float64Array, y: Float64Array): CalibrationBins {
  const count = Math.min(mostBins, Math.max(1, Math.floor(p.length / smallestBin)))
  const order = orderBy(p)
  const bins = {
    upTo: new Float64Array(count),
    count: new Float64Array(count),
    low: new Float64Array(count),
    high: new Float64Array(count),
  }
  for (let bin = 0; bin < count; bin++) {
    const rows = order.subarray(Math.floor((bin * p.length) / count), Math.floor(((bin + 1) * p.length) / count))
    const churned = rows.reduce((sum, row) => sum + y[row]!, 0)
    const { low, high } = clopperPearson(churned, rows.length, 0.9)
    bins.upTo[bin] = bin === count - 1 ? 1 : p[rows.at(-1)!]!
    bins.count[bin] = rows.length
    bins.low[bin] = low
    bins.high[bin] = high
  }
  return bins
}

/** What is known of a score where nothing was held out: nothing. */
export const unknownBins: CalibrationBins = {
  upTo: Float64Array.of(1),
  count: Float64Array.of(0),
  low: Float64Array.of(0),
  high: Float64Array.of(1),
}

/** The interval of the bin that a score falls in. */
export function binOf(bins: CalibrationBins, score: number): { low: number; high: number; count: number } {
  const found = bins.upTo.findIndex((end) => score <= end)
  const at = found < 0 ? bins.upTo.length - 1 : found
  return { low: bins.low[at]!, high: bins.high[at]!, count: bins.count[at]! }
}
