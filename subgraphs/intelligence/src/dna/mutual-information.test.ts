import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { equalFrequencyBins, toldShare } from './mutual-information.ts'

describe('the share of a target that codes tell', () => {
  it('is all where they decide it and nothing where they are the same for all', () => {
    const codes = Int32Array.from({ length: 1_000 }, (_, i) => i % 2)
    const bins = Uint8Array.from(codes)
    expect(toldShare(codes, 2, bins, 2)).toBeCloseTo(1, 2)
    expect(toldShare(new Int32Array(1_000), 2, bins, 2)).toBe(0)
    expect(toldShare(codes, 2, new Uint8Array(1_000), 2)).toBe(0)
  })

  it('is next to nothing where they have nothing to do with it, however many they are', () => {
    const codes = Int32Array.from({ length: 6_000 }, (_, i) => i % 60)
    const bins = Uint8Array.from({ length: 6_000 }, (_, i) => Math.floor((i * 7_919) / 61) % 10)
    expect(toldShare(codes, 60, bins, 10)).toBeLessThan(0.02)
  })
})

describe('bins of equal frequency', () => {
  it('keep the order of the values, and equal values together', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(30), { minLength: 1 }), fc.integer({ min: 1, max: 10 }), (values, binCount) => {
        const bins = equalFrequencyBins(values, binCount)
        for (const [i, a] of values.entries())
          for (const [j, b] of values.entries()) {
            if (a === b) expect(bins[i]).toBe(bins[j])
            if (a < b) expect(bins[i]!).toBeLessThanOrEqual(bins[j]!)
          }
        expect(Math.max(...bins)).toBeLessThan(binCount)
      }),
    )
  })
})
