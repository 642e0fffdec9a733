import { describe, expect, it } from 'vitest'
import { isBetter, judge, type Judgement } from './judge.ts'
import { imagineShop } from './imagine.ts'
import { priorBundle } from './prior.ts'

const judgement = (brier: number, mae: number): Judgement => ({
  customers: 900,
  churn: { auc: 0.7, brier, ece: 0.02 },
  ltv: { mae, spearman: 0.5, biasPercent: 1 },
})

describe('a candidate', () => {
  it.each([
    ['as good', 0.15, 30, true, true],
    ['better at churn, hardly worse at spend', 0.14, 30.2, true, true],
    ['a little worse at churn', 0.153, 30, false, true],
    ['a little worse at spend', 0.15, 31, false, true],
    ['much worse at churn', 0.16, 20, false, false],
    ['much worse at spend', 0.1, 32, false, false],
    ['no figure at all', NaN, NaN, false, false],
  ])('that is %s takes the champion’s place, or where that has seen the holdout', (_, brier, mae, fair, seen) => {
    const champion = judgement(0.15, 30)
    expect([isBetter(judgement(brier, mae), champion), isBetter(judgement(brier, mae), champion, true)]).toEqual([
      fair,
      seen,
    ])
  })
})

describe('judging', () => {
  it('finds the models of a shop better than the same with the answers turned around', async () => {
    const day = 86_400_000
    const now = Date.UTC(2026, 5, 1)
    const shop = imagineShop(400, { asOf: now, value: 40, seed: 3 })
    const prior = priorBundle({ meanOrderValue: 40, horizonDays: 90 })
    const { calibration } = prior.churn
    if (calibration.kind !== 'platt') throw new Error('The shipped model is calibrated by a line.')
    const turned = { ...prior, churn: { ...prior.churn, calibration: { ...calibration, slope: -calibration.slope } } }
    async function* read() {
      yield* shop
    }
    const [own, other] = await judge([prior, turned], read(), { asOf: now - 90 * day, horizonDays: 90 })
    expect(own!.customers).toBe(other!.customers)
    expect(own!.churn.auc).toBeGreaterThan(0.65)
    expect(own!.churn.auc + other!.churn.auc).toBeCloseTo(1, 6)
    expect([isBetter(own!, other!), isBetter(other!, own!)]).toEqual([true, false])
  })
})
