import { codedError } from '@quimbi/service/errors.ts'
import { logisticScore, trainLogistic } from '../../learning/logistic.ts'
import { matrixOf } from '../../learning/matrix.ts'
import { sigmoid } from '../../learning/objectives.ts'
import { heldOutScores } from '../text/held-out.ts'
import { collectRows } from '../text/sparse.ts'
import { type LinearModel, margins, trainSvm } from '../text/svm.ts'
import { gramOptions, svm } from '../text/text-model.ts'
import { createReader, learnVocabulary, type Vocabulary } from '../text/vocabulary.ts'
import { compoundOf, sumOf } from './vader.ts'

/** What a tenant's own rated texts taught; `stack` weighs the words' margin against VADER's sum of valences. Plain data. */
export type SentimentModel = { vocabulary: Vocabulary; linear: LinearModel; stack: ReturnType<typeof trainLogistic> }

/** Learns from texts that are positive (1) or negative (0). The same seed gives the same model. BAD_USER_INPUT where lengths differ or one side is missing. */
export function trainSentiment(texts: readonly string[], isPositive: readonly number[], seed: number): SentimentModel {
  if (texts.length !== isPositive.length)
    throw codedError('BAD_USER_INPUT', `${texts.length} texts have ${isPositive.length} ratings.`)
  const vocabulary = learnVocabulary(texts, gramOptions)
  const { read } = createReader(vocabulary)
  const rows = collectRows(texts.length, vocabulary.hashes.length, (index) => read(texts[index]!))
  const own = Int32Array.from(isPositive, (positive) => (positive ? 0 : 1))
  const options = { ...svm, cost: sentimentCost, seed }
  // One machine suffices for two sides.
  const held = heldOutScores(rows, own, 1, options)
  const facts = matrixOf(texts.map((text, row) => [held[row]![0]!, sumOf(compoundOf(text))]))
  const stack = trainLogistic(facts, Float64Array.from(isPositive), { l2: 1 })
  return { vocabulary, linear: trainSvm(rows, own, 1, options), stack }
}

/** Single words of opinion matter less than their sum: a softer margin than for intents. */
const sentimentCost = 0.1

/** Reads sentiment by a model: the probability that a text is positive. */
export function createSentimentReader({ vocabulary, linear, stack }: SentimentModel): (text: string) => number {
  const { read } = createReader(vocabulary)
  const margin = new Float64Array(1)
  const row = new Float64Array(2)
  return (text) => {
    row[0] = margins(linear, read(text), margin)[0]!
    row[1] = sumOf(compoundOf(text))
    return sigmoid(logisticScore(stack, row))
  }
}
