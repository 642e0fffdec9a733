import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { features, featureVersion } from '../features/catalogue.ts'
import { buildTrainingSet, type TrainingSet } from '../features/training-set.ts'
import { applyCalibration } from '../learning/calibration.ts'
import { decodeModel, encodeModel } from '../learning/codec.ts'
import { auc, brier } from '../learning/metrics.ts'
import { priorChurn } from './buying.ts'
import { asOf, madeUpCustomers, order } from './made-up.test-kit.ts'
import { churnModelStamp, type ChurnModel, levelOf } from './model.ts'
import { blendOne } from './members.ts'
import { planTraining } from './origins.ts'
import { explainChurn, scoreChurn, scoreOneChurn } from './predict.ts'
import { trainChurn } from './train.ts'

const horizonDays = 60
const customers = madeUpCustomers(700, 1)
const plan = planTraining(asOf - horizonDays * 86_400_000, asOf - 400 * 86_400_000, horizonDays)
const rowAt = ({ x, d }: TrainingSet, i: number) => x.slice(i * d, (i + 1) * d)

describe('a churn model', () => {
  let model: ChurnModel
  let test: TrainingSet
  const shares: number[] = []
  beforeAll(() => {
    const train = buildTrainingSet(customers, plan)
    model = trainChurn(train, { horizonDays, seed: 3, onProgress: (share) => shares.push(share) })
    const origins = [asOf - horizonDays * 86_400_000]
    test = buildTrainingSet(madeUpCustomers(600, 2), { origins, horizonDays, reference: train.reference })
  })

  it('tells strangers who will leave from those who will stay, and is honest about how sure it is', () => {
    const p = new Float64Array(test.n)
    scoreChurn(model, test, p)
    const share = test.churned.reduce((sum, value) => sum + value, 0) / test.n
    expect(model.source).toBe('OWN')
    expect(auc(test.churned, p)).toBeGreaterThan(0.75)
    expect(brier(test.churned, p)).toBeLessThan(0.85 * share * (1 - share))
    expect(Math.abs(p.reduce((sum, value) => sum + value, 0) / test.n - share)).toBeLessThan(0.08)
  })

  it('gives one customer the score that it gives in bulk', () => {
    const p = new Float64Array(test.n)
    scoreChurn(model, test, p)
    for (let i = 0; i < 50; i++) expect(scoreOneChurn(model, rowAt(test, i))).toBeCloseTo(p[i]!, 12)
  })

  it('splits every score into parts that add up to its log-odds before calibration', () => {
    for (let i = 0; i < 100; i++) {
      const row = rowAt(test, i)
      const { baseline, factors, otherContribution, score, level, interval } = explainChurn(model, row)
      const sum = factors.reduce((total, { contribution }) => total + contribution, baseline + otherContribution)
      expect(model.members && Math.abs(sum - blendOne(model.members, model.weights, row))).toBeLessThan(1e-9)
      expect(factors.length).toBeLessThanOrEqual(8)
      expect(level).toBe(levelOf(score))
      expect(interval.low).toBeLessThanOrEqual(interval.high)
      const sizes = factors.map(({ contribution }) => Math.abs(contribution))
      expect(sizes).toEqual(sizes.toSorted((a, b) => b - a))
    }
  })

  it('does not ask a member without weight, nor speaks of it', () => {
    const { members } = model
    if (!members) throw new Error('It has members.')
    const own = { ...model, weights: { logistic: 0, booster: 0.8, forest: 0.2 } }
    const { linear } = members
    const spoilt = { ...own, members: { ...members, linear: { ...linear, line: { ...linear.line, intercept: NaN } } } }
    const [some, row] = [{ x: test.x.subarray(0, 80 * test.d), n: 80, d: test.d }, rowAt(test, 3)]
    const [expected, told] = [new Float64Array(80), new Float64Array(80)]
    scoreChurn(own, some, expected)
    scoreChurn(spoilt, some, told)
    expect(told).toEqual(expected)
    expect(scoreOneChurn(spoilt, row)).toBe(scoreOneChurn(own, row))
    expect(explainChurn(spoilt, row)).toEqual(explainChurn(own, row))
  })

  it('says in words what a factor is, how large, and which way it pulls', () => {
    const [largest] = explainChurn(model, rowAt(test, 0)).factors
    const feature = features.find(({ name }) => name === largest?.feature)
    expect(largest?.explanation).toContain(feature?.description)
    expect(largest?.explanation).toMatch((largest?.contribution ?? 0) > 0 ? /aises the risk/ : /owers the risk/)
  })

  it('sees less churn the longer it looks, and exactly its own at its own horizon', () => {
    const horizons = fc.tuple(fc.integer({ min: 28, max: 365 }), fc.integer({ min: 28, max: 365 }))
    fc.assert(
      fc.property(fc.integer({ min: 0, max: test.n - 1 }), horizons, (i, [a, b]) => {
        const row = rowAt(test, i)
        const [short, long] = [scoreOneChurn(model, row, Math.min(a, b)), scoreOneChurn(model, row, Math.max(a, b))]
        expect(long).toBeLessThanOrEqual(short)
        if (a !== b) expect(long).toBeLessThan(short)
        expect(short).toBeLessThanOrEqual(1)
        expect(long).toBeGreaterThanOrEqual(0)
        expect(scoreOneChurn(model, row, horizonDays)).toBe(scoreOneChurn(model, row))
      }),
    )
  })

  it('is the same for the same seed, and survives storage', () => {
    const again = trainChurn(buildTrainingSet(customers, plan), { horizonDays, seed: 3 })
    const stamp = { ...churnModelStamp, featureVersion }
    const bytes = encodeModel(model, stamp)
    expect(Buffer.from(encodeModel(again, stamp)).equals(bytes)).toBe(true)
    const read = decodeModel<ChurnModel>(bytes, stamp)
    expect(scoreOneChurn(read, rowAt(test, 7))).toBe(scoreOneChurn(model, rowAt(test, 7)))
  })

  it('refuses horizons and rows that it cannot read', () => {
    const row = rowAt(test, 0)
    for (const days of [27, 366, 30.5, Number.NaN])
      expect(() => explainChurn(model, row, days)).toThrow(
        expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT', reason: 'HORIZON' } }),
      )
    expect(() => explainChurn(model, row.slice(1))).toThrow('A row has 66 features, not 65.')
  })

  it('keeps its progress between 0 and 1, never going back', () => {
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    expect(shares[0]).toBeGreaterThan(0)
    expect(shares.at(-1)).toBe(1)
  })
})

