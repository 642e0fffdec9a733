import { createRandom } from '@quimbi/service/random.ts'
import { describe, expect, it } from 'vitest'
import { dayMs } from '../features/facts.ts'
import type { CustomerHistory } from '../features/history.ts'
import { rawBoosterOne } from '../learning/boosting.ts'
import { decodeModel, encodeModel } from '../learning/codec.ts'
import { logisticScore } from '../learning/logistic.ts'
import { sigmoid } from '../learning/objectives.ts'
import { daysAgo, history, now, order } from './facts.test-kit.ts'
import { nextPurchaseOf } from './next-purchase.ts'
import { createNextPurchaseTrainer } from './train-next-purchase.ts'
import { buyerOf, waitingAfter, waitingColumns, writeWaiting } from './waiting.ts'

/** Half buy about weekly, half about every sixty days, for two years; the gaps are geometric in days, so the true hazard is flat. */
function shop(customers: number): CustomerHistory[] {
  const random = createRandom(7)
  return Array.from({ length: customers }, (_, index) => {
    const mean = index % 2 === 0 ? 7 : 60
    const orders = []
    for (let at = daysAgo(730); at < now + 200 * dayMs; at += Math.ceil(-mean * Math.log(1 - random())) * dayMs)
      orders.push(order(at))
    return history(orders, [], [], `customer-${index}`)
  })
}

function trained(histories: readonly CustomerHistory[], rows = 30_000) {
  const trainer = createNextPurchaseTrainer({ asOf: now, seed: 3, rows })
  for (const one of histories) trainer.add(one)
  return trainer.finish()
}

const customers = shop(120)
const model = trained(customers)
const next = (one: CustomerHistory, asOf = now) => {
  const buyer = buyerOf(one, asOf)
  if (!buyer) throw new Error('No purchase before that.')
  return nextPurchaseOf(model, buyer, asOf)
}

/** The definition: the share that still waits after so many days, of those who had waited `since` days; each step judged by its middle week. */
function stillWaiting(one: CustomerHistory, since: number, days: number): number {
  const buyer = buyerOf(one, now) ?? { purchases: [], values: [] }
  const waiting = waitingAfter(buyer, buyer.purchases.length, model.typicalGap)
  const { logistic, booster, weights } = model
  let [share, week] = [1, 0]
  for (const weeks of [...Array<number>(12).fill(1), ...Array<number>(23).fill(4)]) {
    const row = new Float64Array(waitingColumns)
    writeWaiting(waiting, since + 7 * week + 3.5 * (weeks - 1), row, 0)
    const score = weights.logistic * logisticScore(logistic, row) + weights.booster * rawBoosterOne(booster, row)
    const inStep = Math.min(weeks, Math.max(0, days / 7 - week))
    share *= (1 - sigmoid(weights.intercept + score)) ** inStep
    week += weeks
  }
  return share
}

describe('the next purchase', () => {
  it('is what the models say of each week by itself', () => {
    for (const one of customers) {
      const { expectedAt, probability30Days, repurchaseDays } = next(one)
      const waited = (now - (buyerOf(one, now)?.purchases.at(-1) ?? now)) / dayMs
      expect(1 - stillWaiting(one, waited, 30)).toBeCloseTo(probability30Days, 12)
      expect(stillWaiting(one, waited, (expectedAt - now) / dayMs)).toBeCloseTo(0.5, 7)
      const end = stillWaiting(one, 0, 104 * 7)
      expect(stillWaiting(one, 0, repurchaseDays)).toBeCloseTo((1 + end) / 2, 10)
    }
  })

  it('is as likely within 30 days as it was, thinned rows or not', () => {
    for (const [kind, share] of [
      [0, 1 - Math.exp(-30 / 7)],
      [1, 1 - Math.exp(-30 / 60)],
    ] as const) {
      const own = customers.filter((_, index) => index % 2 === kind).map((one) => next(one).probability30Days)
      expect(own.reduce((sum, one) => sum + one, 0) / own.length).toBeCloseTo(share, 1)
    }
  })

  it('comes at the median wait, and the repurchase gap is the median gap', () => {
    const slow = customers.filter((_, index) => index % 2 === 1).map((one) => next(one))
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
    expect(mean(slow.map(({ expectedAt }) => (expectedAt - now) / dayMs))).toBeGreaterThan(30)
    expect(mean(slow.map(({ expectedAt }) => (expectedAt - now) / dayMs))).toBeLessThan(55)
    expect(mean(slow.map(({ repurchaseDays }) => repurchaseDays))).toBeGreaterThan(30)
    expect(mean(slow.map(({ repurchaseDays }) => repurchaseDays))).toBeLessThan(55)
  })

  it('lies ahead, with a finite date, even for one who was silent for a century', () => {
    const { expectedAt, probability30Days, repurchaseDays } = next(history([order(daysAgo(36_500))]))
    expect(expectedAt).toBeGreaterThan(now)
    expect(Number.isFinite(new Date(expectedAt).getTime())).toBe(true)
    expect(probability30Days).toBeGreaterThanOrEqual(0)
    expect(probability30Days).toBeLessThanOrEqual(1)
    expect(repurchaseDays).toBeLessThan(730)
  })

  it('is the same for the same seed, in any order of customers, and after storage', () => {
    expect(trained(customers.toReversed())).toEqual(model)
    const stamp = { kind: 'REPURCHASE', version: 1, featureVersion: '1' }
    expect(decodeModel(encodeModel(model, stamp), stamp)).toEqual(model)
  })

  it('learns nothing from what comes at or after the instant', () => {
    const cut = customers.map((one) => ({ ...one, orders: one.orders.filter(({ at }) => at < now) }))
    expect(trained(cut)).toEqual(model)
    expect(customers.some(({ orders }) => orders.some(({ at }) => at >= now))).toBe(true)
  })

  it('knows a buyer only by purchases before the instant', () => {
    expect(buyerOf(history([]), now)).toBeNull()
    expect(buyerOf(history([order(now), order(NaN), order(daysAgo(3), { isReturn: true })]), now)).toBeNull()
    const twice = history([order(daysAgo(2) + 5), order(daysAgo(2), { amount: NaN }), order(daysAgo(9), { amount: 7 })])
    expect(buyerOf(twice, now)).toEqual({ purchases: [daysAgo(9), daysAgo(2)], values: [7, 10] })
  })

  it('is refused below 50 repeat purchases', () => {
    const few = Array.from({ length: 49 }, (_, index) =>
      history([order(daysAgo(300)), order(daysAgo(200))], [], [], `few-${index}`),
    )
    expect(() => trained(few)).toThrow(
      expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT', reason: 'INSUFFICIENT_DATA' } }),
    )
    expect(() => trained([])).toThrow(expect.objectContaining({ extensions: expect.anything() as unknown }))
  })
})
