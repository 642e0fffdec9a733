import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { featureIndex, features } from '../features/catalogue.ts'
import { rhythmScore } from './horizon.ts'
import { explainPace, paceAt, paceOf, pacesOf } from './pace.ts'

const rhythm = { r: 0.3, alpha: 5, a: 0.8, b: 2.5 }

function rowOf(purchaseDays: number, tenureDays: number, activeSpanDays: number): Float64Array {
  const row = new Float64Array(features.length)
  row[featureIndex.purchaseDays] = purchaseDays
  row[featureIndex.tenureDays] = tenureDays
  row[featureIndex.activeSpanDays] = activeSpanDays
  return row
}

const matrixOf = (rows: Float64Array[]) => ({
  x: Float64Array.from(rows.flatMap((row) => [...row])),
  n: rows.length,
  d: features.length,
})

const pace = paceOf(rhythm, 90, matrixOf([rowOf(1, 100, 0), rowOf(5, 300, 200)]))

const customers = fc
  .record({
    days: fc.integer({ min: 1, max: 400 }),
    tenure: fc.integer({ min: 0, max: 4_000 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ days, tenure, share }) => rowOf(days, tenure, days === 1 ? 0 : Math.floor(share * tenure)))

describe('the rhythm that the booster starts from', () => {
  it('compares with the mean customer', () => {
    expect([...pace.typical]).toEqual([3, 200, 100])
  })

  it('stays a number that can be outvoted, for every customer', () => {
    fc.assert(
      fc.property(customers, (row) => {
        expect(Math.abs(paceAt(pace, row, 0))).toBeLessThanOrEqual(5.3)
      }),
    )
  })

  it('goes on rising with silence, however long', () => {
    const scores = [10, 30, 90, 180, 360].map((silence) => paceAt(pace, rowOf(4, 150 + silence, 150), 0))
    expect(scores).toEqual(scores.toSorted((a, b) => a - b))
    expect(new Set(scores).size).toBe(scores.length)
  })

  it('is the rhythm’s own forecast, as far as that is believed', () => {
    fc.assert(
      fc.property(customers, fc.integer({ min: 28, max: 365 }), (row, days) => {
        const exact = rhythmScore(rhythm, days, row, 0)
        const score = paceAt({ ...pace, horizonDays: days }, row, 0)
        expect(score).toBeCloseTo(Math.min(5.3, Math.max(-5.3, exact)), 8)
      }),
    )
  })

  it('tells of all rows what it tells of each', () => {
    const rows = [rowOf(1, 10, 0), rowOf(4, 90, 60), rowOf(9, 700, 20)]
    expect([...pacesOf(pace, matrixOf(rows))]).toEqual(rows.map((row) => paceAt(pace, row, 0)))
  })

  it('is split among what it reads, all of it and nothing else', () => {
    fc.assert(
      fc.property(customers, fc.double({ min: 0, max: 1, noNaN: true }), (row, share) => {
        const into = new Float64Array(row.length)
        const baseline = explainPace(pace, row, share, into)
        const sum = into.reduce((total, value) => total + value, baseline)
        expect(sum).toBeCloseTo(share * paceAt(pace, row, 0), 10)
        const named = [featureIndex.purchaseDays, featureIndex.tenureDays, featureIndex.activeSpanDays]
        into.forEach((value, column) => expect(value === 0 || named.includes(column as never)).toBe(true))
      }),
    )
  })

  it('gives what differs from the typical customer in one thing to that thing alone', () => {
    const into = new Float64Array(features.length)
    const row = rowOf(3, 900, 100)
    explainPace(pace, row, 1, into)
    expect(into[featureIndex.tenureDays]).toBeGreaterThan(0.5)
    expect(into[featureIndex.purchaseDays]).toBeCloseTo(0, 12)
    expect(into[featureIndex.activeSpanDays]).toBeCloseTo(0, 12)
  })
})
