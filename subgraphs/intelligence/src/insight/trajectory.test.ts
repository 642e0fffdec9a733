import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { daysAgo, history, now, order } from './facts.test-kit.ts'
import { trajectoryOf } from './trajectory.ts'

/** A first order long ago, then one order in the middle of each of the last windows of 30 days, oldest first. */
const spending = (amounts: readonly number[]) => [
  order(daysAgo(300)),
  ...amounts.map((amount, index) => order(daysAgo(30 * (amounts.length - index) - 15), { amount })),
]

describe('the trajectory', () => {
  it('is the change of spend per 30 days', () => {
    expect(trajectoryOf(history(spending([100, 120, 140, 160, 180, 200])), [], now)).toEqual({
      spendSlope: 20,
      riskSlope: null,
      direction: 'RISING',
      interval: { low: 20, high: 20, level: 0.9 },
      pace: 20 / 150,
    })
    expect(trajectoryOf(history(spending([200, 160, 150, 110, 60, 50])), [], now)?.direction).toBe('FALLING')
  })

  it('is STEADY while the interval holds 0', () => {
    const noisy = trajectoryOf(history(spending([100, 20, 150, 10, 130, 60])), [], now)
    expect(noisy).toMatchObject({ direction: 'STEADY', pace: 0 })
    const silent = trajectoryOf(history([order(daysAgo(400))]), [], now)
    expect(silent).toMatchObject({ direction: 'STEADY', spendSlope: 0 })
  })

  it('takes off what went back', () => {
    const back = [...spending([100, 120, 140, 160, 180, 230]), order(daysAgo(5), { isReturn: true, amount: 30 })].map(
      (one) => (one.amount === 100 ? { ...one, amount: 150, refunded: 50 } : one),
    )
    expect(trajectoryOf(history(back), [], now)?.spendSlope).toBe(20)
  })

  it('reads only whole windows since the first purchase, and says nothing below four', () => {
    const young = [125, 100, 70, 40, 10].map((days) => order(daysAgo(days)))
    expect(trajectoryOf(history(young), [], now)).toMatchObject({ direction: 'STEADY', spendSlope: 0 })
    expect(trajectoryOf(history(young.slice(1)), [], now)).toBeNull()
    expect(trajectoryOf(history([]), [], now)).toBeNull()
    expect(trajectoryOf(history(young), [], NaN)).toBeNull()
  })

  it('gives the slope of churn over the same 180 days', () => {
    const risk = [400, 150, 120, 90, 60, 30, 0].map((days, index) => ({ at: daysAgo(days), churn: 0.1 + 0.05 * index }))
    const one = history(spending([10, 10, 10, 10, 10, 10]))
    expect(trajectoryOf(one, risk, now)?.riskSlope).toBeCloseTo(0.05, 10)
    expect(trajectoryOf(one, risk.slice(4), now)?.riskSlope).toBeNull()
  })

  it('is changed by nothing at or after the instant, and by no order of the facts', () => {
    const orders = spending([100, 20, 150, 10, 130, 60])
    const expected = trajectoryOf(history(orders), [], now)
    const later = fc.array(fc.record({ days: fc.double({ min: 0, max: 500, noNaN: true }), amount: fc.integer() }))
    fc.assert(
      fc.property(later, fc.shuffledSubarray(orders, { minLength: orders.length }), (facts, shuffled) => {
        const after = facts.map(({ days, amount }) => order(daysAgo(-days), { amount }))
        expect(trajectoryOf(history([...after, ...shuffled, order(NaN)]), [], now)).toEqual(expected)
      }),
    )
  })
})
