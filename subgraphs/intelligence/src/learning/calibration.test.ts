import { createRandom } from '@quimbi/service/random.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyCalibration, fitIsotonic, fitPlatt } from './calibration.ts'
import { sigmoid } from './objectives.ts'

const outcomes = fc.array(fc.tuple(fc.integer({ min: -6, max: 6 }), fc.constantFrom(0, 1)), {
  minLength: 1,
  maxLength: 60,
})
const apart = (pairs: [number, number][]) =>
  [Float64Array.from(pairs, ([score]) => score), Float64Array.from(pairs, ([, y]) => y)] as const
const grid = Array.from({ length: 81 }, (_, i) => i / 5 - 8)
const refused = expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT' } })

test.each([
  ['Platt', fitPlatt],
  ['isotonic', fitIsotonic],
])('%s: a higher score never means a lower probability', (_, fit) => {
  fc.assert(
    fc.property(outcomes, (pairs) => {
      const calibration = fit(...apart(pairs))
      const p = grid.map((score) => applyCalibration(calibration, score))
      expect(p).toEqual(p.toSorted((a, b) => a - b))
      expect(p.every((value) => value >= 0 && value <= 1)).toBe(true)
    }),
  )
})

test('Platt finds how far the scores are off', () => {
  const random = createRandom(1)
  const scores = Float64Array.from({ length: 30_000 }, () => random() * 8 - 4)
  const y = scores.map((score) => (random() < sigmoid(0.5 * score - 1) ? 1 : 0))
  const found = fitPlatt(scores, y)
  expect(found).toMatchObject({ kind: 'platt' })
  if (found.kind !== 'platt') return
  expect(Math.abs(found.slope - 0.5)).toBeLessThan(0.03)
  expect(Math.abs(found.intercept + 1)).toBeLessThan(0.06)
})

test('Platt’s mean is the mean of its softened targets, and separated scores stay finite', () => {
  const y = Float64Array.of(0, 0, 0, 1, 1)
  const scores = Float64Array.of(-3, -2, -1, 1, 2)
  const found = fitPlatt(scores, y)
  const mean = scores.reduce((sum, score) => sum + applyCalibration(found, score), 0) / 5
  expect(mean).toBeCloseTo((3 * (1 / 5) + 2 * (3 / 4)) / 5, 9)
})

test('scores that point the wrong way, or say nothing, get one probability', () => {
  const y = Float64Array.of(1, 1, 0, 0)
  expect(applyCalibration(fitPlatt(Float64Array.of(1, 2, 3, 4), y), 99)).toBeCloseTo(0.5, 12)
  expect(applyCalibration(fitPlatt(Float64Array.of(7, 7, 7, 7), y), 7)).toBeCloseTo(0.5, 12)
})

test('isotonic regression is max over starts of min over ends of the mean between', () => {
  fc.assert(
    fc.property(outcomes, (pairs) => {
      const [scores, y] = apart(pairs)
      const calibration = fitIsotonic(scores, y)
      const distinct = [...new Set(scores)].sort((a, b) => a - b)
      const meanOf = (from: number, to: number) => {
        const inside = pairs.filter(([score]) => score >= from && score <= to)
        return inside.reduce((sum, [, value]) => sum + value, 0) / inside.length
      }
      for (const score of distinct) {
        const starts = distinct.filter((from) => from <= score)
        const ends = distinct.filter((to) => to >= score)
        const expected = Math.max(...starts.map((from) => Math.min(...ends.map((to) => meanOf(from, to)))))
        expect(applyCalibration(calibration, score)).toBeCloseTo(expected, 9)
      }
      const sum = scores.reduce((total, score) => total + applyCalibration(calibration, score), 0)
      expect(sum).toBeCloseTo(
        y.reduce((total, value) => total + value, 0),
        9,
      )
    }),
  )
})

test('between two blocks a probability is in between', () => {
  const calibration = fitIsotonic(Float64Array.of(0, 1), Float64Array.of(0, 1))
  expect([-1, 0, 0.25, 1, 2].map((score) => applyCalibration(calibration, score))).toEqual([0, 0, 0.25, 1, 1])
})

test('a weight of 3 is an outcome given three times', () => {
  const scores = Float64Array.of(1, 2, 2, 3)
  const y = Float64Array.of(0, 1, 0, 1)
  const weighted = fitIsotonic(scores, y, Float64Array.of(1, 3, 1, 1))
  const repeated = fitIsotonic(Float64Array.of(1, 2, 2, 2, 2, 3), Float64Array.of(0, 1, 1, 1, 0, 1))
  expect(weighted).toEqual(repeated)
})

test('nothing, or outcomes of other rows, are refused', () => {
  for (const fit of [fitPlatt, fitIsotonic]) {
    expect(() => fit(new Float64Array(), [])).toThrow(refused)
    expect(() => fit(Float64Array.of(1, 2), [1])).toThrow(refused)
  }
})
