import { describe, expect, it } from 'vitest'
import { engagementOf, engagementRaw, trainEngagement } from './engagement.ts'
import { daysAgo, history, interaction, now, order } from './facts.test-kit.ts'

const raws = Float64Array.from({ length: 1_000 }, (_, index) => index / 100)

describe('engagement', () => {
  it('adds weights that halve every 30 days', () => {
    const one = history(
      [order(daysAgo(30))],
      [interaction(daysAgo(60), { kind: 'MESSAGE' }), interaction(daysAgo(30), { kind: 'EMAIL_CLICK' })],
      [
        { at: daysAgo(30), name: 'visit' },
        { at: daysAgo(1), name: 'thermostat' },
      ],
    )
    expect(engagementRaw(one, now)).toBeCloseTo(5 / 2 + 3 / 4 + 2 / 2 + 1 / 2, 10)
  })

  it('counts no returns, no support tickets, nothing at or after the instant and nothing without one', () => {
    const one = history(
      [order(now), order(daysAgo(-3)), order(NaN), order(daysAgo(1), { isReturn: true })],
      [interaction(daysAgo(2), { kind: 'SUPPORT_TICKET' }), interaction(Infinity), interaction(-Infinity)],
    )
    expect(engagementRaw(one, now)).toBe(0)
  })

  it('is the percentile in the tenant, and its trend the difference to 30 days ago', () => {
    const spread = trainEngagement(raws)
    const rising = engagementOf(spread, history([order(daysAgo(0.001))]), now)
    expect(rising?.score).toBeCloseTo(50, 0)
    expect(rising?.trend).toBe(rising?.score)
    const falling = engagementOf(spread, history([order(daysAgo(30.001))]), now)
    expect(falling?.score).toBeCloseTo(25, 0)
    expect(falling?.trend).toBeCloseTo(-25, 0)
  })

  it('is 0 for one who never did anything, and null where the tenant is unknown', () => {
    expect(engagementOf(trainEngagement(raws), history([]), now)).toEqual({ score: 0, trend: 0 })
    expect(engagementOf(trainEngagement([]), history([order(daysAgo(1))]), now)).toBeNull()
    expect(engagementOf(trainEngagement([0, 0]), history([]), now)).toBeNull()
  })
})
