import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clopperPearson, incompleteBeta } from './clopper-pearson.ts'

test.each([
  // With no or all hits, or one of two, the bounds are roots: 1 − 0.025^(1/10), 1 − √0.975.
  [0, 10, 0.95, 0, 0.3084971],
  [5, 20, 0.95, 0.08657147, 0.4910459],
  [10, 10, 0.95, 0.6915029, 1],
  [1, 2, 0.95, 0.01257912, 0.98742088],
])('%i of %i at %f: %f…%f', (hits, trials, confidence, low, high) => {
  const found = clopperPearson(hits, trials, confidence)
  expect(found.low).toBeCloseTo(low, 6)
  expect(found.high).toBeCloseTo(high, 6)
})

/** P(X >= hits), summed from the definition. */
function upperTail(hits: number, trials: number, p: number): number {
  let term = (1 - p) ** trials
  let below = 0
  for (let k = 0; k < hits; k++) {
    below += term
    term *= ((trials - k) / (k + 1)) * (p / (1 - p))
  }
  return 1 - below
}

test('at each end, what was seen or more extreme has just the chance of a tail', () => {
  const seen = fc
    .integer({ min: 2, max: 80 })
    .chain((trials) => fc.tuple(fc.integer({ min: 1, max: trials - 1 }), fc.constant(trials)))
  fc.assert(
    fc.property(seen, ([hits, trials]) => {
      const { low, high } = clopperPearson(hits, trials, 0.9)
      expect(low).toBeLessThan(hits / trials)
      expect(high).toBeGreaterThan(hits / trials)
      expect(upperTail(hits, trials, low)).toBeCloseTo(0.05, 8)
      expect(1 - upperTail(hits + 1, trials, high)).toBeCloseTo(0.05, 8)
    }),
  )
})

test('the incomplete beta function mirrors itself and stays exact for large counts', () => {
  expect(incompleteBeta(0.3, 2, 3) + incompleteBeta(0.7, 3, 2)).toBeCloseTo(1, 14)
  expect(incompleteBeta(0.5, 50_000, 50_000)).toBeCloseTo(0.5, 8)
  expect([incompleteBeta(0, 2, 2), incompleteBeta(1, 2, 2)]).toEqual([0, 1])
})

test.each([
  [3, 2, 0.9],
  [-1, 2, 0.9],
  [0, 0, 0.9],
  [1, 2, 1],
  [Number.NaN, 2, 0.9],
])('%f of %f at %f is refused', (hits, trials, confidence) => {
  expect(() => clopperPearson(hits, trials, confidence)).toThrow(
    expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT' } }),
  )
})
