import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gaussNodes, gaussWeights, hypergeometric, logAdd, logGamma } from './special.ts'

test('the gamma function at known points, and by its recurrence', () => {
  expect(logGamma(5)).toBeCloseTo(Math.log(24), 12)
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 12)
  fc.assert(
    fc.property(fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (x) => {
      expect(logGamma(x + 1)).toBeCloseTo(logGamma(x) + Math.log(x), 9)
    }),
  )
})

test('2F1 is a logarithm and a power where it should be', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.01, max: 0.95, noNaN: true }),
      fc.double({ min: -2, max: 4, noNaN: true }),
      (z, a) => {
        expect(hypergeometric(1, 1, 2, z) * -z).toBeCloseTo(Math.log1p(-z), 9)
        expect(hypergeometric(a, 2, 2, z) * (1 - z) ** a).toBeCloseTo(1, 8)
      },
    ),
  )
})

test('sums of exponentials do not overflow', () => {
  expect(logAdd(Math.log(2), Math.log(3))).toBeCloseTo(Math.log(5), 14)
  expect(logAdd(-5_000, -5_000)).toBeCloseTo(-5_000 + Math.LN2, 10)
  expect(logAdd(-Infinity, 3)).toBe(3)
})

test('ten nodes integrate a decay over eight e-foldings', () => {
  const found = gaussNodes.reduce((sum, node, k) => sum + gaussWeights[k]! * Math.exp(-8 * node), 0)
  expect(found).toBeCloseTo((1 - Math.exp(-8)) / 8, 10)
})
