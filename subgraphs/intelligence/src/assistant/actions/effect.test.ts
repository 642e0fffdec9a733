import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { effectOf, liftOf } from './effect.ts'

const compared = (a: number, n: number, b: number, m: number) =>
  effectOf({ taken: { customers: n, ordered: a }, dismissed: { customers: m, ordered: b }, horizonDays: 90 })

describe('what an action was measured to change', () => {
  it('is nothing for fewer than 30 of either', () => {
    expect([compared(20, 29, 20, 500), compared(20, 500, 20, 29)]).toEqual([null, null])
    expect(compared(20, 30, 20, 30)).not.toBeNull()
  })

  it('is a difference with Newcombe’s interval', () => {
    // Newcombe (1998), example (a): 56/70 against 48/80; his 95 % interval is .0524 to .3339. At 90 % it is narrower.
    const effect = compared(56, 70, 48, 80)!
    expect(effect.difference).toBeCloseTo(0.2, 10)
    expect(effect.low).toBeGreaterThan(0.0524)
    expect(effect.low).toBeCloseTo(0.0765, 2)
    expect(effect.high).toBeLessThan(0.3339)
    expect(effect.high).toBeCloseTo(0.3133, 2)
    expect(liftOf(effect)).toBeCloseTo(0.2, 10)
  })

  it('lifts nothing where the interval holds 0, and lies within −1 and 1', () => {
    const group = fc
      .integer({ min: 30, max: 500 })
      .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)))
    // By rounding it once went a little beyond.
    expect(compared(414, 414, 0, 92)!.high).toBe(1)
    expect(compared(0, 92, 414, 414)!.low).toBe(-1)
    fc.assert(
      fc.property(group, group, ([a, n], [b, m]) => {
        const effect = compared(a, n, b, m)!
        expect(effect.low).toBeLessThanOrEqual(effect.difference)
        expect(effect.high).toBeGreaterThanOrEqual(effect.difference)
        expect(Math.abs(effect.low)).toBeLessThanOrEqual(1)
        expect(Math.abs(effect.high)).toBeLessThanOrEqual(1)
        expect(liftOf(effect)).toBe(effect.low <= 0 && effect.high >= 0 ? 0 : effect.difference)
      }),
    )
  })
})