describe('a tenant with little data', () => {
  const origins = [asOf - horizonDays * 86_400_000]
  const setOf = (count: number) => buildTrainingSet(madeUpCustomers(count, 5), { origins, horizonDays })

  it('is forecast by how often its customers buy, which says so and by what', () => {
    const set = setOf(200)
    const model = trainChurn(set, { horizonDays, seed: 1 })
    const p = new Float64Array(set.n)
    scoreChurn(model, set, p)
    expect(model.source).toBe('BUYING')
    expect(auc(set.churned, p)).toBeGreaterThan(0.7)
    const rhythmic = ['purchaseDays', 'tenureDays', 'activeSpanDays']
    for (let i = 0; i < set.n; i++) {
      const { score, factors, baseline, otherContribution } = explainChurn(model, rowAt(set, i))
      const sum = factors.reduce((total, { contribution }) => total + contribution, baseline + otherContribution)
      expect(applyCalibration(model.calibration, sum)).toBeCloseTo(score, 9)
      expect(factors.length).toBeGreaterThan(0)
      for (const { feature } of factors) expect(rhythmic).toContain(feature)
    }
  })

  it('is refused below thirty customers, where the shipped prior serves', () => {
    const insufficient = expect.objectContaining({
      extensions: { code: 'BAD_USER_INPUT', reason: 'INSUFFICIENT_DATA' },
    })
    const set = setOf(20)
    expect(() => trainChurn(set, { horizonDays, seed: 1 })).toThrow(insufficient)
    const p = scoreOneChurn(priorChurn(90), rowAt(set, 0))
    expect(p).toBeGreaterThan(0)
    expect(p).toBeLessThan(1)
    expect(explainChurn(priorChurn(90), rowAt(set, 0)).interval).toMatchObject({ low: 0, high: 1 })
  })

  it('needs customers of both kinds', () => {
    const at = asOf - 90 * 86_400_000
    const leavers = madeUpCustomers(600, 6).map((customer) => ({ ...customer, orders: [order(at, 20)] }))
    const set = buildTrainingSet(leavers, { origins, horizonDays })
    const model = trainChurn(set, { horizonDays, seed: 1 })
    expect(model).toMatchObject({ source: 'BUYING', customers: 600, churned: 600 })
    expect(scoreOneChurn(model, rowAt(set, 0))).toBeGreaterThan(0.9)
  })
})

describe('planTraining', () => {
  const day = 86_400_000
  it('ends its newest label where the forecast begins, and goes back by fortnights', () => {
    const { origins, horizonDays: days } = planTraining(1000 * day, 0, 90)
    expect([days, ...origins.map((at) => at / day)]).toEqual([90, 910, 896, 882, 868, 854, 840])
  })

  it('shortens a horizon that the data cannot show, never below 28 days', () => {
    expect(planTraining(200 * day, 0, 365)).toMatchObject({ horizonDays: 90 })
    expect(planTraining(40 * day, 0, 90)).toEqual({ horizonDays: 28, origins: [12 * day] })
  })
})
