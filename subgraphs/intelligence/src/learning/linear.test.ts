import { createRandom } from '@quimbi/service/random.ts'
import { expect, test } from 'vitest'
import { predictTweedie, trainTweedie } from './glm.ts'
import { type Linear, linearScore, linearScores } from './irls.ts'
import { logisticScore, predictLogistic, trainLogistic } from './logistic.ts'
import { type Matrix, matrixOf, takeRows } from './matrix.ts'
import { logit, sigmoid } from './objectives.ts'
import { sampleRows } from './samples.test-kit.ts'

const refused = expect.objectContaining({ extensions: expect.objectContaining({ code: 'BAD_USER_INPUT' }) })

/** Slopes of the penalised loss by each weight and the intercept, from the definition; `residual` is the loss's slope by the score. */
function slopes(model: Linear, m: Matrix, residual: Float64Array, l2: number): number[] {
  const own = Array.from(model.weights, (weight, j) => {
    let sum = l2 * weight
    for (let i = 0; i < m.n; i++) sum += (residual[i]! * (m.x[i * m.d + j]! - model.mean[j]!)) / model.scale[j]!
    return sum
  })
  return [...own, residual.reduce((sum, value) => sum + value, 0)]
}

test.each([0, 1, 50])('logistic regression ends where every slope is 0 (l2 %f)', (l2) => {
  const { m, y } = sampleRows(803, 7, 1)
  const model = trainLogistic(m, y, { l2 })
  const p = predictLogistic(model, m)
  for (const slope of slopes(
    model,
    m,
    p.map((value, i) => value - y[i]!),
    l2,
  ))
    expect(Math.abs(slope)).toBeLessThan(1e-6)
})

test('logistic regression finds the coefficients that made the data', () => {
  const random = createRandom(3)
  const rows = Array.from({ length: 40_000 }, () => [random() * 4 - 2, random() * 100])
  const y = Float64Array.from(rows, ([a, b]) => (random() < sigmoid(0.5 + 1.5 * a! - 0.02 * b!) ? 1 : 0))
  const model = trainLogistic(matrixOf(rows), y, { l2: 0.1 })
  const slope = model.weights.map((weight, j) => weight / model.scale[j]!)
  expect(slope[0]).toBeCloseTo(1.5, 1)
  expect(slope[1]).toBeCloseTo(-0.02, 2)
})

test('a weight of 2 is a row given twice', () => {
  const { m, y } = sampleRows(200, 4, 5)
  const weights = Float64Array.from({ length: 200 }, (_, i) => 1 + (i % 2))
  const twice = Array.from({ length: 200 }, (_, i) => i).flatMap((i) => (i % 2 ? [i, i] : [i]))
  const weighted = trainLogistic(m, y, { l2: 1, weights })
  const repeated = trainLogistic(
    takeRows(m, twice),
    Float64Array.from(twice, (i) => y[i]!),
    { l2: 1 },
  )
  predictLogistic(weighted, m).forEach((p, i) => expect(p).toBeCloseTo(predictLogistic(repeated, m)[i]!, 8))
})

test('constant and doubled columns do no harm, with a penalty or without', () => {
  const { m, y } = sampleRows(300, 2, 6)
  const rows = Array.from({ length: 300 }, (_, i) => [m.x[2 * i]!, m.x[2 * i + 1]!])
  const plain = trainLogistic(m, y, { l2: 0 })
  const padded = matrixOf(rows.map(([a, b]) => [a!, 7, b!, b!]))
  const expected = predictLogistic(plain, m)
  predictLogistic(trainLogistic(padded, y, { l2: 0 }), padded).forEach((p, i) => expect(p).toBeCloseTo(expected[i]!, 6))
  expect(trainLogistic(padded, y, { l2: 1 }).weights[1]).toBe(0)
})

test('separable rows stay finite with a penalty', () => {
  const model = trainLogistic(matrixOf([[0], [1], [2], [3]]), Float64Array.of(0, 0, 1, 1), { l2: 0.01 })
  expect([...model.weights, model.intercept].every(Number.isFinite)).toBe(true)
})

test('one row scores as it does among many', () => {
  const { m, y } = sampleRows(100, 5, 7)
  const model = trainLogistic(m, y, { l2: 1 })
  const all = linearScores(model, m)
  for (let i = 0; i < 100; i++) {
    const row = m.x.slice(i * 5, i * 5 + 5)
    expect(linearScore(model, row)).toBeCloseTo(all[i]!, 12)
    expect(sigmoid(logisticScore(model, row))).toBeCloseTo(predictLogistic(model, m)[i]!, 12)
  }
})

test.each([1.2, 1.5, 1.9])('the Tweedie model ends where every slope is 0 (power %f)', (power) => {
  const { m, amount } = sampleRows(700, 5, 2)
  const offset = Float64Array.from({ length: 700 }, (_, i) => Math.log(1 + (i % 5)))
  const model = trainTweedie(m, amount, { l2: 3, power, offset })
  const mean = predictTweedie(model, m, offset)
  const residual = mean.map((mu, i) => mu ** (2 - power) - amount[i]! * mu ** (1 - power))
  for (const slope of slopes(model, m, residual, 3)) expect(Math.abs(slope)).toBeLessThan(1e-5)
})

test('the Tweedie model finds the coefficients that made the data, zeros and all', () => {
  const random = createRandom(9)
  const rows = Array.from({ length: 30_000 }, () => [random() * 2, random()])
  const y = Float64Array.from(rows, ([a, b]) =>
    random() < 0.3 ? (Math.exp(1 + 0.8 * a! - b!) / 0.3) * 2 * random() : 0,
  )
  const model = trainTweedie(matrixOf(rows), y, { l2: 0.1 })
  const slope = model.weights.map((weight, j) => weight / model.scale[j]!)
  expect(Math.abs(slope[0]! - 0.8)).toBeLessThan(0.08)
  expect(Math.abs(slope[1]! + 1)).toBeLessThan(0.12)
})

test.each([
  ['NaN', () => trainLogistic(matrixOf([[Number.NaN], [1]]), Float64Array.of(0, 1), { l2: 1 })],
  ['one class', () => trainLogistic(matrixOf([[0], [1]]), Float64Array.of(1, 1), { l2: 1 })],
  [
    'weights for other rows',
    () => trainLogistic(matrixOf([[0], [1]]), Float64Array.of(0, 1), { l2: 1, weights: Float64Array.of(1) }),
  ],
  ['amounts below 0', () => trainTweedie(matrixOf([[0], [1]]), Float64Array.of(-1, 1), { l2: 1 })],
  ['nothing but zeros', () => trainTweedie(matrixOf([[0], [1]]), Float64Array.of(0, 0), { l2: 1 })],
  ['a power of 2', () => trainTweedie(matrixOf([[0], [1]]), Float64Array.of(0, 1), { l2: 1, power: 2 })],
  [
    'other columns than it was trained on',
    () => predictLogistic(trainLogistic(matrixOf([[0], [1]]), Float64Array.of(0, 1), { l2: 1 }), matrixOf([[0, 1]])),
  ],
])('%s is refused', (_, run) => expect(run).toThrow(refused))

test('log-odds and probabilities are each other’s inverse', () => {
  for (const p of [0.001, 0.3, 0.5, 0.99]) expect(sigmoid(logit(p))).toBeCloseTo(p, 14)
})
