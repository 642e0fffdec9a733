import { describe, expect, it } from 'vitest'
import { addUp } from './trend.ts'

const day = (nth: number) => new Date(Date.UTC(2026, 10, nth))
const change = (nth: number, customers: number, risk: number, high: number, revenue: number) => ({
  ...{ day: day(nth), customers, risk, high, revenue },
})

describe('what days add up to', () => {
  const changes = [change(1, 2, 1.2, 1, 30), change(3, 0, -0.4, -1, -12.5), change(6, -2, -0.8, 0, -17.5)]

  it('is carried over days without a change, and begins before the first day asked for', () => {
    expect(addUp(changes, day(2), day(4))).toEqual([
      { at: day(2), averageRisk: 0.6, highRiskCount: 1, revenueAtRisk: 30 },
      { at: day(3), averageRisk: expect.closeTo(0.4, 12) as number, highRiskCount: 0, revenueAtRisk: 17.5 },
      { at: day(4), averageRisk: expect.closeTo(0.4, 12) as number, highRiskCount: 0, revenueAtRisk: 17.5 },
    ])
  })

  it('leaves out days on which nobody counts', () => {
    expect(addUp(changes, day(6), day(9))).toEqual([])
    expect(addUp([change(5, 1, 0.5, 0, 1)], day(1), day(5)).map(({ at }) => at)).toEqual([day(5)])
    expect(addUp([], day(1), day(9))).toEqual([])
  })
})
