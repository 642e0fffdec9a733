import { describe, expect, test } from 'vitest'
import { featureIndex, features, featureVersion } from '../features/catalogue.ts'
import { at } from '../features/history.test-kit.ts'
import { buildTrainingSet } from '../features/training-set.ts'
import { decodeModel, encodeModel } from '../learning/codec.ts'
import { takeRows } from '../learning/matrix.ts'
import { bias, mae, normalizedGini } from '../learning/metrics.ts'
import { imagineShop } from './ltv.test-kit.ts'
import { type LtvModel, ltvModelStamp } from './model.ts'
import { newestFirst } from './origins.ts'
import { forecastLtv, revenueAtRisk, scoreLtv } from './predict.ts'
import { priorLtv } from './prior.ts'
import { trainLtv } from './train.ts'

const horizonDays = 90
const options = { horizonDays, seed: 1 }
const histories = imagineShop(1_600, 1)
const origins = [at('2025-02-01'), at('2025-03-01')]
const train = buildTrainingSet(histories.slice(0, 1_200), { origins, horizonDays })
const test_ = buildTrainingSet(histories.slice(1_200), { origins: [at('2025-06-01')], horizonDays })
const model = trainLtv(train, options)
const few = trainLtv(buildTrainingSet(histories.slice(0, 150), { origins, horizonDays }), options)
const prior = priorLtv({ horizonDays, meanValue: 40 })
const row = (i: number) => test_.x.slice(i * test_.d, (i + 1) * test_.d)
const models: [string, LtvModel][] = [
  ['OWN', model],
  ['BUYING', few],
  ['PRIOR', prior],
]
const refused = (reason: string) => expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT', reason } })

describe('training', () => {
  test('it forecasts customers of a later time better than one figure for all', () => {
    const { amount } = scoreLtv(model, test_)
    const mean = train.spend.reduce((sum, value) => sum + value, 0) / train.n
    expect(mae(test_.spend, amount)).toBeLessThan(
      0.85 *
        mae(
          test_.spend,
          amount.map(() => mean),
        ),
    )
    expect(normalizedGini(test_.spend, amount)).toBeGreaterThan(0.5)
    expect(Math.abs(bias(test_.spend, amount))).toBeLessThan(0.3)
  })

  test('the same rows and seed give the same model, in whatever order the origins came', () => {
    const again = trainLtv(train, options)
    expect(encodeModel(again, { ...ltvModelStamp, featureVersion })).toEqual(
      encodeModel(model, { ...ltvModelStamp, featureVersion }),
    )
    const turned = buildTrainingSet(histories.slice(0, 200), { origins: origins.toReversed(), horizonDays })
    expect(newestFirst(turned)).toEqual([0, 1])
    expect(newestFirst(train)).toEqual([1, 0])
  })

  test('a stored model forecasts the same', () => {
    const stamp = { ...ltvModelStamp, featureVersion }
    const back = decodeModel<LtvModel>(encodeModel(model, stamp), stamp)
    expect(scoreLtv(back, test_)).toEqual(scoreLtv(model, test_))
  })

  test('another currency gives the same forecast in that currency', () => {
    const inYen = buildTrainingSet(imagineShop(150, 1, 100), { origins, horizonDays })
    const inEuro = buildTrainingSet(imagineShop(150, 1), { origins, horizonDays })
    const yen = scoreLtv(trainLtv(inYen, options), inYen)
    const euro = scoreLtv(trainLtv(inEuro, options), inEuro)
    for (let i = 0; i < 40; i++) expect(yen.amount[i]! / euro.amount[i]!).toBeCloseTo(100, 0)
  })

  test('few customers leave buying alone, and it says so', () => {
    expect(few.source).toBe('BUYING')
    expect(few.members).toBeNull()
    const { amount } = scoreLtv(few, test_)
    expect(normalizedGini(test_.spend, amount)).toBeGreaterThan(0.4)
  })

  test('it hears of its progress up to the end', () => {
    const heard: number[] = []
    trainLtv(train, { ...options, onProgress: (share) => heard.push(share) })
    expect(heard).toEqual(heard.toSorted((a, b) => a - b))
    expect(heard.at(-1)).toBe(1)
  })

  test('what nothing can be learnt from is refused by name', () => {
    const set = { ...train }
    const tiny = buildTrainingSet(histories.slice(0, 20), { origins, horizonDays })
    expect(() => trainLtv(tiny, options)).toThrow(refused('INSUFFICIENT_DATA'))
    expect(() => trainLtv({ ...set, spend: new Float64Array(set.n) }, options)).toThrow(refused('NO_SPEND'))
    expect(() => trainLtv(set, { ...options, horizonDays: 0 })).toThrow(refused('HORIZON'))
    expect(() => trainLtv({ ...set, spend: set.spend.map(() => Number.NaN) }, options)).toThrow(/no number/)
    expect(() => priorLtv({ horizonDays, meanValue: 0 })).toThrow(refused('NO_SPEND'))
  })
})

