import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { daysAgo, now } from './facts.test-kit.ts'
import { lifecycleOf, type LifecycleModel, type LifecycleStage, trainLifecycle } from './lifecycle.ts'

const model: LifecycleModel = { loyalPurchases: 4, loyalTenureDays: 200, typicalGapDays: 40 }
const stage = (ago: readonly number[], churn: number | null, then: number | null = null) =>
  lifecycleOf(model, ago.map(daysAgo), (at) => (at === now ? churn : then), now)

describe('the lifecycle stage', () => {
  it.each<[string, readonly number[], number | null, number | null, LifecycleStage | null]>([
    ['nobody without a purchase has one', [], 0.9, null, null],
    ['a first purchase 29 days ago is NEW', [29], 0.9, null, 'NEW'],
    ['30 days ago it is no longer', [30], 0.1, null, 'ACTIVE'],
    ['three own gaps of silence and churn 0.8 are LAPSED', [90, 75, 60, 45], 0.8, null, 'LAPSED'],
    ['a silence just below is AT_RISK', [90, 75, 60, 44.9], 0.8, null, 'AT_RISK'],
    ['so is a churn just below', [90, 75, 60, 45], 0.79, null, 'AT_RISK'],
    ['the tenant’s gap stands in for one purchase', [120], 0.9, null, 'LAPSED'],
    ['and holds there too', [119], 0.9, null, 'AT_RISK'],
    ['churn 0.6 is AT_RISK even of the loyal', [300, 200, 100, 20], 0.6, null, 'AT_RISK'],
    ['many purchases over a long time are LOYAL', [300, 200, 100, 20], 0.59, null, 'LOYAL'],
    ['too few are ACTIVE', [300, 200, 20], 0.1, null, 'ACTIVE'],
    ['too short a time is ACTIVE', [199, 150, 100, 20], 0.1, null, 'ACTIVE'],
    ['an unknown churn meets no rule that needs one', [300, 290, 280], null, null, 'ACTIVE'],
    ['who ordered after being LAPSED is WON_BACK', [300, 290, 90], 0.9, 0.8, 'WON_BACK'],
    ['for 90 days', [300, 290, 90.01], 0.1, 0.8, 'ACTIVE'],
    ['not who was only silent', [300, 290, 90], 0.1, 0.79, 'ACTIVE'],
    ['not who was never silent', [110, 100, 90], 0.1, 0.9, 'ACTIVE'],
    ['also with orders since', [300, 290, 80, 70, 60], 0.1, 0.9, 'WON_BACK'],
  ])('%s', (_, ago, churn, then, expected) => {
    expect(stage(ago, churn, then)).toBe(expected)
  })

  it('asks for the churn before the purchase that came back, from what lay before it', () => {
    const asked: number[] = []
    lifecycleOf(model, [300, 290, 50].map(daysAgo), (at) => (asked.push(at), 0.1), now)
    expect(asked).toEqual([daysAgo(50), now])
  })

  it('is exactly one for everyone with a purchase', () => {
    const purchases = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 12 })
    const churn = fc.option(fc.double({ min: 0, max: 1, noNaN: true }))
    fc.assert(
      fc.property(purchases, churn, churn, (ago, now, then) => {
        const ascending = [...new Set(ago)].sort((a, b) => b - a)
        expect(['NEW', 'ACTIVE', 'LOYAL', 'AT_RISK', 'LAPSED', 'WON_BACK']).toContain(stage(ascending, now, then))
      }),
    )
  })

  it('learns the top quartiles and the usual gap, and never calls one purchase loyal', () => {
    const learnt = trainLifecycle([[daysAgo(40)], [daysAgo(30), daysAgo(20)], [daysAgo(10)], []], now)
    expect(learnt).toEqual({ loyalPurchases: 2, loyalTenureDays: 35, typicalGapDays: 10 })
    const nobody = trainLifecycle([], now)
    expect(lifecycleOf(nobody, [daysAgo(400)], () => 0.9, now)).toBe('AT_RISK')
  })
})
