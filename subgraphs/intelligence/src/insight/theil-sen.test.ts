import { createRandom } from '@quimbi/service/random.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { theilSen } from './theil-sen.ts'

const points = (ys: readonly number[]) => ys.map((y, x) => ({ x, y }))

describe('Theil–Sen', () => {
  it('finds a line, and its interval closes on it', () => {
    expect(theilSen(points([3, 5, 7, 9, 11, 13]))).toEqual({ slope: 2, interval: { low: 2, high: 2, level: 0.9 } })
  })

  it('is not moved by one wild point', () => {
    expect(theilSen(points([1, 2, 3, 4, 500, 6, 7]))?.slope).toBe(1)
  })

  it('is flat, with no width, where all is equal', () => {
    expect(theilSen(points([4, 4, 4, 4, 4, 4]))).toEqual({ slope: 0, interval: { low: 0, high: 0, level: 0.9 } })
  })

  it('says nothing below four points of distinct x, and reads no point that is no number', () => {
    expect(theilSen(points([1, 2, 3]))).toBeNull()
    expect(theilSen([1, 2, 3, 4, 5].map((y) => ({ x: 1, y })))).toBeNull()
    expect(theilSen([...points([1, 2, 3]), { x: 3, y: NaN }, { x: Infinity, y: 4 }])).toBeNull()
    expect(theilSen([...points([1, 2, 3, 4]), { x: 9, y: NaN }])?.slope).toBe(1)
  })

  it('turns with the sign of y, and its interval holds it', () => {
    const values = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 4, maxLength: 30 })
    fc.assert(
      fc.property(values, (ys) => {
        const up = theilSen(points(ys))
        const down = theilSen(points(ys.map((y) => -y)))
        expect(up?.interval.low).toBeLessThanOrEqual(up?.slope ?? NaN)
        expect(up?.interval.high).toBeGreaterThanOrEqual(up?.slope ?? NaN)
        expect(down?.slope).toBeCloseTo(-(up?.slope ?? NaN), 10)
        expect(down?.interval.low).toBeCloseTo(-(up?.interval.high ?? NaN), 10)
      }),
    )
  })

  it.each([4, 6, 12, 40])('its interval holds the true slope nine times in ten, of %i points', (size) => {
    const random = createRandom(size)
    const noise = () => random() + random() + random() - 1.5
    let held = 0
    const samples = 1_000
    for (let sample = 0; sample < samples; sample++) {
      const { interval } = theilSen(points(Array.from({ length: size }, (_, x) => 0.3 * x + noise()))) ?? {}
      if (interval && interval.low <= 0.3 && interval.high >= 0.3) held += 1
    }
    expect(held / samples).toBeGreaterThan(0.88)
  })

  it('reads a long series at 400 points', () => {
    const { slope } = theilSen(points(Array.from({ length: 100_000 }, (_, x) => 2 * x))) ?? {}
    expect(slope).toBeCloseTo(2, 10)
  })
})
