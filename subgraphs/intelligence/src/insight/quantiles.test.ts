import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { median, percentileOf, trainPercentiles } from './quantiles.ts'

const exact = (values: readonly number[], value: number): number =>
  (50 * (values.filter((one) => one < value).length + values.filter((one) => one <= value).length)) / values.length

describe('the percentile within a tenant', () => {
  it('is the share below, equal ones counted half, to a point', () => {
    const values = Array.from({ length: 5_000 }, (_, index) => ((index * 7_919) % 5_000) ** 2)
    const spread = trainPercentiles(values)
    for (const value of [0, 100, 40_000, 6_250_000, 24_000_000])
      expect(percentileOf(spread, value)).toBeCloseTo(exact(values, value), 0)
  })

  it('gives a value that many share the middle of their places', () => {
    const spread = trainPercentiles([...Array.from({ length: 600 }, () => 1), ...Array.from({ length: 400 }, () => 2)])
    expect(percentileOf(spread, 1)).toBeCloseTo(30, 0)
    expect(percentileOf(spread, 2)).toBeCloseTo(80, 0)
  })

  it('lies between 0 and 100 and never falls as the value rises', () => {
    const numbers = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(numbers, numbers, (values, asked) => {
        const spread = trainPercentiles(values)
        const places = asked.sort((a, b) => a - b).map((value) => percentileOf(spread, value) ?? NaN)
        for (const [index, place] of places.entries()) {
          expect(place).toBeGreaterThanOrEqual(Math.max(0, (places[index - 1] ?? 0) - 1e-9))
          expect(place).toBeLessThanOrEqual(100)
        }
      }),
    )
  })

  it('leaves out what is no number, and says nothing where nothing is known', () => {
    expect(percentileOf(trainPercentiles([NaN, Infinity]), 1)).toBeNull()
    expect(percentileOf(trainPercentiles([1, NaN, 3]), NaN)).toBeNull()
    expect(percentileOf(trainPercentiles([1, NaN, 3]), 2)).toBe(50)
    expect(median([])).toBeNaN()
    expect(median([3, 1, 2, 10])).toBe(2.5)
  })
})
