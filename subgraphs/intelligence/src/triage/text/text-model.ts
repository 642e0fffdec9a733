import { codedError } from '@quimbi/service/errors.ts'
import { applyCalibration, type Calibration, fitPlatt } from '../../learning/calibration.ts'
import type { GramOptions } from './grams.ts'
import { folds, heldOutScores } from './held-out.ts'
import { collectRows } from './sparse.ts'
import { type LinearModel, type SvmOptions, trainSvm } from './svm.ts'
import { createReader, learnVocabulary, type Vocabulary } from './vocabulary.ts'

/** What tells texts apart, with how sure it is. Plain data. */
export type TextModel = {
  labels: string[]
  vocabulary: Vocabulary
  linear: LinearModel
  /** from `decisiveness` to the probability that the best label is right */
  calibration: Calibration
  /** the confidence from which on labels are right as often as the target precision; nothing is said below */
  threshold: number
}

export type TextTraining = {
  seed: number
  /** texts of one group (made from one template, one ticket) are held out together when calibrating; by default each is its own */
  groups?: readonly number[] | undefined
  /** how many parts of the groups are held out in turn; by default 3. The more, the nearer are those who judge to the model that is kept */
  parts?: number | undefined
  /** a share of labels that must be right where something is said; by default 0.9 */
  targetPrecision?: number | undefined
  /** a label that stands for "none of the others": saying another one of its texts is a mistake, being silent is right */
  none?: string | undefined
}

export const gramOptions: GramOptions = { words: 2, pairs: 12, stem: 3, least: 3, most: 5 }
export const svm: Omit<SvmOptions, 'seed'> = { cost: 1, epochs: 10, tolerance: 0.05 }
/** Below it a label is more likely wrong than right, whatever the precision of those above. */
const leastThreshold = 0.5

/**
 * Learns labels from texts. Calibrated on texts that were held out, so that confidences are those of unseen ones. The same seed gives
 * the same model. BAD_USER_INPUT with fewer than two labels, or fewer than three texts of one.
 */
export function trainText(texts: readonly string[], labels: readonly string[], training: TextTraining): TextModel {
  const names = namesOf(texts, labels)
  const own = Int32Array.from(labels, (label) => names.indexOf(label))
  const vocabulary = learnVocabulary(texts, gramOptions)
  const { read } = createReader(vocabulary)
  const rows = collectRows(texts.length, vocabulary.hashes.length, (index) => read(texts[index]!))
  const options = { ...svm, seed: training.seed }
  const held = heldOutScores(rows, own, names.length, {
    ...options,
    groups: training.groups,
    parts: training.parts,
  }).map(decisiveness)
  const right = Float64Array.from(held, ({ best }, row) => (best === own[row] ? 1 : 0))
  const values = Float64Array.from(held, ({ value }) => value)
  const calibration = fitPlatt(values, right)
  const confidence = values.map((value) => applyCalibration(calibration, value))
  const none = training.none === undefined ? -1 : names.indexOf(training.none)
  const claims = Array.from(held.keys()).filter((row) => held[row]!.best !== none)
  const threshold = thresholdOf(claims, confidence, right, training.targetPrecision ?? 0.9)
  const linear = trainSvm(rows, own, names.length, options)
  return { labels: names, vocabulary, linear, calibration, threshold }
}

/** How far the best label is on its own side, and how far before the second: low for a text that is like none or like two. */
export function decisiveness(scores: ArrayLike<number>): { best: number; value: number } {
  let best = 0
  let second = -1
  for (let k = 1; k < scores.length; k++) {
    if (scores[k]! > scores[best]!) {
      second = best
      best = k
    } else if (second < 0 || scores[k]! > scores[second]!) second = k
  }
  return { best, value: 2 * scores[best]! - scores[second]! }
}

function namesOf(texts: readonly string[], labels: readonly string[]): string[] {
  if (texts.length !== labels.length)
    throw codedError('BAD_USER_INPUT', `${texts.length} texts have ${labels.length} labels.`)
  const counts = new Map<string, number>()
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1)
  if (counts.size < 2) throw codedError('BAD_USER_INPUT', 'There must be at least two labels.', { reason: 'ONE_CLASS' })
  for (const [label, count] of counts)
    if (count < folds)
      throw codedError('BAD_USER_INPUT', `Label "${label}" has ${count} texts; it needs ${folds}.`, {
        reason: 'TOO_FEW_TEXTS',
      })
  return [...counts.keys()].sort()
}

/** The least confidence such that all that is at least as sure is right as often as asked. */
function thresholdOf(claims: number[], confidence: Float64Array, right: Float64Array, target: number): number {
  const order = claims.sort((a, b) => confidence[b]! - confidence[a]!)
  let sum = 0
  let threshold = 1
  order.forEach((row, index) => {
    sum += right[row]!
    if (sum / (index + 1) >= target) threshold = confidence[row]!
  })
  return Math.max(leastThreshold, threshold)
}
