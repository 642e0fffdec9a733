// Reading messages: intents learnt and tested on two public sets, sentiment in folds, VADER against people, and the shipped model on texts that it never saw.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { auc, ece, pearson } from '@quimbi/intelligence/learning/metrics.ts'
import { compoundOf } from '@quimbi/intelligence/triage/sentiment/vader.ts'
import { createSentimentReader, trainSentiment } from '@quimbi/intelligence/triage/sentiment/trained.ts'
import { shippedModel, trainShipped } from '@quimbi/intelligence/triage/shipped.ts'
import { createClassifier, type Classifier } from '@quimbi/intelligence/triage/text/classify.ts'
import { trainText } from '@quimbi/intelligence/triage/text/text-model.ts'
import { createTriage } from '@quimbi/intelligence/triage/triage.ts'
import { parse } from 'csv-parse/sync'
import { root } from '../scripts/lib/root.ts'
import type { BenchOptions, BenchResult, Figures } from './lib/contract.ts'
import { quantile } from './lib/quantile.ts'
import { isOutOfScope, shopIntentOf } from './lib/triage-labels.ts'

const data = join(root, '../shared/data')
type Labelled = { text: string; label: string }

/** Figures as in `docs/benchmarks.md`; without the data only the time of the shipped model is measured. @public */
export async function run({ quick, log }: BenchOptions): Promise<BenchResult> {
  const figures: Figures = {}
  const add = (measured: Figures) => {
    Object.assign(figures, measured)
    log(JSON.stringify(measured))
  }
  if (existsSync(data)) {
    add(banking(quick))
    add(bitext(quick))
    add(sentiment(quick))
  } else log('The data is not beside the repository: accuracy is not measured.')
  add(await shipped(quick))
  const rows = Object.entries(figures).map(([name, value]) => [
    name,
    typeof value === 'object' ? JSON.stringify(value) : value,
  ])
  return { table: { columns: ['what', 'number'], rows }, figures }
}

/** Trained on the training rows alone; settings were chosen on a part of them that was held out. */
function banking(quick: boolean): Figures {
  const { test, classifier, trainSeconds } = learnt('banking77', quick, 10)
  const { accuracy, coverage, precision, calibrationError } = judged(classifier, test)
  return {
    banking77: accuracy,
    banking77Coverage: coverage,
    banking77Precision: precision,
    banking77Ece: calibrationError,
    banking77TrainSeconds: trainSeconds,
    microsPerMessage: microsEach(
      test.map(({ text }) => text),
      (text) => classifier.read(text),
    ),
  }
}

function bitext(quick: boolean): Figures {
  const { test, classifier } = learnt('bitext_intent', quick, 4)
  return { bitext: judged(classifier, test).accuracy }
}

function learnt(set: 'banking77' | 'bitext_intent', quick: boolean, part: number) {
  const train = labelled(set, 'train').filter((_, index) => !quick || index % part === 0)
  const started = process.cpuUsage()
  const model = trainText(
    train.map(({ text }) => text),
    train.map(({ label }) => label),
    { seed: 1 },
  )
  const trainSeconds = rounded(process.cpuUsage(started).user / 1e6, 1)
  return { test: labelled(set, 'test'), classifier: createClassifier(model), trainSeconds }
}

const sentimentSets = ['tweets', 'amazonReviewSnippets', 'movieReviewSnippets', 'nytEditorialSnippets'] as const
const folds = 3

/** Is the mean of twenty ratings above zero? Macro F1 in three folds, the mean of four sets; the lexicon's (VADER) on the same rows. */
function sentiment(quick: boolean): Figures {
  const scores = sentimentSets.map((name) => {
    const rows = ratings(name).filter(({ rating }, index) => rating !== 0 && (!quick || index % 10 === 0))
    const positive = rows.map(({ rating }) => Number(rating > 0))
    const said = new Array<number>(rows.length)
    for (let fold = 0; fold < (quick ? 1 : folds); fold++) {
      const seen = [...rows.keys()].filter((row) => row % folds !== fold)
      const model = trainSentiment(
        seen.map((row) => rows[row]!.text),
        seen.map((row) => positive[row]!),
        1,
      )
      const read = createSentimentReader(model)
      rows.forEach(({ text }, row) => {
        if (row % folds === fold) said[row] = Number(read(text) > 0.5)
      })
    }
    const judgedRows = [...rows.keys()].filter((row) => said[row] !== undefined)
    const truth = judgedRows.map((row) => positive[row]!)
    return {
      name,
      trained: macroF1(
        truth,
        judgedRows.map((row) => said[row]!),
      ),
      lexicon: macroF1(
        truth,
        judgedRows.map((row) => Number(compoundOf(rows[row]!.text) > 0)),
      ),
    }
  })
  const tweets = ratings('tweets')
  return {
    sentimentF1: rounded(mean(scores.map(({ trained }) => trained))),
    sentimentLexiconF1: rounded(mean(scores.map(({ lexicon }) => lexicon))),
    sentimentF1Of: Object.fromEntries(scores.map(({ name, trained }) => [name, rounded(trained)])),
    vaderTweetsR: rounded(
      pearson(
        tweets.map(({ rating }) => rating),
        tweets.map(({ text }) => compoundOf(text)),
      ),
    ),
  }
}

