import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concordance } from './concordance.ts'

/** Every pair, one by one. */
function slow(predicted: readonly number[], waited: readonly number[], seen: readonly number[]): number {
  let right = 0
  let pairs = 0
  for (const [i, p] of predicted.entries()) {
    for (const [j, q] of predicted.entries()) {
      const [a = 0, b = 0] = [waited[i], waited[j]]
      if (!seen[i] || !(a < b || (a === b && !seen[j]))) continue
      pairs += 1
      right += p < q ? 1 : p === q ? 0.5 : 0
    }
  }
  return right / pairs
}

describe('concordance', () => {
  it('is 1 for the true order, 0 for its opposite, a half for no opinion', () => {
    const waited = [1, 2, 3, 9, 9]
    const seen = [1, 1, 1, 0, 0]
    expect(concordance(waited, waited, seen)).toBe(1)
    expect(
      concordance(
        waited.map((w) => -w),
        waited,
        seen,
      ),
    ).toBe(0)
    expect(concordance([4, 4, 4, 4, 4], waited, seen)).toBe(0.5)
    expect(concordance([1, 2], [5, 5], [0, 0])).toBeNaN()
  })

  it('agrees with every pair taken one by one', () => {
    const customer = fc.tuple(
      fc.integer({ min: 0, max: 9 }),
      fc.integer({ min: 0, max: 9 }),
      fc.integer({ min: 0, max: 1 }),
    )
    fc.assert(
      fc.property(fc.array(customer, { maxLength: 40 }), (customers) => {
        const [predicted = [], waited = [], seen = []] = [0, 1, 2].map((column) =>
          customers.map((row) => row[column] ?? 0),
        )
        expect(concordance(predicted, waited, seen).toFixed(9)).toBe(slow(predicted, waited, seen).toFixed(9))
      }),
    )
  })
})
