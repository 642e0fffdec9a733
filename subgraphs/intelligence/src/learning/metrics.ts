import { createRandom } from '@quimbi/service/random.ts'
import { fitLine } from './line.ts'
import { logit } from './objectives.ts'

type Numbers = ArrayLike<number>

/** Row numbers by ascending value; equal values by number, so that every machine orders alike. */
export function orderBy(values: Numbers): Uint32Array {
  return Uint32Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a]! - values[b]! || a - b)
}

/** Ranks from 1; equal values share the mean of their ranks. */
export function ranks(values: Numbers): Float64Array {
  const order = orderBy(values)
  const out = new Float64Array(order.length)
  for (let i = 0; i < order.length;) {
    let end = i + 1
    while (end < order.length && values[order[end]!] === values[order[i]!]) end++
    for (let k = i; k < end; k++) out[order[k]!] = (i + 1 + end) / 2
    i = end
  }
  return out
}

/** The chance that a random 1 is scored above a random 0, ties counting half; NaN where a class is missing. */
export function auc(y: Numbers, p: Numbers): number {
  const rank = ranks(p)
  let sum = 0
  let ones = 0
  for (let i = 0; i < y.length; i++) {
    if (!y[i]) continue
    sum += rank[i]!
    ones++
  }
  return (sum - (ones * (ones + 1)) / 2) / (ones * (y.length - ones))
}

/** Mean squared difference of probability and outcome. */
export const brier = (y: Numbers, p: Numbers): number => meanOver(y, p, (a, b) => (a - b) ** 2)

export const logLoss = (y: Numbers, p: Numbers): number =>
  meanOver(y, p, (a, b) => -Math.log(Math.min(1, Math.max(1e-12, a ? b : 1 - b))))

/** Expected calibration error over `bins` bins of equal numbers of rows (not of equal width). */
export function ece(y: Numbers, p: Numbers, bins = 15): number {
  const order = orderBy(p)
  const n = order.length
  let error = 0
  for (let b = 0; b < bins; b++) {
    let difference = 0
    for (let k = Math.floor((b * n) / bins); k < Math.floor(((b + 1) * n) / bins); k++)
      difference += p[order[k]!]! - y[order[k]!]!
    error += Math.abs(difference)
  }
  return error / n
}

export const mae = (y: Numbers, p: Numbers): number => meanOver(y, p, (a, b) => Math.abs(a - b))

export const rmse = (y: Numbers, p: Numbers): number => Math.sqrt(brier(y, p))

/** (Σ predicted − Σ true) / Σ true; NaN or infinite where nothing was true. */
export function bias(y: Numbers, p: Numbers): number {
  let truth = 0
  let predicted = 0
  for (let i = 0; i < y.length; i++) {
    truth += y[i]!
    predicted += p[i]!
  }
  return (predicted - truth) / truth
}

export function pearson(a: Numbers, b: Numbers): number {
  const n = a.length
  let meanA = 0
  let meanB = 0
  for (let i = 0; i < n; i++) {
    meanA += a[i]! / n
    meanB += b[i]! / n
  }
  let ab = 0
  let aa = 0
  let bb = 0
  for (let i = 0; i < n; i++) {
    ab += (a[i]! - meanA) * (b[i]! - meanB)
    aa += (a[i]! - meanA) ** 2
    bb += (b[i]! - meanB) ** 2
  }
  return ab / Math.sqrt(aa * bb)
}

export const spearman = (a: Numbers, b: Numbers): number => pearson(ranks(a), ranks(b))

/** Gini of the spend caught by going down the predictions, over that of a perfect order: 1 perfect, 0 random. */
export const normalizedGini = (y: Numbers, p: Numbers): number => gini(y, p) / gini(y, y)

function gini(y: Numbers, p: Numbers): number {
  const order = orderBy(p)
  const n = order.length
  let caught = 0
  let area = 0
  // From the highest down; of equal predictions the later row first.
  for (let k = n - 1; k >= 0; k--) {
    caught += y[order[k]!]!
    area += caught
  }
  return area / (caught * n) - (n + 1) / (2 * n)
}

/**
 * The difference of two models' AUC on the same rows, and its 95 % interval over `draws` resamples of the rows: what is
 * common to both models cancels out.
 */
export function pairedBootstrapAuc(y: Numbers, a: Numbers, b: Numbers, seed: number, draws = 1_000) {
  const random = createRandom(seed)
  const n = y.length
  const classesA = classes(y, a)
  const classesB = classes(y, b)
  const times = new Float64Array(n)
  const differences: number[] = []
  for (let draw = 0; draw < draws; draw++) {
    times.fill(0)
    for (let k = 0; k < n; k++) times[Math.floor(random() * n)]! += 1
    differences.push(weightedAuc(classesA, times) - weightedAuc(classesB, times))
  }
  const sorted = Float64Array.from(differences.filter(Number.isFinite)).sort()
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN
  return { difference: auc(y, a) - auc(y, b), low: at(0.025), high: at(0.975) }
}

/** Sorted once; a resample only changes how often a row counts. */
function classes(y: Numbers, p: Numbers) {
  const order = orderBy(p)
  const endsTie = Uint8Array.from(order, (row, k) => (k + 1 < order.length && p[order[k + 1]!] === p[row] ? 0 : 1))
  return { order, endsTie, one: Uint8Array.from(order, (row) => y[row]!) }
}

function weightedAuc({ order, endsTie, one }: ReturnType<typeof classes>, times: Float64Array): number {
  let zerosBelow = 0
  let zerosTied = 0
  let onesTied = 0
  let ones = 0
  let pairs = 0
  for (let k = 0; k < order.length; k++) {
    const weight = times[order[k]!]!
    if (one[k]) onesTied += weight
    else zerosTied += weight
    if (!endsTie[k]) continue
    pairs += onesTied * (zerosBelow + zerosTied / 2)
    zerosBelow += zerosTied
    ones += onesTied
    zerosTied = onesTied = 0
  }
  return pairs / (ones * zerosBelow)
}

/**
 * Logistic regression of the outcome on the predicted log-odds: a slope of 1 is honest, below 1 overconfident. `low`…`high`
 * is its 95 % interval (Wald). Probabilities are held within 1e-9 of 0 and 1.
 */
export function calibrationSlope(y: Numbers, p: Numbers) {
  const scores = Float64Array.from(p, (value) => logit(Math.min(1 - 1e-9, Math.max(1e-9, value))))
  const { slope, intercept, slopeError } = fitLine(scores, y)
  const half = 1.959963984540054 * slopeError
  return { slope, intercept, low: slope - half, high: slope + half }
}

function meanOver(y: Numbers, p: Numbers, loss: (y: number, p: number) => number): number {
  let sum = 0
  for (let i = 0; i < y.length; i++) sum += loss(y[i]!, p[i]!)
  return sum / y.length
}
