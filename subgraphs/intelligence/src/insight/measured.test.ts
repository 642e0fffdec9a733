// What the insights are worth on real orders, beside the naive answer to the same question. The figures that these floors were set
// under are in the documentation; constants were chosen on the earlier origins, these are the later ones.
import { available } from '@quimbi/testing/availability.ts'
import { describe, expect, it } from 'vitest'
import { dayMs } from '../features/facts.ts'
import type { CustomerHistory } from '../features/history.ts'
import { auc } from '../learning/metrics.ts'
import { fitParetoNbd } from '../ltv/btyd.ts'
import { paretoNbdAnyPurchase } from '../ltv/btyd-pareto-nbd.ts'
import { concordance } from './concordance.ts'
import { ownedBefore } from './content.ts'
import { engagementOf, engagementRaw, trainEngagement } from './engagement.ts'
import { createLocalTime } from './local-time.ts'
import { nextPurchaseOf } from './next-purchase.ts'
import { gapsOf } from './purchases.ts'
import { createRecommender } from './recommend.ts'
import { hasRealData, readCdnow, readRetail } from './retail.test-kit.ts'
import { createTimingTrainer, rhythmOf, type Rhythm } from './timing.ts'
import { createContentTrainer } from './train-content.ts'
import { createNextPurchaseTrainer } from './train-next-purchase.ts'
import { buyerOf } from './waiting.ts'

const retail = hasRealData() ? readRetail() : []
const origin = Date.parse('2011-09-10')

/** The first purchase from an origin on, within some days. */
const nextOrder = ({ orders }: CustomerHistory, from: number, days: number) =>
  orders.find((order) => !order.isReturn && order.at >= from && order.at < from + days * dayMs)

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

function waits(histories: readonly CustomerHistory[], from: number, days: number) {
  const trainer = createNextPurchaseTrainer({ asOf: from, seed: 1, rows: 60_000 })
  for (const one of histories) trainer.add(one)
  const model = trainer.finish()
  const customers = histories.flatMap((one) => {
    const buyer = buyerOf(one, from)
    const next = nextOrder(one, from, days)
    return buyer ? [{ buyer, next, told: nextPurchaseOf(model, buyer, from) }] : []
  })
  const column = (value: (one: (typeof customers)[number]) => number) => Float64Array.from(customers, value)
  const last = ({ purchases }: (typeof customers)[number]['buyer']) => purchases.at(-1) ?? from
  const first = ({ purchases }: (typeof customers)[number]['buyer']) => purchases[0] ?? from
  const weeks = (ms: number) => ms / (7 * dayMs)
  const stats = {
    frequency: column(({ buyer }) => buyer.purchases.length - 1),
    recency: column(({ buyer }) => weeks(last(buyer) - first(buyer))),
    age: column(({ buyer }) => weeks(from - first(buyer))),
    meanValue: column(() => 0),
  }
  const pareto = fitParetoNbd(stats)
  const row = (i: number) => ({
    frequency: stats.frequency[i] ?? 0,
    recency: stats.recency[i] ?? 0,
    age: stats.age[i] ?? 0,
    meanValue: 0,
  })
  const waited = column(({ next }) => (next ? next.at - from : days * dayMs))
  const seen = column(({ next }) => (next ? 1 : 0))
  const score = (predicted: Float64Array) => concordance(predicted, waited, seen)
  return {
    expectedAt: score(column(({ told }) => told.expectedAt)),
    probability: score(column(({ told }) => -told.probability30Days)),
    lastGapRepeats: score(
      column(({ buyer }) => last(buyer) + (gapsOf(buyer.purchases).at(-1) ?? model.typicalGap) * dayMs),
    ),
    paretoNbd: score(Float64Array.from(customers, (_, i) => -paretoNbdAnyPurchase(pareto, row(i), days / 7))),
    predicted30: mean(customers.map(({ told }) => told.probability30Days)),
    bought30: mean(customers.map(({ next }) => (next && next.at < from + 30 * dayMs ? 1 : 0))),
  }
}

