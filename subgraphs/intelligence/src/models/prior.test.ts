import { describe, expect, it } from 'vitest'
import { dnaIn, headlineOf, ltvOf, profileOf } from '../analysis/analyse.ts'
import { paceOf, plainCustomer } from '../churn/pace.ts'
import type { Dna } from '../dna/profile.ts'
import { encodeModel } from '../learning/codec.ts'
import { bundleStamp } from '../analysis/bundle.ts'
import { featureVersion } from '../features/catalogue.ts'
import { createTrainingSet } from '../features/training-set.ts'
import { imagineShop } from './imagine.ts'
import { priorBundle } from './prior.ts'

const asOf = Date.UTC(2026, 5, 1)

describe('the shipped models', () => {
  const prior = priorBundle({ meanOrderValue: 40, horizonDays: 90 })

  it('are the same each time they are made', () => {
    const stamp = { ...bundleStamp, featureVersion }
    const again = priorBundle({ meanOrderValue: 40, horizonDays: 90 })
    expect(Buffer.compare(encodeModel(prior, stamp), encodeModel(again, stamp))).toBe(0)
  })

  it('compare a rhythm with the mean customer of the shop that they were learnt from', () => {
    const set = createTrainingSet({ origins: [asOf], horizonDays: 1 })
    for (const history of imagineShop(3_000, { asOf, value: 40, seed: 1 })) set.add(history)
    const { typical } = paceOf(prior.churn.rhythm, 90, set.finish())
    typical.forEach((mean, column) => expect((plainCustomer[column] ?? 0) / mean).toBeCloseTo(1, 1))
  })

  it('say that they are no tenant’s own', () => {
    expect([prior.source, prior.trainedOn, prior.version.startsWith('prior')]).toEqual(['PRIOR', 0, true])
  })

  it('speak the tenant’s money: at ten times the prices, ten times the spend', () => {
    const dear = priorBundle({ meanOrderValue: 400, horizonDays: 90 })
    const cheapShop = imagineShop(50, { asOf, value: 40, seed: 3 })
    const dearShop = imagineShop(50, { asOf, value: 400, seed: 3 })
    for (const [index, history] of cheapShop.entries()) {
      const one = ltvOf(prior, profileOf(prior, history, asOf))?.amount ?? 0
      const other = ltvOf(dear, profileOf(dear, dearShop[index]!, asOf))?.amount ?? 0
      expect(other / one).toBeCloseTo(10, 3)
    }
  })

  it('say nothing of what a shop does not record, and are the less sure', () => {
    const told = imagineShop(200, { asOf, value: 40, seed: 5 })
      .filter(({ orders }) => orders.length > 2)
      .map((history) => {
        const orders = history.orders
          .filter(({ isReturn }) => !isReturn)
          .map((order) => ({ ...order, discount: 0, discountedLines: 0 }))
        const plain = { ...history, orders, interactions: [], events: [] }
        const opened = { kind: 'EMAIL_OPEN', channel: 'EMAIL', at: asOf - 86_400_000, sentiment: null } as const
        const reading = { ...plain, interactions: [{ ...opened, resolvedHours: null }] }
        return [plain, reading].map((one) => dnaIn(prior, profileOf(prior, one, asOf))!)
      })
    const unknown = (dna: Dna) => dna.axes.filter(({ dominant }) => dominant.serial === 0).map(({ axis }) => axis)
    const unrecorded = ['PRICE_SENSITIVITY', 'RETURN_BEHAVIOR', 'CHANNEL_PREFERENCE', 'ENGAGEMENT', 'SUPPORT_DEMAND']
    expect(told.length).toBeGreaterThan(30)
    for (const [plain, reading] of told as [Dna, Dna][]) {
      expect(unknown(plain)).toEqual(expect.arrayContaining([...unrecorded, 'SENTIMENT_TREND']))
      expect(unknown(reading)).not.toContain('ENGAGEMENT')
      expect(reading.axes.find(({ axis }) => axis === 'ENGAGEMENT')!.dominant.name).not.toBe('not_enough_data')
      expect(plain.confidence).toBeLessThan(reading.confidence)
      expect(plain.axes.find(({ axis }) => axis === 'PURCHASE_VALUE')!.dominant.serial).toBeGreaterThan(0)
    }
  })

  it('know a regular from one who has long gone', () => {
    const order = {
      amount: 40,
      refunded: 0,
      items: 1,
      lines: 1,
      discount: 0,
      discountedLines: 0,
      isReturn: false,
      skus: [],
      categories: [],
    }
    const day = 86_400_000
    const buying = (days: number[]) => ({
      ...{ customerId: 'x', country: null, interactions: [], events: [] },
      orders: days.map((ago) => ({ ...order, at: asOf - ago * day })),
    })
    const regular = headlineOf(
      prior,
      profileOf(prior, buying([300, 270, 240, 210, 180, 150, 120, 90, 60, 30, 5]), asOf),
    )
    const gone = headlineOf(prior, profileOf(prior, buying([700]), asOf))
    expect(regular.churnRisk).toBeLessThan(0.3)
    expect(gone.churnRisk).toBeGreaterThan(0.7)
    expect(regular.ltv ?? 0).toBeGreaterThan(5 * (gone.ltv ?? 0))
  })
})

describe('imagined customers', () => {
  it('have done nothing at or after the day they stand at, and each began with an order', () => {
    const shop = imagineShop(500, { asOf, value: 40, seed: 5 })
    for (const { orders, interactions, events } of shop) {
      expect([...orders, ...interactions, ...events].every(({ at }) => at < asOf)).toBe(true)
      expect(orders.some(({ isReturn }) => !isReturn)).toBe(true)
      expect(orders.map(({ at }) => at)).toEqual(orders.map(({ at }) => at).sort((a, b) => a - b))
    }
  })
})
