import { describe, expect, it } from 'vitest'
import { addPeriods, cohortsOf, periodAt } from './cohorts.ts'

const day = (text: string) => new Date(`${text}T00:00:00Z`)

describe('a period', () => {
  it.each([
    ['WEEK', '2026-11-22T23:59:59Z', '2026-11-16'],
    ['WEEK', '2026-11-23T00:00:00Z', '2026-11-23'],
    ['WEEK', '2026-01-01T12:00:00Z', '2025-12-29'],
    ['MONTH', '2024-02-29T12:00:00Z', '2024-02-01'],
    ['QUARTER', '2026-03-31T23:59:59Z', '2026-01-01'],
    ['QUARTER', '2026-12-01T00:00:00Z', '2026-10-01'],
  ] as const)('of a %s holds %s', (by, instant, start) => {
    const period = periodAt(by, new Date(instant))
    expect(period.toISOString().slice(0, 10)).toBe(start)
    for (const count of [-59, -1, 0, 1, 30])
      expect(periodAt(by, addPeriods(by, period, count))).toEqual(addPeriods(by, period, count))
    expect(addPeriods(by, addPeriods(by, period, -59), 59)).toEqual(period)
  })
})

describe('cohorts', () => {
  const cell = (startsAt: string, period: string, customers: number) => ({
    ...{ startsAt: day(startsAt), period: day(period), customers },
    ...{ orders: 2 * customers, revenue: 10 * customers },
  })
  const cells = [
    cell('2026-08-01', '2026-08-01', 4),
    cell('2026-08-01', '2026-10-01', 1),
    cell('2026-10-01', '2026-10-01', 2),
  ]

  it.each([
    ['RETENTION', [1, 0, 0.25, 0], [1, 0]],
    ['ORDERS', [8, 0, 2, 0], [4, 0]],
    ['REVENUE', [40, 0, 10, 0], [20, 0]],
  ] as const)('have a value of %s for each period to now, 0 where nothing happened', (metric, august, october) => {
    expect(cohortsOf(cells, { by: 'MONTH', metric }, day('2026-11-01'))).toEqual([
      { startsAt: day('2026-08-01'), size: 4, values: august },
      { startsAt: day('2026-10-01'), size: 2, values: october },
    ])
  })

  it('are none of nobody', () => {
    expect(cohortsOf([], { by: 'WEEK', metric: 'ORDERS' }, day('2026-11-16'))).toEqual([])
  })
})