describe.each(models)('a forecast by a model of %s', (source, own) => {
  test('adds up in currency at any horizon', () => {
    expect(own.source).toBe(source)
    for (const months of [1, 3, 12, 36]) {
      for (let i = 0; i < 60; i++) {
        const forecast = forecastLtv(own, row(i), months)
        const sum = forecast.factors.reduce((total, { contribution }) => total + contribution, forecast.baseline)
        expect(sum + forecast.otherContribution).toBeCloseTo(forecast.amount, 6)
        expect(forecast.factors.length).toBeLessThanOrEqual(8)
        expect(forecast.interval.low).toBeLessThanOrEqual(forecast.amount)
        expect(forecast.interval.high).toBeGreaterThanOrEqual(forecast.amount)
      }
    }
  })

  test('is the same alone and among many, and higher for more months', () => {
    const days = (12 * 365.25) / 12
    const many = scoreLtv(own, takeRows(test_, [0, 1, 2, 3, 4]), days)
    for (let i = 0; i < 5; i++) {
      const one = forecastLtv(own, row(i))
      expect(one.months).toBe(12)
      expect(one.amount).toBeCloseTo(many.amount[i]!, 9)
      expect(one.interval.high).toBeCloseTo(many.high[i]!, 9)
      expect(one.expectedOrders).toBeCloseTo(many.expectedOrders[i]!, 9)
      expect(one.historic).toBe(row(i)[featureIndex.netSpend])
      const amounts = Array.from({ length: 36 }, (_, k) => forecastLtv(own, row(i), k + 1).amount)
      expect(amounts).toEqual(amounts.toSorted((a, b) => a - b))
    }
  })
})

test('a factor names a feature or what buying says, with its value and its worth', () => {
  const { factors } = forecastLtv(model, row(3))
  const [first] = factors
  expect(factors.map(({ contribution }) => Math.abs(contribution))).toEqual(
    factors.map(({ contribution }) => Math.abs(contribution)).toSorted((a, b) => b - a),
  )
  const known = [
    ...features.map(({ name }) => name as string),
    'expectedOrders',
    'purchaseProbability',
    'expectedOrderValue',
  ]
  for (const { feature } of factors) expect(known).toContain(feature)
  expect(first?.explanation).toMatch(/: [\d.,%-]+\. (Raises|Lowers) the forecast by [\d,]+\.\d\d\.$/)
})

test('months beyond 1 to 36 and rows of another width are refused', () => {
  for (const months of [0, 37, Number.NaN]) expect(() => forecastLtv(model, row(0), months)).toThrow(refused('MONTHS'))
  expect(() => forecastLtv(model, new Float64Array(3))).toThrow(/66 features, not 3/)
  expect(() => scoreLtv(model, { x: new Float64Array(4), n: 2, d: 2 })).toThrow(/66 features, not 2/)
})

test('shorter horizons cover as they say', () => {
  const short = buildTrainingSet(histories.slice(1_200), { origins: [at('2025-06-01')], horizonDays: 45 })
  const { low, high } = scoreLtv(model, short, 45)
  const inside = short.spend.filter((value, i) => value >= low[i]! && value <= high[i]!).length
  expect(inside / short.n).toBeGreaterThan(0.87)
})

test('revenue at risk is what is lost with a customer', () => {
  expect(revenueAtRisk(0.25, 400)).toBe(100)
})