/** Trained on our grammar alone; Bitext's intents put into ours, and what is none of a shop's business. */
async function shipped(quick: boolean): Promise<Figures> {
  const started = performance.now()
  trainShipped()
  const seconds = rounded((performance.now() - started) / 1_000, 1)
  const model = await shippedModel()
  const { triage } = createTriage(model)
  const now = new Date('2026-03-04T12:00:00Z')
  const conversation = (content: string) => triage({ channel: 'EMAIL', now, turns: [{ fromAgent: false, content }] })
  const texts = [
    'Hi, my order #10422 still has not arrived after 2 weeks. I need it by Friday. Where is it? Thanks, Anna',
  ]
  const timed = { shippedTrainSeconds: seconds, triageMicros: microsEach(texts, conversation) }
  if (!existsSync(data)) return timed
  const classifier = createClassifier(model.intents)
  const shop = labelled('bitext_intent', 'test').map(({ text, label }) => ({ text, label: shopIntentOf(label) }))
  const { accuracy, coverage, precision } = judged(classifier, shop)
  const outside = labelled('banking77', 'test').filter(({ label }) => isOutOfScope(label))
  const prose = sentimentSets
    .slice(2)
    .flatMap((name) => ratings(name).filter((_, index) => index % (quick ? 100 : 5) === 0))
  const claim = ({ text }: { text: string }) => {
    const { shares, best } = classifier.read(text)
    return classifier.labels[best] === 'other' ? 1 - shares[best]! : shares[best]!
  }
  const isClaimed = ({ text }: { text: string }) => !['other', undefined].includes(classifier.classify(text)?.label)
  return {
    ...timed,
    shippedBitext: accuracy,
    shippedCoverage: coverage,
    shippedPrecision: precision,
    outOfScopeAuc: rounded(
      auc([...shop.map(() => 1), ...outside.map(() => 0)], [...shop.map(claim), ...outside.map(claim)]),
    ),
    outOfScopeRefused: rounded(1 - mean(outside.map((row) => Number(isClaimed(row))))),
    proseRefused: rounded(1 - mean(prose.map((row) => Number(isClaimed(row))))),
  }
}

/** Accuracy of all; how many are said at the threshold, and how many of those are right; the calibration of the confidence. */
function judged(classifier: Classifier, rows: readonly Labelled[]) {
  const found = rows.map(({ text, label }) => {
    const { shares, best } = classifier.read(text)
    return { isRight: Number(classifier.labels[best] === label), confidence: shares[best]! }
  })
  const said = found.filter(({ confidence }) => confidence >= classifier.threshold)
  const right = found.map(({ isRight }) => isRight)
  return {
    accuracy: rounded(mean(right)),
    coverage: rounded(said.length / found.length),
    precision: rounded(mean(said.map(({ isRight }) => isRight))),
    calibrationError: rounded(
      ece(
        right,
        found.map(({ confidence }) => confidence),
      ),
    ),
  }
}

const rounds = 9
const warmUps = 2_000

/** Microseconds of the processor a text, the median of nine rounds. */
function microsEach(texts: readonly string[], read: (text: string) => unknown): number {
  for (let at = 0; at < warmUps; at++) read(texts[at % texts.length]!)
  const count = Math.max(300, texts.length)
  const each = Array.from({ length: rounds }, () => {
    const started = process.cpuUsage()
    for (let at = 0; at < count; at++) read(texts[at % texts.length]!)
    const { user, system } = process.cpuUsage(started)
    return (user + system) / count
  })
  return rounded(quantile(each, 0.5, 1), 1)
}

function macroF1(truth: readonly number[], said: readonly number[]): number {
  return mean(
    [0, 1].map((side) => {
      const both = truth.filter((value, row) => value === side && said[row] === side).length
      const either = truth.filter((value) => value === side).length + said.filter((value) => value === side).length
      return either === 0 ? 0 : (2 * both) / either
    }),
  )
}

function labelled(set: 'banking77' | 'bitext_intent', part: 'train' | 'test'): Labelled[] {
  const rows = parse(readFileSync(join(data, set, `${part}.csv`)), { columns: true }) as Record<string, string>[]
  const [text, label] = set === 'banking77' ? ['text', 'category'] : ['utterance', 'intent']
  return rows.map((row) => ({ text: row[text!]!, label: row[label!]! }))
}

function ratings(name: string): { rating: number; text: string }[] {
  const lines = readFileSync(join(data, 'vader_gold', `${name}_GroundTruth.txt`), 'utf8').split(/\r?\n/)
  return lines.filter(Boolean).map((line) => {
    const [, rating, ...text] = line.split('\t')
    return { rating: Number(rating), text: text.join('\t') }
  })
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
const rounded = (value: number, digits = 4): number => Number(value.toFixed(digits))
