import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rowsOf, sumOf } from './factors.ts'

const figure = fc.integer({ min: -1e6, max: 1e6 }).map((cents) => cents / 100)
const factor = fc.record({
  feature: fc.string(),
  value: fc.constant(null),
  contribution: figure,
  explanation: fc.string(),
})

test('baseline, factors and the rest add up', () => {
  const factors = [
    { feature: 'a', value: 1, contribution: 0.75, explanation: '' },
    { feature: 'b', value: null, contribution: -0.25, explanation: '' },
  ]
  expect(sumOf({ baseline: -1, otherContribution: 0.125, factors })).toBe(-0.375)
})

test('the longest bar is that of the factor that moves most, and a bar has the sign of its factor', () => {
  fc.assert(
    fc.property(fc.array(factor, { minLength: 1 }), (factors) => {
      const rows = rowsOf({ factors }, (feature) => feature)
      expect(rows).toHaveLength(factors.length)
      for (const { share, amount } of rows) {
        expect(Math.abs(share)).toBeLessThanOrEqual(1)
        expect(Math.sign(share)).toBe(Math.sign(amount))
      }
      const sizes = rows.map(({ amount }) => Math.abs(amount))
      expect(sizes).toEqual(sizes.toSorted((a, b) => b - a))
    }),
  )
})
