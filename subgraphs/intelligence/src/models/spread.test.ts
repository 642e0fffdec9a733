import { createRandom } from '@quimbi/service/random.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { spreadOf, stabilityIndex } from './spread.ts'

const column = (values: readonly number[]) => spreadOf({ x: Float64Array.from(values), n: values.length, d: 1 })[0]!
const sum = (values: readonly number[]) => values.reduce((all, one) => all + one, 0)

describe('the spread of a feature', () => {
  it('has ten bins of a tenth each where all values differ, and none missing', () => {
    const { edges, shares } = column(Array.from({ length: 1_000 }, (_, index) => index))
    expect(edges).toEqual([100, 200, 300, 400, 500, 600, 700, 800, 900])
    expect(shares).toEqual([...new Array<number>(10).fill(0.1), 0])
  })

  it('has fewer bins where many values are the same, and one of its own for the missing', () => {
    expect(column([0, 0, 0, 0, 0, 0, 0, 5, NaN, Infinity])).toEqual({ edges: [0, 5], shares: [0, 0.7, 0.1, 0.2] })
  })

  it('counts each value once, whatever they are', () => {
    const value = fc.oneof(fc.double(), fc.integer({ min: -3, max: 3 }))
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 80 }), (values) => {
        const { edges, shares } = column(values)
        expect(sum(shares)).toBeCloseTo(1, 12)
        expect(edges).toEqual([...new Set(edges)].sort((a, b) => a - b))
        expect(shares).toHaveLength(edges.length + 2)
        // As it is defined: how many edges a value reaches.
        const counts = shares.map(() => 0)
        for (const one of values)
          counts[Number.isFinite(one) ? edges.filter((edge) => edge <= one).length : edges.length + 1]! += 1
        expect(shares).toEqual(counts.map((count) => count / values.length))
      }),
    )
  })

  it('is nothing of nobody', () => expect(spreadOf({ x: new Float64Array(0), n: 0, d: 66 })).toEqual([]))
})

describe('the population stability index', () => {
  it('is that of a worked example', () => {
    // (0.3 − 0.5) ln (0.3 / 0.5) + (0.7 − 0.5) ln (0.7 / 0.5)
    expect(stabilityIndex([0.5, 0.5], [0.3, 0.7])).toBeCloseTo(0.1694596, 7)
  })

  it('is 0 for the same, the same in both directions, never below 0, and finite for an empty bin', () => {
    const share = fc.array(fc.nat(100), { minLength: 3, maxLength: 3 }).filter((counts) => sum(counts) > 0)
    const shares = share.map((counts) => counts.map((count) => count / sum(counts)))
    fc.assert(
      fc.property(shares, shares, (then, now) => {
        expect(stabilityIndex(then, then)).toBe(0)
        expect(stabilityIndex(then, now)).toBeGreaterThanOrEqual(0)
        expect(stabilityIndex(then, now)).toBeCloseTo(stabilityIndex(now, then), 12)
        expect(Number.isFinite(stabilityIndex(then, now))).toBe(true)
      }),
    )
  })

  it('alarms at a shift of half a deviation, and not at another draw of the same', () => {
    const random = createRandom(7)
    const draw = (shift: number) => Array.from({ length: 5_000 }, () => shift + random() + random() + random())
    const { edges, shares } = column(draw(0))
    const of = (values: readonly number[]) => {
      const counts = shares.map(() => 0)
      for (const one of values) counts[edges.filter((edge) => edge <= one).length]! += 1
      return stabilityIndex(
        shares,
        counts.map((count) => count / values.length),
      )
    }
    expect(of(draw(0))).toBeLessThan(0.02)
    expect(of(draw(0.25))).toBeGreaterThan(0.2)
  })
})
