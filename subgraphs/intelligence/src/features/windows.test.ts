import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { extractFeatures } from './extract.ts'
import { dayMs } from './facts.ts'
import type { CustomerHistory } from './history.ts'
import { anyHistory, anyInstant, emptyRow, valuesOf } from './history.test-kit.ts'

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
const mean = (numbers: readonly number[]) => sum(numbers) / numbers.length
const spread = (numbers: readonly number[]) =>
  numbers.length < 2 ? 0 : Math.sqrt(sum(numbers.map((number) => (number - mean(numbers)) ** 2)) / (numbers.length - 1))
const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole)

/** The same from the definitions, with no thought of speed; for customers with a purchase. */
function oracle({ orders, interactions, events }: CustomerHistory, asOf: number) {
  const today = Math.floor(asOf / dayMs)
  const dayOf = (fact: { at: number }) => Math.floor(fact.at / dayMs)
  const past = orders.filter((order) => order.at < asOf && !order.isReturn)
  if (past.length === 0) return null
  const days = [...new Set(past.map(dayOf))].sort((a, b) => a - b)
  const values = days.map((day) => sum(past.filter((order) => dayOf(order) === day).map(({ amount }) => amount)))
  const gaps = days.slice(1).map((day, index) => day - (days[index] ?? NaN))
  const first = days[0] ?? NaN
  const tenure = today - first
  const daysFrom = (day: number) => days.filter((other) => other >= day).length
  const spendFrom = (day: number) => sum(values.filter((_, index) => (days[index] ?? NaN) >= day))
  const recent = (facts: readonly { at: number }[]) =>
    facts.filter((fact) => fact.at < asOf && dayOf(fact) >= today - 91).length
  const last91 = daysFrom(today - 91)
  const spend91 = spendFrom(today - 91)
  return {
    purchaseDays28: daysFrom(today - 28),
    purchaseDays91: last91,
    purchaseDays182: daysFrom(today - 182),
    purchaseDays364: daysFrom(today - 364),
    spend28: spendFrom(today - 28),
    spend91,
    spend182: spendFrom(today - 182),
    spend364: spendFrom(today - 364),
    orderTrend: share(2 * last91 - daysFrom(today - 182), daysFrom(today - 182)),
    spendTrend: share(2 * spend91 - spendFrom(today - 182), spendFrom(today - 182)),
    lateOrderShare: daysFrom(first + tenure / 2) / days.length,
    lateSpendShare: share(spendFrom(first + tenure / 2), sum(values)),
    meanGap: gaps.length === 0 ? tenure : mean(gaps),
    gapSpread: spread(gaps),
    longestGap: gaps.length === 0 ? tenure : Math.max(...gaps),
    averageValue: mean(values),
    valueSpread: spread(values),
    largestValue: Math.max(...values),
    activeMonths: new Set(days.map((day) => new Date(day * dayMs).toISOString().slice(0, 7))).size,
    weekendShare: days.filter((day) => [0, 6].includes(new Date(day * dayMs).getUTCDay())).length / days.length,
    tickets91: recent(interactions.filter(({ kind }) => kind === 'SUPPORT_TICKET')),
    opens91: recent(interactions.filter(({ kind }) => kind === 'EMAIL_OPEN')),
    clicks91: recent(interactions.filter(({ kind }) => kind === 'EMAIL_CLICK')),
    visits91: recent(events),
  }
}

describe('features of windows, gaps and days', () => {
  it('are what their definitions say', () => {
    let compared = 0
    fc.assert(
      fc.property(anyHistory, anyInstant, (history, asOf) => {
        const expected = oracle(history, asOf)
        if (expected === null) return
        compared += 1
        const row = emptyRow()
        extractFeatures(history, asOf, row, 0)
        const values = valuesOf(row)
        for (const [name, value] of Object.entries(expected))
          expect(values[name as keyof typeof expected], name).toBeCloseTo(value, 6)
      }),
      { numRuns: 300 },
    )
    expect(compared).toBeGreaterThan(100)
  })
})
