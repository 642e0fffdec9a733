import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { trainPercentiles } from './quantiles.ts'
import { scoreCustomer, type ScoreInput, scoreWeights, type ScoringContext } from './scores.ts'

const spread = trainPercentiles(Array.from({ length: 1_001 }, (_, ltv) => ltv))
const contexts = Object.keys(scoreWeights) as ScoringContext[]
const middling: ScoreInput = { churn: 0.5, ltv: 500, pace: 0, engagement: 50 }

describe('a customer’s score', () => {
  it('has weights that share out 100 points', () => {
    for (const weights of Object.values(scoreWeights))
      expect(Object.values(weights).reduce((sum, weight) => sum + Math.abs(weight), 0)).toBe(100)
  })

  it.each(contexts)('is 50 in the middle of everything (%s)', (context) => {
    expect(scoreCustomer(middling, spread, context)?.score).toBeCloseTo(50, 10)
  })

  it('tells each context’s customer from the others', () => {
    const leaving: ScoreInput = { churn: 0.9, ltv: 900, pace: -0.8, engagement: 5 }
    const growing: ScoreInput = { churn: 0.1, ltv: 900, pace: 0.8, engagement: 90 }
    const score = (input: ScoreInput, context: ScoringContext) => scoreCustomer(input, spread, context)?.score ?? NaN
    for (const context of ['SUPPORT_PRIORITY', 'RETENTION', 'WIN_BACK'] as const)
      expect(score(leaving, context)).toBeGreaterThan(score(growing, context) + 20)
    expect(score(growing, 'UPSELL')).toBeGreaterThan(score(leaving, 'UPSELL') + 40)
  })

  it('lies between 0 and 100 and is the sum of its factors, the largest first', () => {
    const number = (min: number, max: number) => fc.option(fc.double({ min, max }))
    const inputs = fc.record({
      churn: number(-1, 2),
      ltv: number(-10, 2_000),
      pace: number(-3, 3),
      engagement: number(-50, 150),
    })
    fc.assert(
      fc.property(inputs, fc.constantFrom(...contexts), (input, context) => {
        const { score, factors } = scoreCustomer(input, spread, context) ?? { score: 0, factors: [] }
        const contributions = factors.map(({ contribution }) => contribution)
        expect(contributions.reduce((sum, one) => sum + one, 0)).toBeCloseTo(score, 9)
        expect(contributions).toEqual(contributions.toSorted((a, b) => b - a))
        expect(Math.min(0, ...contributions)).toBe(0)
        expect(score).toBeLessThanOrEqual(100)
      }),
    )
  })

  it('shares the weight of what is unknown among the rest, and says nothing where all is', () => {
    const unknown: ScoreInput = { churn: null, ltv: NaN, pace: null, engagement: null }
    expect(scoreCustomer(unknown, spread, 'RETENTION')).toBeNull()
    expect(scoreCustomer({ ...unknown, ltv: 3 }, trainPercentiles([]), 'RETENTION')).toBeNull()
    expect(scoreCustomer({ ...unknown, churn: 0.7 }, spread, 'RETENTION')).toEqual({
      score: 70,
      factors: [
        { feature: 'churn', value: 0.7, contribution: 70, explanation: 'Churn risk is 70 %: 70.0 of 100 points.' },
      ],
    })
  })

  it('says in words what each factor gave', () => {
    const { factors } = scoreCustomer({ ...middling, pace: -0.5 }, spread, 'RETENTION') ?? { factors: [] }
    expect(factors.map(({ explanation }) => explanation)).toEqual([
      'Expected spend is above that of 50 % of customers: 25.0 of 50 points.',
      'Churn risk is 50 %: 17.5 of 35 points.',
      'Spend is falling: 7.5 of 10 points.',
      'Engagement is 50 of 100: 2.5 of 5 points.',
    ])
  })
})