describe.skipIf(!available('the real orders', hasRealData()))('on real orders (data)', { timeout: 180_000 }, () => {
  it.each<[string, () => readonly CustomerHistory[], number, number]>([
    ['Online Retail', () => retail, origin, 91],
    ['every third of CDNOW', () => readCdnow().filter((_, index) => index % 3 === 0), Date.parse('1997-10-01'), 122],
  ])('the next purchase is ordered better than by the last gap or by Pareto/NBD: %s', (_, histories, from, days) => {
    const measured = waits(histories(), from, days)
    expect(measured.probability).toBeGreaterThan(measured.paretoNbd)
    expect(measured.expectedAt).toBeGreaterThan(measured.paretoNbd - 0.005)
    expect(measured.expectedAt).toBeGreaterThan(measured.lastGapRepeats + 0.2)
    expect(Math.abs(measured.predicted30 - measured.bought30)).toBeLessThan(0.05)
  })

  it('five recommended products hold one of the next order more often than the five most popular', () => {
    const trainer = createContentTrainer({ asOf: origin })
    const orders = new Map<string, number>()
    for (const one of retail) {
      trainer.add(one)
      for (const order of one.orders) {
        if (order.at >= origin || order.isReturn) continue
        for (const sku of new Set(order.skus)) orders.set(sku, (orders.get(sku) ?? 0) + 1)
      }
    }
    const recommend = createRecommender(trainer.finish())
    const popular = [...orders].sort(([, a], [, b]) => b - a).map(([sku]) => sku)
    const hits = retail.flatMap((one) => {
      const owned = ownedBefore(one, origin)
      const next = new Set(nextOrder(one, origin, 91)?.skus)
      if (owned.length === 0 || next.size === 0) return []
      const bought = new Set(owned)
      const five = recommend({ owned, goal: 'RETAIN', first: 5 })
      const naive = popular.filter((sku) => !bought.has(sku)).slice(0, 5)
      return [
        {
          ours: five.some(({ sku }) => next.has(sku)) ? 1 : 0,
          naive: naive.some((sku) => next.has(sku)) ? 1 : 0,
          told: five.reduce((sum, { probability }) => sum + probability, 0),
          held: five.filter(({ sku }) => next.has(sku)).length,
        },
      ]
    })
    expect(hits.length).toBeGreaterThan(1_000)
    expect(mean(hits.map(({ ours }) => ours))).toBeGreaterThan(1.5 * mean(hits.map(({ naive }) => naive)))
    expect(mean(hits.map(({ told }) => told)) / mean(hits.map(({ held }) => held))).toBeGreaterThan(0.5)
    expect(mean(hits.map(({ told }) => told)) / mean(hits.map(({ held }) => held))).toBeLessThan(2)
  })

  it('the hour and weekday of the next order are likelier by a customer’s own than by the shop’s alone', () => {
    const localTime = createLocalTime('UTC') // the file's times are the shop's own
    const trainer = createTimingTrainer(localTime, origin)
    for (const one of retail) trainer.add(one)
    const model = trainer.finish()
    const chance = ({ hours, weekdays }: Pick<Rhythm, 'hours' | 'weekdays'>, at: number) => {
      const { hour, weekday } = localTime(at)
      return Math.log(hours[hour] ?? 0) + Math.log(weekdays[weekday] ?? 0)
    }
    const gains = retail.flatMap((one) => {
      const next = nextOrder(one, origin, 91)
      const rhythm = rhythmOf(model, one, localTime, origin)
      return next && rhythm.signs > 0 ? [chance(rhythm, next.at) - chance(model, next.at)] : []
    })
    expect(mean(gains)).toBeGreaterThan(0.03)
  })

  it('engagement tells who buys within 30 days better than how long ago the last order was', () => {
    const spread = trainEngagement(retail.map((one) => engagementRaw(one, origin)))
    const customers = retail.flatMap((one) => {
      const { purchases } = buyerOf(one, origin) ?? { purchases: [] }
      const last = purchases.at(-1)
      const score = engagementOf(spread, one, origin)?.score ?? 0
      return last === undefined ? [] : [{ score, last, bought: nextOrder(one, origin, 30) ? 1 : 0 }]
    })
    const bought = customers.map((one) => one.bought)
    expect(
      auc(
        bought,
        customers.map(({ score }) => score),
      ),
    ).toBeGreaterThan(
      auc(
        bought,
        customers.map(({ last }) => last),
      ) + 0.03,
    )
  })
})
