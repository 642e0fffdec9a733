import { createRandom } from '@quimbi/service/random.ts'
import { describe, expect, it } from 'vitest'
import { dayMs } from '../features/facts.ts'
import type { CustomerHistory } from '../features/history.ts'
import { decodeModel, encodeModel } from '../learning/codec.ts'
import { daysAgo, history, now, order } from './facts.test-kit.ts'
import { nextPurchaseOf } from './next-purchase.ts'
import { createNextPurchaseTrainer } from './train-next-purchase.ts'
import { buyerOf } from './waiting.ts'

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

describe('the next purchase', () => {
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
