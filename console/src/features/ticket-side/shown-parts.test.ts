import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shownParts } from './shown-parts.ts'

const units = (text: string, digits: number) => Math.round(Number(text) * 10 ** digits)

describe('the shown parts of a score', () => {
  it('add up to the shown total, each within one unit of the last digit, whatever the points', () => {
    const point = fc.oneof(fc.constant(0), fc.double({ min: -1_000, max: 1_000, noNaN: true }))
    fc.assert(
      fc.property(
        fc.array(point, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 0, max: 2 }),
        (points, digits) => {
          const { total, parts } = shownParts(points, digits)
          const sum = parts.reduce((all, part) => all + units(part, digits), 0)
          expect(sum).toBe(units(total, digits))
          expect(units(total, digits)).toBe(Math.round(points.reduce((all, part) => all + part, 0) * 10 ** digits) + 0)
          points.forEach((point, index) => {
            expect(Math.abs(Number(parts[index]) - point)).toBeLessThan(10 ** -digits + 1e-9)
            if (point === 0) expect(Number(parts[index])).toBe(0)
          })
        },
      ),
    )
  })

  it('give the lost tenth to the part that rounding wronged most', () => {
    expect(shownParts([2.884, 0.258, 6, 8.964])).toEqual({ total: '18.1', parts: ['2.9', '0.2', '6.0', '9.0'] })
    expect(shownParts([0.25, 0.25, 0.25, 0.25])).toEqual({ total: '1.0', parts: ['0.2', '0.2', '0.3', '0.3'] })
  })

  it('never say minus nothing', () => {
    expect(shownParts([-0.01, 0]).parts).toEqual(['0.0', '0.0'])
  })
})
