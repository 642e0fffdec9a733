import { createRandom } from '@quimbi/service/random.ts'
import { expect, test } from 'vitest'
import { binMatrix } from './bins.ts'
import {
  type Booster,
  type BoosterOptions,
  predictBooster,
  rawBooster,
  rawBoosterOne,
  trainBooster,
} from './boosting.ts'
import { type Matrix, matrixOf, takeRows } from './matrix.ts'
import { auc, bias, logLoss } from './metrics.ts'
import { sampleRows } from './samples.test-kit.ts'

const options: BoosterOptions = {
  objective: 'logistic',
  rounds: 60,
  learningRate: 0.1,
  leaves: 8,
  minLeaf: 20,
  l2: 1,
  rowFraction: 0.7,
  columnFraction: 0.5,
  seed: 1,
}
const whole = { rowFraction: 1, columnFraction: 1 }
const refused = expect.objectContaining({ extensions: expect.objectContaining({ code: 'BAD_USER_INPUT' }) })

/** The best first split by squared error, looked for everywhere. */
function bestSplit(m: Matrix, y: Float64Array, minLeaf: number) {
  const mean = y.reduce((sum, value) => sum + value, 0) / m.n
  let best = { gain: 0, feature: -1, below: Number.NaN }
  for (let f = 0; f < m.d; f++) {
    for (let row = 0; row < m.n; row++) {
      const below = m.x[row * m.d + f]!
      let [sum, count] = [0, 0]
      for (let i = 0; i < m.n; i++) {
        if (m.x[i * m.d + f]! > below) continue
        sum += y[i]! - mean
        count++
      }
      if (count < minLeaf || m.n - count < minLeaf) continue
      const gain = sum ** 2 / count + sum ** 2 / (m.n - count)
      if (gain > best.gain + 1e-9) best = { gain, feature: f, below }
    }
  }
  return best
}

test.each([1, 2, 3, 4, 5])('the first split is the best there is (rows %i)', (seed) => {
  const { m, amount } = sampleRows(120, 5, seed)
  const stump = {
    ...options,
    ...whole,
    objective: 'squared' as const,
    rounds: 1,
    leaves: 2,
    l2: 0,
    learningRate: 1,
    bins: 255,
  }
  const { trees } = trainBooster(m, amount, stump)
  const best = bestSplit(m, amount, 20)
  const root = trees.roots[0]!
  expect(trees.feature[root]).toBe(best.feature)
  const column = Array.from({ length: m.n }, (_, i) => m.x[i * m.d + best.feature]!)
  const left = column.filter((value) => value <= trees.threshold[root]!)
  expect(Math.max(...left)).toBe(best.below)
  expect(trees.cover[trees.left[root]!]).toBe(left.length)
})

test('full trees with a step of 1 reproduce the mean of every leaf', () => {
  const m = matrixOf([0, 0, 1, 1, 2, 2, 3, 3].map((value) => [value]))
  const y = Float64Array.of(1, 3, 5, 7, 1, 1, 0, 2)
  const exact = {
    ...options,
    ...whole,
    objective: 'squared' as const,
    rounds: 1,
    leaves: 8,
    minLeaf: 1,
    l2: 0,
    learningRate: 1,
  }
  const p = predictBooster(trainBooster(m, y, exact), m)
  ;[2, 2, 6, 6, 1, 1, 1, 1].forEach((value, i) => expect(p[i]).toBeCloseTo(value, 9))
})

test('it learns what no single column tells', () => {
  const random = createRandom(4)
  const rows = Array.from({ length: 4_000 }, () => [random(), random(), random()])
  const y = Float64Array.from(rows, ([a, b]) => (a! > 0.5 !== b! > 0.5 ? 1 : 0))
  const m = matrixOf(rows)
  const booster = trainBooster(
    takeRows(
      m,
      Array.from({ length: 3_000 }, (_, i) => i),
    ),
    y.slice(0, 3_000),
    options,
  )
  const rest = takeRows(
    m,
    Array.from({ length: 1_000 }, (_, i) => 3_000 + i),
  )
  expect(auc(y.slice(3_000), predictBooster(booster, rest))).toBeGreaterThan(0.98)
})

test('the same seed gives the same booster, another seed another', () => {
  const { m, y } = sampleRows(1_000, 6, 1)
  expect(trainBooster(m, y, options)).toEqual(trainBooster(m, y, options))
  expect(trainBooster(m, y, { ...options, seed: 2 })).not.toEqual(trainBooster(m, y, options))
})

test('scores while training are the scores afterwards, also of rows that were not drawn', () => {
  const { m, y } = sampleRows(1_500, 6, 2)
  let last: Float64Array = new Float64Array()
  const booster = trainBooster(m, y, { ...options, onRound: (_, score) => void (last = score) })
  const raw = rawBooster(booster, m)
  last.forEach((score, i) => expect(score).toBeCloseTo(raw[i]!, 10))
  for (let i = 0; i < 20; i++) expect(rawBoosterOne(booster, m.x.slice(i * 6, i * 6 + 6))).toBeCloseTo(raw[i]!, 10)
})

test('stretching a column changes nothing', () => {
  const { m, y } = sampleRows(1_000, 4, 3)
  const stretched = { ...m, x: m.x.map((value) => Math.exp(value / 10)) }
  const plain = predictBooster(trainBooster(m, y, options), m)
  predictBooster(trainBooster(stretched, y, options), stretched).forEach((p, i) => expect(p).toBeCloseTo(plain[i]!, 12))
})

