import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { asOf, madeUpCustomers } from '../churn/made-up.test-kit.ts'
import { levelOf } from '../churn/model.ts'
import { scoreOneChurn } from '../churn/predict.ts'
import { features, featureVersion } from '../features/catalogue.ts'
import { extractFeatures } from '../features/extract.ts'
import { dayMs } from '../features/facts.ts'
import type { CustomerHistory } from '../features/history.ts'
import { absurdHistory, anyHistory, customer, end, order, start } from '../features/history.test-kit.ts'
import { decodeModel, encodeModel } from '../learning/codec.ts'
import { churnOf, dnaIn, guidanceFor, headlineOf, ltvOf, profileOf } from './analyse.ts'
import { bundleStamp, type ModelBundle } from './bundle.ts'
import { trainBundle, type TrainingInput } from './train-bundle.ts'

const stamp = { ...bundleStamp, featureVersion }
const horizonDays = 60
const shop = madeUpCustomers(250, 1)
const training: TrainingInput = { histories: shop, asOf, firstOrderAt: asOf - 400 * dayMs, horizonDays, seed: 5 }

let bundle: ModelBundle
const progress: number[] = []
beforeAll(async () => {
  bundle = await trainBundle({ ...training, onProgress: (share) => void progress.push(share) })
})

/** All that is said of a customer. */
const said = (models: ModelBundle, history: CustomerHistory, at: number) => {
  const profile = profileOf(models, history, at)
  return {
    profile,
    churn: churnOf(models, profile),
    ltv: ltvOf(models, profile),
    dna: dnaIn(models, profile),
    headline: headlineOf(models, profile),
  }
}

describe('a training of all models', () => {
  it('says how far it is, and what it learnt from', () => {
    expect(progress).toEqual(progress.toSorted((a, b) => a - b))
    expect(progress.every((share) => share > 0 && share <= 1)).toBe(true)
    expect(bundle).toMatchObject({ source: 'OWN', version: 'own-2024-07-01-5', trainedOn: 250, seed: 5, asOf })
    expect(bundle.churn.horizonDays).toBe(horizonDays)
    expect(bundle.repurchase).not.toBeNull()
  })

  it('gives the same for the same seed, whether the histories are at hand or come one by one', async () => {
    async function* streamed() {
      yield* shop
    }
    const again = await trainBundle({ ...training, histories: streamed() })
    expect(Buffer.from(encodeModel(again, stamp)).equals(encodeModel(bundle, stamp))).toBe(true)
  })

  it('sees nothing from its instant on', async () => {
    const later = shop.map((history) => ({
      ...history,
      orders: [
        ...history.orders,
        order('2024-01-01', 999, { at: asOf }),
        order('2024-01-01', 999, { at: asOf + dayMs }),
      ],
    }))
    const again = await trainBundle({ ...training, histories: later })
    expect(Buffer.from(encodeModel(again, stamp)).equals(encodeModel(bundle, stamp))).toBe(true)
  })

  it('is whole after it was kept', () => {
    const kept = decodeModel<ModelBundle>(encodeModel(bundle, stamp), stamp)
    for (const history of shop.slice(0, 20)) expect(said(kept, history, asOf)).toEqual(said(bundle, history, asOf))
  })

  it('leaves out the next purchase where hardly anybody bought twice, and needs somebody at all', async () => {
    const again = order('2024-05-20', 40)
    const once = shop.map((history, index) => {
      const first = history.orders.slice(0, 1)
      return { ...history, orders: index < 3 ? [...first, again] : first }
    })
    const without = await trainBundle({ ...training, histories: once })
    expect(without.repurchase).toBeNull()
    expect(profileOf(without, once[0] ?? customer([]), asOf).nextPurchase).toBeNull()
    await expect(trainBundle({ ...training, histories: [] })).rejects.toMatchObject({
      extensions: { reason: 'INSUFFICIENT_DATA' },
    })
  })
})

