import { createRandom } from '@quimbi/service/random.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as metrics from './metrics.ts'
import { sigmoid } from './objectives.ts'

/** Outcomes with predictions that tie now and then. */
const predictions = fc
  .array(fc.tuple(fc.constantFrom(0, 1), fc.integer({ min: 0, max: 12 })), { minLength: 4, maxLength: 60 })
  .filter((pairs) => new Set(pairs.map(([y]) => y)).size === 2)
const amounts = fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 12 })), {
  minLength: 3,
  maxLength: 40,
})
const apart = (pairs: [number, number][]) => [pairs.map(([y]) => y), pairs.map(([, p]) => p / 12)] as const
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)

test('AUC counts the pairs in the right order', () => {
  fc.assert(
    fc.property(predictions, (pairs) => {
      const [ones, zeros] = [pairs.filter(([y]) => y), pairs.filter(([y]) => !y)]
      const right = ones.flatMap(([, a]) => zeros.map(([, b]): number => (a > b ? 1 : a === b ? 0.5 : 0)))
      expect(metrics.auc(...apart(pairs))).toBeCloseTo(sum(right) / right.length, 12)
    }),
  )
})

test('AUC of a single class is no number', () => {
  expect(metrics.auc([1, 1], [0.2, 0.3])).toBeNaN()
})

test('ranks share ties, and Spearman sees order alone', () => {
  expect([...metrics.ranks([5, 1, 5, 9])]).toEqual([2.5, 1, 2.5, 4])
  expect(metrics.spearman([1, 2, 3, 4], [1, 10, 100, 1e9])).toBeCloseTo(1, 12)
  expect(metrics.pearson([1, 2, 3], [6, 4, 2])).toBeCloseTo(-1, 12)
  // Ranks 2.5 2.5 4 1 5: covariance 3.5, deviations √10 and √9.5.
  expect(metrics.spearman([1, 2, 3, 4, 5], [2, 2, 5, 1, 9])).toBeCloseTo(3.5 / Math.sqrt(95), 12)
})

test('errors by hand', () => {
  const y = [0, 1, 1, 4]
  const p = [1, 1, 0, 6]
  expect(metrics.mae(y, p)).toBe(1)
  expect(metrics.rmse(y, p)).toBe(Math.sqrt(1.5))
  expect(metrics.brier([0, 1], [0.5, 0.75])).toBe((0.25 + 0.0625) / 2)
  expect(metrics.bias(y, p)).toBeCloseTo(2 / 6, 12)
  expect(metrics.logLoss([1, 0], [0.5, 0.5])).toBeCloseTo(Math.LN2, 12)
  expect(Number.isFinite(metrics.logLoss([1], [0]))).toBe(true)
})

test('ECE compares means in bins of equal numbers', () => {
  const p = [0.1, 0.2, 0.3, 0.4, 0.6, 0.8]
  const y = [0, 0, 0, 1, 1, 1]
  const byHand = (Math.abs(0.3 - 0) + Math.abs(0.7 - 1) + Math.abs(1.4 - 2)) / 6
  expect(metrics.ece(y, p, 3)).toBeCloseTo(byHand, 12)
  expect(metrics.ece(y, y, 15)).toBe(0)
})

test('normalised Gini is the area between Lorenz curve and diagonal, over that of a perfect order', () => {
  const area = (y: readonly number[], p: readonly number[]) => {
    const order = [...y.keys()].sort((a, b) => p[b]! - p[a]! || b - a)
    return sum(order.map((_, k) => sum(order.slice(0, k + 1).map((i) => y[i]!)) / sum([...y]) - (k + 1) / y.length))
  }
  fc.assert(
    fc.property(amounts, (pairs) => {
      const [y, p] = apart(pairs)
      fc.pre(new Set(y).size > 1)
      expect(metrics.normalizedGini(y, p)).toBeCloseTo(area(y, p) / area(y, y), 9)
      expect(metrics.normalizedGini(y, y)).toBeCloseTo(1, 12)
    }),
  )
})

test('the calibration slope is 1 for honest predictions, one half for log-odds twice too large', () => {
  const random = createRandom(5)
  const scores = Array.from({ length: 20_000 }, () => random() * 4 - 2)
  const y = scores.map((score) => (random() < sigmoid(score) ? 1 : 0))
  const honest = metrics.calibrationSlope(y, scores.map(sigmoid))
  expect(honest.low).toBeLessThan(1)
  expect(honest.high).toBeGreaterThan(1)
  expect(honest.high - honest.low).toBeLessThan(0.1)
  const bold = metrics.calibrationSlope(
    y,
    scores.map((score) => sigmoid(2 * score)),
  )
  expect(bold.slope).toBeCloseTo(honest.slope / 2, 6)
  expect(bold.intercept).toBeCloseTo(honest.intercept, 6)
})

test('the calibration slope’s interval covers the truth about as often as it says', () => {
  const random = createRandom(2)
  let covered = 0
  for (let run = 0; run < 300; run++) {
    const scores = Array.from({ length: 300 }, () => random() * 4 - 2)
    const y = scores.map((score) => (random() < sigmoid(score) ? 1 : 0))
    const { low, high } = metrics.calibrationSlope(y, scores.map(sigmoid))
    if (low <= 1 && 1 <= high) covered++
  }
  expect(covered / 300).toBeGreaterThan(0.91)
  expect(covered / 300).toBeLessThan(0.99)
})

test('the paired bootstrap resamples rows, not models', () => {
  const random = createRandom(3)
  const scores = Array.from({ length: 400 }, () => random() * 6 - 3)
  const y = scores.map((score) => (random() < sigmoid(score) ? 1 : 0))
  const worse = scores.map((score) => score + random() * 3)
  const better = metrics.pairedBootstrapAuc(y, scores, worse, 7, 300)
  expect(better.difference).toBeCloseTo(metrics.auc(y, scores) - metrics.auc(y, worse), 12)
  expect(better.low).toBeGreaterThan(0)
  expect(better.low).toBeLessThan(better.difference)
  expect(better.high).toBeGreaterThan(better.difference)
  expect(metrics.pairedBootstrapAuc(y, scores, scores, 7, 50)).toEqual({ difference: 0, low: 0, high: 0 })
  expect(metrics.pairedBootstrapAuc(y, scores, worse, 7, 300)).toEqual(better)
})

test('a resample’s AUC is that of the rows written out, ties and all', () => {
  // With one row of each class, every draw that holds both is decided: its AUC is 1, 0.5 or 0.
  const { low, high } = metrics.pairedBootstrapAuc([1, 0, 0], [0.5, 0.5, 0.1], [0.1, 0.2, 0.3], 1, 200)
  expect(low).toBe(0.5)
  expect(high).toBe(1)
})