test('a weight of 2 is a row given twice', () => {
  const { m: fine, y } = sampleRows(400, 4, 4)
  // Few distinct values, so that both have the same bins.
  const m = { ...fine, x: fine.x.map(Math.round) }
  const twice = Array.from({ length: 400 }, (_, i) => i).flatMap((i) => (i % 2 ? [i, i] : [i]))
  const weights = Float64Array.from({ length: 400 }, (_, i) => 1 + (i % 2))
  const free = { ...options, ...whole, minLeaf: 1, bins: 255, rounds: 5, leaves: 4 }
  const offset = new Float64Array(400)
  const weighted = trainBooster(m, y, { ...free, weights, offset })
  const repeated = trainBooster(
    takeRows(m, twice),
    Float64Array.from(twice, (i) => y[i]!),
    { ...free, offset: new Float64Array(twice.length) },
  )
  predictBooster(weighted, m, offset).forEach((p, i) =>
    expect(p).toBeCloseTo(predictBooster(repeated, m, offset)[i]!, 9),
  )
})

test('leaves hold the rows asked for, and no tree has more of them', () => {
  const { m, y } = sampleRows(2_000, 6, 5)
  const { trees } = trainBooster(m, y, { ...options, leaves: 5, minLeaf: 33 })
  const leaves = [...trees.feature.keys()].filter((k) => trees.feature[k]! < 0)
  for (const leaf of leaves) expect(trees.cover[leaf]).toBeGreaterThanOrEqual(33)
  expect(leaves.length).toBeLessThanOrEqual(5 * trees.roots.length)
})

test('bins made before serve as well as its own', () => {
  const { m, y } = sampleRows(500, 4, 6)
  expect(trainBooster(m, y, { ...options, binned: binMatrix(m, 63) })).toEqual(trainBooster(m, y, options))
})

test('Tweedie predicts amounts with little bias and follows its offset', () => {
  const { m, amount } = sampleRows(4_000, 6, 7)
  const tweedie = { ...options, objective: 'tweedie' as const }
  const booster = trainBooster(m, amount, tweedie)
  expect(Math.abs(bias(amount, predictBooster(booster, m)))).toBeLessThan(0.08)
  const offset = Float64Array.from({ length: m.n }, (_, i) => Math.log(1 + (i % 9)))
  const scaled = amount.map((value, i) => value * (1 + (i % 9)))
  const relative = trainBooster(m, scaled, { ...tweedie, offset })
  expect(relative.bias).toBe(0)
  expect(Math.abs(bias(scaled, predictBooster(relative, m, offset)))).toBeLessThan(0.08)
})

test.each([0.1, 0.5, 0.9])('a share %f of new targets lies below its quantile', (quantile) => {
  const random = createRandom(8)
  const rows = Array.from({ length: 6_000 }, () => [random() * 10])
  const y = Float64Array.from(rows, ([a]) => a! + random() * (1 + a!))
  const m = matrixOf(rows)
  const training = takeRows(
    m,
    Array.from({ length: 3_000 }, (_, i) => i),
  )
  const booster = trainBooster(training, y.slice(0, 3_000), {
    ...options,
    objective: 'quantile',
    quantile,
    columnFraction: 1,
  })
  const p = predictBooster(booster, m).slice(3_000)
  const below = p.filter((value, i) => y[3_000 + i]! <= value).length / p.length
  expect(Math.abs(below - quantile)).toBeLessThan(0.03)
})

test('more rounds fit the training rows better, and training ends when told', () => {
  const { m, y } = sampleRows(1_000, 6, 9)
  const losses: number[] = []
  const booster = trainBooster(m, y, {
    ...options,
    ...whole,
    onRound(round, score) {
      losses.push(
        logLoss(
          y,
          score.map((s) => 1 / (1 + Math.exp(-s))),
        ),
      )
      return round < 20
    },
  })
  expect(losses).toEqual(losses.toSorted((a, b) => b - a))
  expect(booster.trees.roots.length).toBe(20)
})

test('where nothing can be split, every row gets the mean', () => {
  const m = matrixOf(Array.from({ length: 50 }, () => [1, 2]))
  const y = Float64Array.from({ length: 50 }, (_, i) => (i < 20 ? 1 : 0))
  expect(predictBooster(trainBooster(m, y, { ...options, ...whole }), m)[0]).toBeCloseTo(0.4, 6)
})

const two = matrixOf([[0], [1]])
const labels = Float64Array.of(0, 1)
test.each<[string, () => Booster | Float64Array]>([
  ['NaN', () => trainBooster(matrixOf([[Number.NaN]]), Float64Array.of(1), options)],
  ['no rows', () => trainBooster(matrixOf([]), new Float64Array(), options)],
  ['a class that is neither 0 nor 1', () => trainBooster(two, Float64Array.of(0, 2), options)],
  ['an amount below 0', () => trainBooster(two, Float64Array.of(0, -2), { ...options, objective: 'tweedie' })],
  ['a Tweedie power of 1', () => trainBooster(two, labels, { ...options, objective: 'tweedie', power: 1 })],
  ['a quantile of 1', () => trainBooster(two, labels, { ...options, objective: 'quantile', quantile: 1 })],
  ['256 bins', () => trainBooster(two, labels, { ...options, bins: 256 })],
  ['a short offset', () => trainBooster(two, labels, { ...options, offset: Float64Array.of(1) })],
  ['another matrix’s bins', () => trainBooster(two, labels, { ...options, binned: binMatrix(matrixOf([[1]]), 4) })],
  [
    'other columns than it was trained on',
    () => predictBooster(trainBooster(two, labels, options), matrixOf([[1, 2]])),
  ],
])('%s is refused', (_, run) => expect(run).toThrow(refused))