describe('a profile', () => {
  const instant = fc.integer({ min: start + 200 * dayMs, max: end })

  it('is made of what lies before its instant alone', () => {
    fc.assert(
      fc.property(anyHistory, instant, (history, at) => {
        const past = <T extends { at: number }>(facts: readonly T[]) => facts.filter((fact) => fact.at < at)
        const then = {
          ...history,
          orders: past(history.orders),
          interactions: past(history.interactions),
          events: past(history.events),
        }
        expect(profileOf(bundle, history, at)).toEqual(profileOf(bundle, then, at))
      }),
      { numRuns: 60 },
    )
  })

  it('holds the row that training would see, and counts what it saw', () => {
    fc.assert(
      fc.property(anyHistory, instant, (history, at) => {
        const row = new Float64Array(features.length)
        const isKnown = extractFeatures(history, at, row, 0, bundle.reference)
        const { features: seen, isReady, events } = profileOf(bundle, history, at)
        expect([seen, isReady]).toEqual([row, isKnown])
        const facts = [...history.interactions, ...history.events]
        expect(events).toBe(facts.filter((fact) => fact.at < at).length)
      }),
      { numRuns: 60 },
    )
  })

  it('says the same in its headline as at length', () => {
    for (const history of shop.slice(0, 50)) {
      const { churn, ltv, dna, headline } = said(bundle, history, asOf)
      expect(headline.churnRisk).toBe(churn?.score)
      expect(headline.ltv).toBeCloseTo(ltv?.amount ?? NaN, 9)
      expect(headline.revenueAtRisk).toBeCloseTo((churn?.score ?? NaN) * (ltv?.amount ?? NaN), 9)
      expect([headline.archetypeId, headline.archetype]).toEqual([dna?.archetype.id, dna?.archetype.name])
      expect(headline.segmentIds).toEqual(dna?.axes.map(({ dominant }) => dominant.id))
      expect(churn?.level).toBe(levelOf(churn?.score ?? NaN))
      expect(churn?.recommendations.length).toBeGreaterThan(0)
    }
  })

  it('takes another horizon for all that turns on churn', () => {
    const gone = customer([order('2023-09-01', 50), order('2023-10-01', 50), order('2023-11-01', 50)])
    const [near, far] = [28, 365].map((days) => profileOf(bundle, gone, asOf, days))
    expect(near?.features).toEqual(far?.features)
    expect(headlineOf(bundle, near!, 28).churnRisk).toBe(scoreOneChurn(bundle.churn, near!.features, 28))
    expect(headlineOf(bundle, near!, 28).churnRisk).toBeGreaterThan(headlineOf(bundle, far!, 365).churnRisk ?? 1)
    expect(churnOf(bundle, near!, 28)?.horizonDays).toBe(28)
    expect(() => churnOf(bundle, near!, 27)).toThrow('28 to 365')
  })

  it('without a purchase forecasts nothing', () => {
    const { profile, churn, ltv, dna, headline } = said(bundle, customer([]), asOf)
    expect(profile).toMatchObject({ isReady: false, orders: 0, lastOrderAt: null, lifecycle: null, trajectory: null })
    expect([churn, ltv, dna, guidanceFor(dna)]).toEqual([null, null, null, []])
    expect(headline).toEqual({
      ...{ churnRisk: null, ltv: null, revenueAtRisk: null },
      ...{ archetypeId: null, archetype: null, archetypeLeafId: null, segmentIds: [] },
    })
  })

  it('of numbers that no shop ever saw is of numbers still', () => {
    fc.assert(
      fc.property(absurdHistory, (history) => {
        const { profile, churn, ltv, headline } = said(bundle, history, end)
        const figures = [
          ...profile.features,
          ...(churn ? [churn.score, churn.baseline, churn.otherContribution] : []),
          ...(ltv ? [ltv.amount, ltv.interval.low, ltv.interval.high, ltv.historic, ltv.expectedOrders] : []),
          headline.churnRisk ?? 0,
          headline.ltv ?? 0,
          profile.nextPurchase?.expectedAt ?? 0,
          profile.nextPurchase?.repurchaseDays ?? 0,
          profile.engagement?.score ?? 0,
          profile.trajectory?.spendSlope ?? 0,
          profile.trajectory?.riskSlope ?? 0,
        ]
        expect(figures.filter((figure) => !Number.isFinite(figure))).toEqual([])
        expect(headline.ltv ?? 0).toBeGreaterThanOrEqual(0)
        // What is kept comes back as it was.
        expect(JSON.parse(JSON.stringify(profile.trajectory))).toEqual(profile.trajectory)
      }),
      { numRuns: 150 },
    )
  })
})
