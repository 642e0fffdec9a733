import { createRandom } from '@quimbi/service/random.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { featureIndex, featureVersion } from '../features/catalogue.ts'
import { decodeModel, encodeModel } from '../learning/codec.ts'
import { takeRows, type Matrix } from '../learning/matrix.ts'
import { axisOf, namesOn, segmentIdsOf, shopOf } from './customers.test-kit.ts'
import { behaviorAxes } from './model.ts'
import { segmentName } from './segment-names.ts'
import { trainSegmentation } from './segments.ts'

const shop = shopOf(1_000, 1)
const model = trainSegmentation(shop, { seed: 7, outcomes: shop.outcomes })

/** The matrix with one column changed. */
function changed(m: Matrix, name: keyof typeof featureIndex, value: (old: number, row: number) => number): Matrix {
  const x = m.x.slice()
  for (let i = 0; i < m.n; i++) x[i * m.d + featureIndex[name]] = value(x[i * m.d + featureIndex[name]]!, i)
  return { ...m, x }
}

describe('the segments of a shop', () => {
  it('are 14 axes in the order of the contract, each with two to six segments here', () => {
    expect(model.axes.map(({ axis }) => axis)).toEqual(behaviorAxes)
    for (const { axis, segments } of model.axes) {
      expect(segments.length, axis).toBeGreaterThanOrEqual(2)
      expect(segments.length, axis).toBeLessThanOrEqual(6)
    }
  })

  it('have names of their own, described in words, and shares that add up to 1', () => {
    for (const { axis, segments, unknown } of model.axes) {
      expect(new Set(segments.map(({ name }) => name)).size).toBe(segments.length)
      const all = [...segments, unknown]
      expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
      expect(all.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12)
      expect(all.reduce((sum, { memberCount }) => sum + memberCount, 0)).toBe(shop.n)
      for (const { name, description } of segments) expect(description).toContain(segmentName(axis, name)!.words)
    }
  })

  it('are named after what their customers do', () => {
    expect(namesOn(model, 'PURCHASE_FREQUENCY')).toEqual(expect.arrayContaining(['one_time', 'power_buyer']))
    expect(namesOn(model, 'PURCHASE_VALUE')).toContain('whale')
    expect(namesOn(model, 'PRICE_SENSITIVITY')).toEqual(expect.arrayContaining(['deal_hunter']))
    expect(namesOn(model, 'RETURN_BEHAVIOR')).toContain('keeper')
    expect(namesOn(model, 'CHANNEL_PREFERENCE')).toEqual(['email_first', 'phone_first'])
    expect(namesOn(model, 'SENTIMENT_TREND')).toEqual(expect.arrayContaining(['delighted', 'frustrated']))
    expect(namesOn(model, 'SEASONALITY')).toEqual(expect.arrayContaining(['holiday_shopper', 'year_round']))
    expect(namesOn(model, 'SUPPORT_DEMAND')).toContain('self_reliant')
    const spend = ({ center }: { center: Record<string, number> }) => center['netSpend']!
    const { segments } = axisOf(model, 'PURCHASE_VALUE')
    expect(segments.reduce((most, one) => (spend(one) > spend(most) ? one : most)).name).toBe('whale')
  })

  it('say nothing of cadence for those who bought once', () => {
    const once = shop.kind.filter((kind) => kind === 0).length
    for (const axis of ['PURCHASE_CADENCE', 'REPURCHASE_LOYALTY', 'LOYALTY_TRAJECTORY'] as const)
      expect(axisOf(model, axis).unknown).toMatchObject({ name: 'not_enough_data', memberCount: once })
  })

  it('are the same for the same seed, and encode and decode', () => {
    const again = trainSegmentation(shop, { seed: 7, outcomes: shop.outcomes })
    expect(again).toEqual(model)
    const stamp = { kind: 'SEGMENTATION', version: 1, featureVersion }
    expect(decodeModel(encodeModel(model, stamp), stamp)).toEqual(model)
  })

  it('are one and "not enough data" where the shop does not record what an axis takes', () => {
    const silent = changed(
      changed(shop, 'returnRate', () => 0),
      'refundShare',
      () => 0,
    )
    const axis = axisOf(trainSegmentation(silent, { seed: 7 }), 'RETURN_BEHAVIOR')
    expect(axis.segments).toEqual([])
    expect(axis.unknown).toMatchObject({ name: 'not_enough_data', memberCount: shop.n, share: 1 })
  })

  it('are a single one where all customers are alike', () => {
    const alike = changed(shop, 'tenureDays', () => 365)
    const { segments } = axisOf(trainSegmentation(alike, { seed: 7 }), 'CUSTOMER_MATURITY')
    expect(segments).toMatchObject([{ name: 'established', share: 1, center: { tenureDays: 365 } }])
  })

  it('leave out those who never ordered', () => {
    const some = changed(shop, 'orders', (old, row) => (row % 3 === 0 ? 0 : old))
    const own = trainSegmentation(some, { seed: 7, outcomes: shop.outcomes })
    expect(own.trainedOn).toBe(666)
    const rows = Uint32Array.from({ length: shop.n }, (_, row) => row).filter((row) => row % 3 !== 0)
    expect(own).toEqual(
      trainSegmentation(takeRows(shop, rows), {
        seed: 7,
        outcomes: {
          ltv: shop.outcomes.ltv.filter((_, i) => i % 3 !== 0),
          churn: shop.outcomes.churn.filter((_, i) => i % 3 !== 0),
        },
      }),
    )
  })

  it('are found in a handful of customers too, all unknown', () => {
    const few = trainSegmentation(takeRows(shop, [0, 1, 2]), { seed: 1 })
    expect(few.axes.every(({ segments, unknown }) => segments.length === 0 && unknown.share === 1)).toBe(true)
    expect(few.tree.archetypes.map(({ name, share }) => [name, share])).toEqual(Array(3).fill(['All customers', 1]))
  })

  it.each([
    ['rows of another width', () => trainSegmentation({ x: new Float64Array(6), n: 2, d: 3 }, { seed: 1 })],
    [
      'numbers that are none',
      () =>
        trainSegmentation(
          changed(shop, 'netSpend', () => NaN),
          { seed: 1 },
        ),
    ],
    ['outcomes of others', () => trainSegmentation(shop, { seed: 1, outcomes: shopOf(10, 1).outcomes })],
    [
      'customers without orders',
      () =>
        trainSegmentation(
          changed(shop, 'orders', () => 0),
          { seed: 1 },
        ),
    ],
  ])('refuse %s', (_, train) => {
    expect(train).toThrow(expect.objectContaining({ extensions: expect.objectContaining({ code: 'BAD_USER_INPUT' }) }))
  })
})

