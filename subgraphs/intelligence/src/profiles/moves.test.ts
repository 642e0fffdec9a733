import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { levelOf } from '../churn/model.ts'
import { isNews, movesOf, type Told } from './moves.ts'

const told = (churnRisk: number | null, ltv: number | null = 100, archetype: string | null = 'Regulars'): Told => ({
  churnRisk,
  ltv,
  archetype,
})
const nothing: Told = { churnRisk: null, ltv: null, archetype: null }

describe('news of a customer', () => {
  it('is the first insight, and its end', () => {
    expect(isNews(null, told(0.5))).toBe(true)
    expect(isNews(told(0.5), nothing)).toBe(true)
    expect(isNews(nothing, told(0.5))).toBe(true)
    expect(isNews(null, nothing)).toBe(false)
    expect(isNews(nothing, nothing)).toBe(false)
  })

  it('is a move of churn by 0.02, or over the border of a level', () => {
    expect(isNews(told(0.4), told(0.415))).toBe(false)
    expect(isNews(told(0.4), told(0.4201))).toBe(true)
    expect(isNews(told(0.4), told(0.3799))).toBe(true)
    expect(isNews(told(0.599), told(0.6))).toBe(true)
    expect(isNews(told(0.3), told(0.299))).toBe(true)
  })

  it('is a move of the forecast by 2 %, of a cent at least', () => {
    expect(isNews(told(0.4, 100), told(0.4, 101.9))).toBe(false)
    expect(isNews(told(0.4, 100), told(0.4, 102))).toBe(true)
    expect(isNews(told(0.4, 100), told(0.4, 98))).toBe(true)
    expect(isNews(told(0.4, 0), told(0.4, 0))).toBe(false)
    expect(isNews(told(0.4, 0), told(0.4, 0.001))).toBe(false)
    expect(isNews(told(0.4, 0), told(0.4, 0.02))).toBe(true)
  })

  it('is another archetype', () => {
    expect(isNews(told(0.4), told(0.4, 100, 'Whales'))).toBe(true)
    expect(isNews(told(0.4), told(0.4, 100, null))).toBe(true)
  })

  it('is a move of engagement by 5 %, of a point at least, also of one who never bought', () => {
    const engaged = (engagement: number | null, of = nothing): Told => ({ ...of, engagement })
    expect(isNews(null, engaged(0))).toBe(false)
    expect(isNews(null, engaged(1))).toBe(true)
    expect(isNews(engaged(60), engaged(62.9))).toBe(false)
    expect(isNews(engaged(60), engaged(57))).toBe(true)
    expect(isNews(engaged(3), engaged(3.9))).toBe(false)
    expect(isNews(engaged(3), engaged(null))).toBe(true)
    expect(isNews(engaged(60, told(0.4)), engaged(66, told(0.4)))).toBe(true)
    // Told before engagement was told of.
    expect(isNews(told(0.4), engaged(0.5, told(0.4)))).toBe(false)
  })

  it('says of each figure what it was when others were last told', () => {
    expect(movesOf(null, told(0.4))).toEqual([
      { metric: 'CHURN_RISK', from: null, to: 0.4 },
      { metric: 'LTV_12M', from: null, to: 100 },
    ])
    expect(movesOf(told(0.4), { ...told(0.4, 90, 'Whales'), engagement: 20 })).toEqual([
      { metric: 'LTV_12M', from: 100, to: 90 },
      { metric: 'ENGAGEMENT', from: null, to: 20 },
    ])
    expect(movesOf(told(0.4), nothing).map(({ to }) => to)).toEqual([null, null])
    expect(movesOf(nothing, nothing)).toEqual([])
  })

  it('never leaves others further behind than a step, however slowly it moves', () => {
    const walk = fc.array(fc.double({ min: -0.015, max: 0.015, noNaN: true }), { maxLength: 200 })
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), walk, (start, steps) => {
        let [last, churn] = [told(start), start]
        for (const step of steps) {
          churn = Math.min(1, Math.max(0, churn + step))
          if (isNews(last, told(churn))) last = told(churn)
          expect(Math.abs((last.churnRisk ?? NaN) - churn)).toBeLessThan(0.02)
          expect(levelOf(last.churnRisk ?? NaN)).toBe(levelOf(churn))
        }
      }),
    )
  })
})
