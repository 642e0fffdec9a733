import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { features } from './catalogue.ts'
import { extractFeatures } from './extract.ts'
import { dayMs } from './facts.ts'
import type { CustomerHistory } from './history.ts'
import { anyHistory, anyInstant, at, customer, emptyRow, order, realOrders, valuesOf } from './history.test-kit.ts'
import { readOrdersFile } from './orders-file.ts'
import { buildTrainingSet, createTrainingSet, type TrainingSet } from './training-set.ts'

const origin = at('2025-03-01')
const withId = (customerId: string, history: CustomerHistory): CustomerHistory => ({ ...history, customerId })
const rowAt = (set: TrainingSet, row: number) => valuesOf(set.x, row * set.d)

describe('buildTrainingSet', () => {
  it('takes customers with a purchase before the origin, and no others', () => {
    const set = buildTrainingSet(
      [
        withId('bought', customer([order('2025-02-28', 1)])),
        withId('later', customer([order('2025-03-01', 1)])),
        withId('returned', customer([order('2025-02-01', 1, { isReturn: true })])),
        withId('never', customer([])),
      ],
      { origins: [origin], horizonDays: 30 },
    )
    expect(set.customerIds).toEqual(['bought'])
    expect([set.n, set.d, set.x.length]).toEqual([1, 66, 66])
  })

  it('labels a customer by purchases from the origin on and before its horizon', () => {
    const purchases = [['2025-02-28'], ['2025-03-01'], ['2025-03-30'], ['2025-03-31']].map(([day = '']) =>
      customer([order('2025-01-01', 1), order(day, 10)]),
    )
    const returned = customer([order('2025-01-01', 1), order('2025-03-02', 10, { isReturn: true })])
    const set = buildTrainingSet([...purchases, returned], { origins: [origin], horizonDays: 30 })
    expect([...set.churned]).toEqual([1, 0, 0, 1, 1])
    expect([...set.spend]).toEqual([0, 10, 10, 0, 0])
  })

  it('takes what went back off the spend, down to nothing', () => {
    const spendOf = (...orders: CustomerHistory['orders']) =>
      buildTrainingSet([customer([order('2025-01-01', 500), ...orders])], { origins: [origin], horizonDays: 30 })
        .spend[0]
    const purchase = order('2025-03-02', 10.01)
    expect(spendOf(purchase, order('2025-03-05', 4, { isReturn: true }))).toBe(6.01)
    expect(spendOf(purchase, order('2025-03-05', -4))).toBe(6.01)
    expect(spendOf({ ...purchase, refunded: 0.01 })).toBe(10)
    expect(spendOf(purchase, order('2025-03-05', 100, { isReturn: true }))).toBe(0)
    expect(spendOf(purchase, order('2025-04-05', 100, { isReturn: true }))).toBe(10.01)
  })

  it('counts the orders of a day as one occasion for buy-till-you-die models', () => {
    const orders = [order('2025-01-04', 5), order('2025-01-04', 7), order('2025-01-11', 20), order('2025-02-01', 10)]
    const { btyd } = buildTrainingSet([customer(orders), customer(orders.slice(0, 2))], {
      origins: [origin],
      horizonDays: 30,
    })
    expect(btyd).toEqual({
      frequency: Float64Array.of(2, 0),
      recency: Float64Array.of(4, 0),
      age: Float64Array.of(8, 8),
      meanValue: Float64Array.of(15, 0),
    })
  })

  it('gives each row the features of its origin, whatever the order of the origins', () => {
    const origins = [at('2025-03-01'), at('2025-01-01'), at('2025-02-01')]
    const histories = [customer([order('2024-12-01', 1), order('2025-01-15', 2)]), customer([order('2025-02-15', 3)])]
    const set = buildTrainingSet(histories, { origins, horizonDays: 30 })
    expect([...set.origin]).toEqual([1, 2, 0, 0])
    expect(Array.from({ length: set.n }, (_, row) => rowAt(set, row).spend)).toEqual([1, 3, 3, 3])
    expect([...set.churned]).toEqual([0, 1, 1, 1])
  })

  it('compares prices and countries with the customers of the same origin', () => {
    const one = (country: string, price: number, since: string) => customer([order(since, price)], { country })
    const histories = [one('DE', 10, '2025-01-01'), one('DE', 30, '2025-01-01'), one('FR', 20, '2025-02-15')]
    const origins = [at('2025-02-01'), at('2025-03-01')]
    const set = buildTrainingSet(histories, { origins, horizonDays: 30 })
    const column = (name: 'countryShare' | 'pricePercentile') =>
      Array.from({ length: set.n }, (_, row) => rowAt(set, row)[name])
    expect(column('countryShare')).toEqual([1, 2 / 3, 1, 2 / 3, 1 / 3])
    const [cheap, cheapLater, dear, dearLater, middle] = column('pricePercentile')
    expect([cheap, cheapLater]).toEqual([0, 0])
    expect(dear).toBeGreaterThanOrEqual(0.5)
    expect(dearLater).toBeGreaterThan(middle ?? NaN)
    expect(middle).toBeGreaterThan(0)
  })

  it('keeps the newest comparison, with which a customer scored alone has the same row', () => {
    const ids = fc.array(anyHistory, { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(ids, anyInstant, anyInstant, (histories, one, other) => {
        fc.pre(one !== other)
        const named = histories.map((history, index) => withId(String(index), history))
        const set = buildTrainingSet(named, { origins: [one, other], horizonDays: 90 })
        const newest = Math.max(one, other)
        const options = { origins: [newest], horizonDays: 90, reference: set.reference }
        const inParts = named.flatMap((history) => [...buildTrainingSet([history], options).x])
        const together = Array.from({ length: set.n }, (_, index) => index)
          .filter((index) => set.origin[index] === (one > other ? 0 : 1))
          .flatMap((index) => [...set.x.subarray(index * set.d, (index + 1) * set.d)])
        expect(inParts).toEqual(together)
        const alone = named.flatMap((history) => {
          const row = emptyRow()
          return extractFeatures(history, newest, row, 0, set.reference) ? [...row] : []
        })
        expect(alone).toEqual(together)
      }),
      { numRuns: 50 },
    )
  })

  it('sees nothing from the last horizon on, and no feature sees its label', () => {
    fc.assert(
      fc.property(fc.array(anyHistory, { maxLength: 5 }), anyHistory, anyInstant, (histories, other, from) => {
        const options = { origins: [from], horizonDays: 60 }
        const before = buildTrainingSet(histories, options)
        const changedFrom = (instant: number) =>
          histories.map((history) => ({
            ...history,
            orders: [
              ...history.orders.filter(({ at }) => at < instant),
              ...other.orders.filter(({ at }) => at >= instant),
            ],
          }))
        expect(buildTrainingSet(changedFrom(from + 60 * dayMs), options)).toEqual(before)
        expect(buildTrainingSet(changedFrom(from), options).x).toEqual(before.x)
      }),
    )
  })

  it('takes histories one by one, more of them than a block of rows holds', () => {
    const histories = Array.from({ length: 5_000 }, (_, index) =>
      withId(`${index}`, customer([order('2025-01-01', index)])),
    )
    const options = { origins: [origin], horizonDays: 30 }
    const builder = createTrainingSet(options)
    for (const history of histories) builder.add(history)
    const set = builder.finish()
    expect(set).toEqual(buildTrainingSet(histories, options))
    expect(Array.from({ length: set.n }, (_, row) => rowAt(set, row).spend)).toEqual([...histories.keys()])
  })

  it('gives an empty set where nobody bought', () => {
    const set = buildTrainingSet([], { origins: [origin], horizonDays: 30 })
    expect([set.n, set.x.length, set.customerIds, set.reference.countries]).toEqual([0, 0, [], []])
  })

  it.each([
    ['no origin', { origins: [], horizonDays: 30 }, 'ORIGINS'],
    ['one origin twice', { origins: [1, 1], horizonDays: 30 }, 'ORIGINS'],
    ['an origin that is no instant', { origins: [NaN], horizonDays: 30 }, 'ORIGINS'],
    [
      'more origins than an index holds',
      { origins: Array.from({ length: 257 }, (_, day) => day), horizonDays: 30 },
      'ORIGINS',
    ],
    ['no horizon', { origins: [1], horizonDays: 0 }, 'HORIZON'],
    ['an endless horizon', { origins: [1], horizonDays: Infinity }, 'HORIZON'],
  ])('refuses %s', (_, options, reason) => {
    const refused = expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT', reason } }) as Error
    expect(() => buildTrainingSet([], options)).toThrow(refused)
  })
})

const cdnow = realOrders('cdnow')
const retail = realOrders('online_retail')

describe.skipIf(cdnow === null)('the CDNOW orders (data)', () => {
  it('give protocols P1 and T the rows and labels that its papers count (data)', async () => {
    const histories = await readOrdersFile(cdnow ?? '')
    const [p1, t] = [
      buildTrainingSet(histories, { origins: [at('1997-10-01')], horizonDays: 273 }),
      buildTrainingSet(histories, { origins: [at('1997-06-01')], horizonDays: 122 }),
    ]
    expect([p1.n, t.n]).toEqual([23_570, 23_570])
    expect(p1.customerIds.filter((id) => Number(id) % 10 < 3)).toHaveLength(7_071)
    expect(p1.spend.reduce((sum, value) => sum + value, 0)).toBeCloseTo(776_961.13, 2)
    expect(p1.x.every(Number.isFinite)).toBe(true)
  })
})

describe.skipIf(retail === null)('the Online Retail orders (data)', () => {
  it('give protocol OR its customers, at rolling origins too (data)', async () => {
    const histories = await readOrdersFile(retail ?? '')
    const rolling = Array.from({ length: 6 }, (_, back) => at('2011-06-11') - back * 14 * dayMs)
    const test = buildTrainingSet(histories, { origins: [at('2011-09-10')], horizonDays: 91 })
    const train = buildTrainingSet(histories, { origins: rolling, horizonDays: 91 })
    expect([test.n, train.n]).toEqual([3_370, 15_007])
    expect(test.reference.countries.slice(0, 2)).toEqual(['United Kingdom', 'Germany'])
    expect(test.x.every(Number.isFinite) && features.length === test.d).toBe(true)
  })
})
