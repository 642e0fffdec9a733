import { applyCalibration } from '../../learning/calibration.ts'
import type { SparseRow } from './sparse.ts'
import { margins } from './svm.ts'
import { decisiveness, type TextModel } from './text-model.ts'
import { createReader } from './vocabulary.ts'

export type LabelScore = { label: string; confidence: number }

/** What a text is about: how probable that is, the words that told most, and what else it may be. */
export type Classification = LabelScore & { evidence: string[]; alternatives: LabelScore[] }

/** Each label's probability, in the order of the model's labels (what is missing to 1 is "none of them"), and the likeliest. Read before the next text. */
export type Reading = { shares: Float64Array; best: number }

export type Classifier = {
  labels: readonly string[]
  threshold: number
  read(text: string): Reading
  /** The parts of the text that speak most for this label rather than the likeliest other, the strongest first. */
  evidence(text: string, label: number): string[]
  /** Null where the model is not sure enough. */
  classify(text: string): Classification | null
}

/** Margins differ by about one where labels are clear; this makes shares of the rest about as sharp as calibrated ones. */
const sharpness = 4
const mostEvidence = 3
const mostAlternatives = 3
const leastAlternative = 0.01

/** Reads texts by a model; its buffers are its own. */
export function createClassifier(model: TextModel): Classifier {
  const { labels, vocabulary, linear, calibration, threshold } = model
  const reader = createReader(vocabulary)
  const scores = new Float64Array(labels.length)
  const shares = new Float64Array(labels.length)
  const valueOf = new Float64Array(vocabulary.hashes.length)

  const read = (text: string): Reading => {
    const row = reader.read(text)
    const { best, value } = decisiveness(margins(linear, row, scores))
    // A text without a known word is about nothing that was learnt, whatever the classes' shares.
    const p = row.n === 0 ? 0 : applyCalibration(calibration, value)
    let sum = 1
    for (let k = 0; k < shares.length; k++) {
      shares[k] = k === best ? 0 : Math.exp(sharpness * scores[k]!)
      sum += shares[k]!
    }
    for (let k = 0; k < shares.length; k++) shares[k] = k === best ? p : ((1 - p) * shares[k]!) / sum
    return { shares, best }
  }

  const evidence = (text: string, label: number): string[] => {
    const row = reader.read(text)
    margins(linear, row, scores)
    const rival = rivalOf(scores, label)
    for (let at = 0; at < row.n; at++) valueOf[row.columns[at]!] = row.values[at]!
    const { hashes, word, n } = reader.cutter.cut(text)
    const { words } = reader.cutter
    const told = new Float64Array(words.n)
    for (let at = 0; at < n; at++) {
      const column = reader.columnOf(hashes[at]!)
      if (column < 0) continue
      const from = column * labels.length
      told[word[at]!]! +=
        valueOf[column]! * linear.scales[column]! * (linear.weights[from + label]! - linear.weights[from + rival]!)
      // What occurs again is counted once.
      valueOf[column] = 0
    }
    clear(valueOf, row)
    return strongest(told).map(([first, last]) => text.slice(words.from[first], words.to[last]))
  }

  return {
    labels,
    threshold,
    read,
    evidence,
    classify: (text) => {
      const reading = read(text)
      const { best } = reading
      const confidence = reading.shares[best]!
      if (confidence < threshold) return null
      return {
        label: labels[best]!,
        confidence,
        alternatives: alternativesOf(labels, reading),
        evidence: evidence(text, best),
      }
    },
  }
}

/** The likeliest other labels. */
export function alternativesOf(labels: readonly string[], { shares, best }: Reading): LabelScore[] {
  return labels
    .map((label, k) => ({ label, confidence: k === best ? 0 : shares[k]! }))
    .filter(({ confidence }) => confidence >= leastAlternative)
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, mostAlternatives)
}

function rivalOf(scores: Float64Array, label: number): number {
  let rival = label === 0 ? 1 : 0
  for (let k = 0; k < scores.length; k++) if (k !== label && scores[k]! > scores[rival]!) rival = k
  return rival
}

function clear(values: Float64Array, { columns, n }: SparseRow): void {
  for (let at = 0; at < n; at++) values[columns[at]!] = 0
}

/** Runs of the words that told most: `[first, last]`. */
function strongest(told: Float64Array): [number, number][] {
  const best = Array.from(told.keys())
    .filter((word) => told[word]! > 0)
    .sort((a, b) => told[b]! - told[a]!)
    .slice(0, mostEvidence)
  const runs: { range: [number, number]; sum: number }[] = []
  for (const word of [...best].sort((a, b) => a - b)) {
    const run = runs.at(-1)
    if (run && run.range[1] === word - 1) {
      run.range[1] = word
      run.sum += told[word]!
    } else runs.push({ range: [word, word], sum: told[word]! })
  }
  return runs.sort((a, b) => b.sum - a.sum).map(({ range }) => range)
}