describe('training again', () => {
  const before = segmentIdsOf(model, shop)

  it('keeps nearly all customers in the segment of the same id, on any resample', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (drawn, seed) => {
        const random = createRandom(drawn)
        const rows = Uint32Array.from({ length: shop.n }, () => Math.floor(random() * shop.n))
        const next = trainSegmentation(takeRows(shop, rows), { seed, previous: model })
        const after = segmentIdsOf(next, shop)
        for (const [a, axis] of behaviorAxes.entries()) {
          const own = before.flatMap((id, at) => (at % behaviorAxes.length === a ? [id === after[at]] : []))
          expect(own.filter(Boolean).length / shop.n, axis).toBeGreaterThanOrEqual(0.95)
        }
      }),
      { numRuns: 5 },
    )
  }, 120_000)

  it('gives what is new a new id, and keeps those of the rest', () => {
    const grown = shopOf(1_000, 2)
    const rich = changed(grown, 'refundShare', (old, row) => (row % 5 === 0 ? 1 : old))
    const next = trainSegmentation(
      changed(rich, 'returnRate', (old, row) => (row % 5 === 0 ? 0.9 : old)),
      {
        seed: 3,
        previous: model,
      },
    )
    const [old, now] = [axisOf(model, 'RETURN_BEHAVIOR'), axisOf(next, 'RETURN_BEHAVIOR')]
    const keeper = old.segments.find(({ name }) => name === 'keeper')!
    expect(now.segments.find(({ name }) => name === 'keeper')).toMatchObject({ id: keeper.id, serial: keeper.serial })
    const fresh = now.segments.filter(({ id }) => !old.segments.some((one) => one.id === id))
    expect(fresh.length).toBeGreaterThan(0)
    for (const { serial } of fresh) expect(serial).toBeGreaterThan(old.lastSerial)
    expect(now.lastSerial).toBe(old.lastSerial + fresh.length)
  })

  it('never gives a number twice, not even after an axis went silent', () => {
    const silent = changed(
      changed(shop, 'returnRate', () => 0),
      'refundShare',
      () => 0,
    )
    const between = trainSegmentation(silent, { seed: 3, previous: model })
    const { lastSerial, segments } = axisOf(trainSegmentation(shop, { seed: 3, previous: between }), 'RETURN_BEHAVIOR')
    const old = axisOf(model, 'RETURN_BEHAVIOR')
    expect(Math.min(...segments.map(({ serial }) => serial))).toBe(old.lastSerial + 1)
    expect(lastSerial).toBe(old.lastSerial + segments.length)
  })

  it('begins afresh after a model of other axes', () => {
    const next = trainSegmentation(shop, { seed: 7, previous: { ...model, version: '0' }, outcomes: shop.outcomes })
    expect(next).toEqual(model)
  })
})
