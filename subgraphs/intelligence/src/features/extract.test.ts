import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { features } from './catalogue.ts'
import { extractFeatures } from './extract.ts'
import type { CustomerHistory } from './history.ts'
import {
  absurdHistory,
  anyHistory,
  anyInstant,
  at,
  customer,
  emptyRow,
  interaction,
  order,
} from './history.test-kit.ts'
import { start, valuesOf } from './history.test-kit.ts'

const rowOf = (history: CustomerHistory, asOf: number): Float64Array => {
  const row = emptyRow()
  extractFeatures(history, asOf, row, 0)
  return row
}
const featuresOf = (history: CustomerHistory, asOf: number) => valuesOf(rowOf(history, asOf))

/** Each list of a history by itself. */
const eachList = (history: CustomerHistory, change: <T extends { at: number }>(facts: readonly T[]) => T[]) => ({
  ...history,
  orders: change(history.orders),
  interactions: change(history.interactions),
  events: change(history.events),
})

describe('extractFeatures', () => {
  it('describes a customer in figures', () => {
    const history = customer(
      [
        order('2025-01-04', 60, {
          at: at('2025-01-04', '09:30'),
          items: 3,
          lines: 2,
          skus: ['x', 'y'],
          categories: ['a', 'a'],
        }),
        order('2025-01-04', 40, {
          at: at('2025-01-04', '21:00'),
          discount: 10,
          discountedLines: 1,
          skus: ['x'],
          categories: ['b'],
        }),
        order('2025-02-13', 20, { refunded: 5, skus: ['x'] }),
        order('2025-04-04', 30),
        order('2025-04-10', 15, { isReturn: true }),
      ],
      {
        interactions: [
          interaction('2025-02-14', { sentiment: 0.2, resolvedHours: 12 }),
          interaction('2025-02-15', { kind: 'MESSAGE', channel: 'SMS' }),
          interaction('2025-03-16', { kind: 'SURVEY', sentiment: 0.8 }),
          interaction('2025-04-01', { kind: 'EMAIL_OPEN' }),
        ],
        events: [{ at: at('2025-04-13'), name: 'visit' }],
      },
    )
    expect(featuresOf(history, at('2025-04-14'))).toMatchObject({
      daysSinceLastOrder: 10,
      silenceToGap: 10 / 46,
      tenureDays: 100,
      activeSpanDays: 90,
      orders: 4,
      purchaseDays: 3,
      activeMonths: 3,
      purchaseDays28: 1,
      purchaseDays91: 2,
      purchaseDays182: 3,
      purchaseRate: 0.9,
      spend: 150,
      netSpend: 130,
      averageValue: 50,
      firstValue: 100,
      lastValue: 30,
      largestValue: 100,
      valueSpread: expect.closeTo(Math.sqrt((50 ** 2 + 30 ** 2 + 20 ** 2) / 2), 9) as number,
      lastToAverageValue: 0.6,
      spend91: 50,
      meanGap: 45,
      gapSpread: Math.sqrt(50),
      lastGap: 50,
      longestGap: 50,
      lateOrderShare: 1 / 3,
      lateSpendShare: 0.2,
      orderTrend: 1 / 3,
      spendTrend: -1 / 3,
      quarter1Share: 2 / 3,
      quarter2Share: 1 / 3,
      weekendShare: 1 / 3,
      meanHour: (9 + 21) / 4,
      itemsPerOrder: 1.5,
      linesPerOrder: 1.25,
      categories: 2,
      categoryEntropy: expect.closeTo(0.9183, 4) as number,
      products: 2,
      repeatProductShare: 1 / 3,
      averageUnitPrice: 25,
      discountShare: 10 / 160,
      discountedOrderShare: 0.25,
      discountedLineShare: 0.2,
      returns: 2,
      returnRate: 0.5,
      refundShare: 20 / 150,
      tickets: 1,
      tickets91: 1,
      averageSentiment: 0.5,
      sentimentTrend: expect.closeTo(0.8 * (2 / 3) + 0.2 / 3 - 0.5, 9) as number,
      resolutionHours: 12,
      emailShare: 0.5,
      messagingShare: 0.5,
      phoneShare: 0,
      opens91: 1,
      visits91: 1,
      pricePercentile: 0.5,
      countryShare: 0,
    })
  })

  it('halves recent activity every 30 days', () => {
    const history = customer([order('2025-03-01', 1)], { events: [{ at: at('2025-03-31'), name: 'visit' }] })
    expect(featuresOf(history, at('2025-03-31')).recentActivity).toBe(0.5)
    expect(featuresOf(history, at('2025-04-30')).recentActivity).toBe(0.75)
  })

  it('gives who never bought the values for missing', () => {
    const row = emptyRow().fill(7)
    expect(extractFeatures(customer([]), at('2025-01-01'), row, 0)).toBe(false)
    const values = valuesOf(row)
    const missing = features.map(({ name, missing }) => [name, missing === 'tenureDays' ? 0 : Number(missing)])
    expect(values).toEqual(Object.fromEntries(missing))
  })

  it('gives who bought once the tenure for every gap', () => {
    const values = featuresOf(customer([order('2025-01-01', 10)]), at('2025-01-31'))
    const gaps = features.filter(({ missing }) => missing === 'tenureDays').map(({ name }) => values[name])
    expect(gaps).toEqual([30, 30, 30])
    expect(values).toMatchObject({
      tenureDays: 30,
      silenceToGap: 30 / 31,
      gapSpread: 0,
      gapVariation: 0,
      valueSpread: 0,
    })
  })

  it('takes no return for a purchase, and a negative amount for a return', () => {
    const row = emptyRow()
    const returns = [order('2025-01-01', 10, { isReturn: true }), order('2025-01-02', -5)]
    expect(extractFeatures(customer(returns), at('2025-02-01'), row, 0)).toBe(false)
    expect(valuesOf(row)).toMatchObject({ orders: 0, spend: 0, netSpend: 0, returns: 2, returnRate: 0, refundShare: 1 })
  })

  it('knows how long a ticket took only once it was resolved', () => {
    const history = customer([], { interactions: [interaction('2025-01-01', { resolvedHours: 48 })] })
    expect(featuresOf(history, at('2025-01-03')).resolutionHours).toBe(0)
    expect(featuresOf(history, at('2025-01-03') + 1).resolutionHours).toBe(48)
  })

  it('sees nothing at or after the instant asked for', () => {
    fc.assert(
      fc.property(anyHistory, anyHistory, anyInstant, (history, other, asOf) => {
        const before = eachList(history, (facts) => facts.filter((fact) => fact.at < asOf))
        const future = eachList(other, (facts) => facts.filter((fact) => fact.at >= asOf))
        const changed = {
          ...before,
          orders: [...before.orders, ...future.orders],
          interactions: [...before.interactions, ...future.interactions],
          events: [...before.events, ...future.events],
        }
        expect(rowOf(changed, asOf)).toEqual(rowOf(history, asOf))
      }),
    )
  })

  it('does not care in which order facts come', () => {
    const shuffled = anyHistory.chain((history) =>
      fc
        .tuple(
          fc.shuffledSubarray([...history.orders], { minLength: history.orders.length }),
          fc.shuffledSubarray([...history.interactions], { minLength: history.interactions.length }),
          fc.shuffledSubarray([...history.events], { minLength: history.events.length }),
        )
        .map(([orders, interactions, events]) => [history, { ...history, orders, interactions, events }] as const),
    )
    fc.assert(
      fc.property(shuffled, anyInstant, ([one, other], asOf) => {
        expect(rowOf(other, asOf)).toEqual(rowOf(one, asOf))
      }),
    )
  })

  it('does not care in which order facts of one instant come', () => {
    fc.assert(
      fc.property(anyHistory, anyInstant, (history, asOf) => {
        const together = eachList(history, (facts) => facts.map((fact) => ({ ...fact, at: start })))
        const reversed = eachList(together, (facts) => facts.toReversed())
        expect(rowOf(reversed, asOf)).toEqual(rowOf(together, asOf))
      }),
    )
  })

  it('gives finite numbers within their range whatever it is given', () => {
    fc.assert(
      fc.property(absurdHistory, anyInstant, (history, asOf) => {
        const values = featuresOf(history, asOf)
        const wrong = features.filter(({ name, unit }) => {
          const least = unit === 'ratio' ? -Number.MAX_VALUE : 0
          const most = unit === 'share' || unit === 'sentiment' ? 1 : Number.MAX_VALUE
          return !(values[name] >= least && values[name] <= most)
        })
        expect(wrong).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  it('counts a million orders of one customer', () => {
    const first = order('2025-01-01', 0.1)
    const orders = Array.from({ length: 1000 }, (_, index) => {
      const one = { ...first, at: first.at + index * 10_000_000, skus: [`p${index}`] }
      return new Array<typeof one>(1000).fill(one)
    })
    expect(featuresOf(customer(orders.flat()), at('2026-01-01'))).toMatchObject({
      orders: 1_000_000,
      spend: 100_000,
      purchaseDays: 116,
      products: 1000,
      lastValue: 600,
    })
  })

  it('refuses instants that are none, and a row that does not fit', () => {
    const row = emptyRow()
    for (const asOf of [NaN, Infinity, 1e300])
      expect(() => extractFeatures(customer([]), asOf, row, 0)).toThrow(RangeError)
    for (const offset of [-1, 1, NaN])
      expect(() => extractFeatures(customer([]), start, row, offset)).toThrow(RangeError)
  })
})
