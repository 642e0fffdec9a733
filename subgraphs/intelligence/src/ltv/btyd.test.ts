import { createRandom } from '@quimbi/service/random.ts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fitBgNbd, fitGammaGamma, fitParetoNbd } from './btyd.ts'
import { bgNbdAlive, bgNbdAnyPurchase, bgNbdExpected, bgNbdLogLikelihood } from './btyd-bg-nbd.ts'
import { groupAlike, groupCoarsely, type PurchaseStats, rowOf } from './btyd-counts.ts'
import { expectedValue } from './btyd-gamma-gamma.ts'
import {
  logDeathIntegral,
  paretoNbdAlive,
  paretoNbdAnyPurchase,
  paretoNbdExpected,
  paretoNbdLogLikelihood,
} from './btyd-pareto-nbd.ts'
import { imagineCustomer, knownAt } from './simulate.ts'
import { readSample, sampleFile, statsOf } from './ltv.test-kit.ts'
import { available } from '@quimbi/testing/availability.ts'
import { pearson } from '../learning/metrics.ts'

const pareto = { r: 0.55, alpha: 10.6, s: 0.61, beta: 11.7 }
const bg = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 }
const shop = { pareto, gammaGamma: { p: 6.25, q: 3.74, gamma: 15.44 } }
const parameter = fc.double({ min: 0.05, max: 40, noNaN: true })
const anyPareto = fc.record({ r: parameter, alpha: parameter, s: parameter, beta: parameter })
const anyRow = fc
  .tuple(
    fc.integer({ min: 0, max: 60 }),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.double({ min: 1, max: 150, noNaN: true }),
  )
  .map(([frequency, share, age]) => ({ frequency, recency: frequency === 0 ? 0 : share * age, age }))

describe.skipIf(!available('CDNOW (data)', sampleFile() !== null))('on the CDNOW sample (data)', () => {
  const { stats, later } = readSample()

  test('BG/NBD gives the published parameters, likelihood and holdout correlation', () => {
    const fit = fitBgNbd(stats)
    expect([fit.r, fit.alpha, fit.a, fit.b].map((v) => Number(v.toFixed(2)))).toEqual([0.24, 4.41, 0.79, 2.43])
    expect(fit.logLikelihood).toBeCloseTo(-9582.43, 2)
    const expected = later.map((_, i) => bgNbdExpected(fit, rowOf(stats, i), 39))
    expect(pearson(later, expected)).toBeCloseTo(0.626, 3)
  })

  test('so does Pareto/NBD, and joining like customers changes little', () => {
    const fit = fitParetoNbd(stats)
    expect(fit.r).toBeCloseTo(0.553, 3)
    expect(fit.alpha).toBeCloseTo(10.578, 1)
    expect(fit.s).toBeCloseTo(0.606, 3)
    expect(fit.beta).toBeCloseTo(11.669, 0)
    expect(fit.logLikelihood).toBeCloseTo(-9594.98, 2)
    const expected = later.map((_, i) => paretoNbdExpected(fit, rowOf(stats, i), 39))
    expect(pearson(later, expected)).toBeCloseTo(0.63, 3)
    const roughly = fitParetoNbd(stats, { groups: 700 })
    const moved = later.map((_, i) => paretoNbdExpected(roughly, rowOf(stats, i), 39) / expected[i]! - 1)
    expect(Math.max(...moved.map(Math.abs))).toBeLessThan(0.1)
  })

  test('Gamma-Gamma gives the published parameters, in any currency', () => {
    const fit = fitGammaGamma(stats)
    expect([fit.p, fit.q, fit.gamma].map((v) => Number(v.toFixed(2)))).toEqual([6.25, 3.74, 15.44])
    const inYen = fitGammaGamma({ ...stats, meanValue: stats.meanValue.map((value) => value * 1e4) })
    expect(inYen.gamma / fit.gamma).toBeCloseTo(1e4, 0)
    expect(inYen.q).toBeCloseTo(fit.q, 4)
  })
})

test('the integral over the time of death is what many small steps give', () => {
  fc.assert(
    fc.property(anyPareto, anyRow, (p, { frequency, recency, age }) => {
      const found = logDeathIntegral(p, frequency, recency, age)
      if (age - recency < 1e-6) return
      const peak = -(p.r + frequency) * Math.log(p.alpha + recency) - (p.s + 1) * Math.log(p.beta + recency)
      // Simpson on a grid that is fine where the integrand is steep.
      const steps = 40_000
      const low = Math.log(Math.min(p.alpha, p.beta) + recency)
      const width = (Math.log(Math.min(p.alpha, p.beta) + age) - low) / steps
      let sum = 0
      for (let k = 0; k <= steps; k++) {
        const v = low + k * width
        const u = Math.exp(v) - Math.min(p.alpha, p.beta)
        const weight = k === 0 || k === steps ? 1 : k % 2 === 1 ? 4 : 2
        sum +=
          weight * Math.exp(v - (p.r + frequency) * Math.log(p.alpha + u) - (p.s + 1) * Math.log(p.beta + u) - peak)
      }
      expect(found - peak).toBeCloseTo(Math.log((sum * width) / 3), 5)
    }),
    { numRuns: 60 },
  )
})

test('probabilities are probabilities, and more time means more orders', () => {
  fc.assert(
    fc.property(anyPareto, anyRow, fc.double({ min: 0.1, max: 150, noNaN: true }), (p, row, weeks) => {
      const alive = paretoNbdAlive(p, row)
      const any = paretoNbdAnyPurchase(p, row, weeks)
      const expected = paretoNbdExpected(p, row, weeks)
      expect(alive).toBeGreaterThanOrEqual(0)
      expect(any).toBeLessThanOrEqual(alive + 1e-9)
      expect(any).toBeLessThanOrEqual(expected * (1 + 1e-6))
      expect(paretoNbdAnyPurchase(p, row, weeks * 2)).toBeGreaterThanOrEqual(any - 1e-9)
      expect(paretoNbdExpected(p, row, weeks * 2)).toBeGreaterThanOrEqual(expected)
    }),
  )
  expect(bgNbdAlive(bg, { frequency: 0, recency: 0, age: 30 })).toBe(1)
  expect(bgNbdAnyPurchase(bg, { frequency: 3, recency: 20, age: 30 }, 20)).toBeLessThan(1)
})

test('formulas have no hole at s = 1 and a = 1', () => {
  const row = { frequency: 2, recency: 20, age: 30 }
  const around = (f: (v: number) => number) => expect(f(1)).toBeCloseTo((f(1 - 1e-4) + f(1 + 1e-4)) / 2, 5)
  around((s) => paretoNbdExpected({ ...pareto, s }, row, 39))
  around((a) => bgNbdExpected({ ...bg, a }, row, 39))
})

test('frequent buyers overflow nothing', () => {
  const row = { frequency: 900, recency: 149, age: 150 }
  expect(bgNbdExpected(bg, row, 52)).toBeGreaterThan(200)
  expect(paretoNbdExpected(pareto, row, 52)).toBeGreaterThan(200)
  expect(paretoNbdAnyPurchase(pareto, row, 52)).toBeCloseTo(paretoNbdAlive(pareto, row), 2)
})

test('imagined customers buy as often and as seldom as the formulas say', () => {
  const random = createRandom(5)
  const customers = Array.from({ length: 20_000 }, () => imagineCustomer(shop, 80, random))
  const before = customers.map((purchases) => knownAt(purchases, 40))
  const after = customers.map((purchases) => purchases.filter(({ at }) => at >= 40).length)
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  expect(mean(before.map((row) => paretoNbdExpected(pareto, row, 40)))).toBeCloseTo(mean(after), 1)
  expect(mean(before.map((row) => paretoNbdAnyPurchase(pareto, row, 40)))).toBeCloseTo(
    mean(after.map((count) => (count > 0 ? 1 : 0))),
    2,
  )
})

test('a fit finds again how imagined customers buy', () => {
  const random = createRandom(7)
  const rows = Array.from({ length: 2_000 }, () => knownAt(imagineCustomer(shop, 60, random), 30 + 30 * random()))
  const stats = statsOf(rows)
  const fit = fitParetoNbd(stats, { groups: 1_000 })
  expect(Math.abs(fit.r - pareto.r)).toBeLessThan(0.15)
  expect(fit.r / fit.alpha).toBeCloseTo(pareto.r / pareto.alpha, 2)
  const values = fitGammaGamma({ ...stats, frequency: stats.frequency.map((repeats) => repeats + 1) })
  expect((values.p * values.gamma) / (values.q - 1)).toBeCloseTo((6.25 * 15.44) / 2.74, -1)
})

test('a prior holds a fit that few customers would send to an edge', () => {
  const loyal: PurchaseStats = statsOf(
    Array.from({ length: 40 }, (_, i) => ({ frequency: 4 + (i % 3), recency: 29, age: 30, meanValue: 10 })),
  )
  const free = fitParetoNbd(loyal)
  const held = fitParetoNbd(loyal, { withPrior: true })
  expect(free.s / free.beta).toBeLessThan(held.s / held.beta)
  expect(held.s).toBeGreaterThan(0.05)
})

test('a group stands for its customers', () => {
  const rows = [
    { frequency: 2, recency: 10, age: 20, meanValue: 5 },
    { frequency: 2, recency: 10, age: 20, meanValue: 9 },
    { frequency: 0, recency: 0, age: 20.4, meanValue: 0 },
  ]
  const together = groupAlike(statsOf(rows))
  expect([...together.weight]).toEqual([2, 1])
  for (const likelihood of [
    (groups: typeof together) => paretoNbdLogLikelihood(pareto, groups),
    (groups: typeof together) => bgNbdLogLikelihood(bg, groups),
  ]) {
    const apart = rows.reduce((sum, row) => sum + likelihood(groupAlike(statsOf([row]))), 0)
    expect(likelihood(together)).toBeCloseTo(apart, 10)
  }
  const days = Array.from({ length: 70 }, (_, i) => ({ frequency: 1, recency: i / 7, age: 20, meanValue: 1 }))
  const joined = groupCoarsely(statsOf(days), 12)
  expect(joined.rank.length).toBeLessThanOrEqual(12)
  const weighted = joined.recency.reduce((sum, recency, i) => sum + recency * joined.weight[i]!, 0)
  expect(weighted).toBeCloseTo(
    days.reduce((sum, { recency }) => sum + recency, 0),
    9,
  )
})

test('a value shrinks to the shop’s, the less was seen the more', () => {
  const { gammaGamma } = shop
  const shopMean = (6.25 * 15.44) / 2.74
  expect(expectedValue(gammaGamma, 0, 0, 0)).toBeCloseTo(shopMean, 10)
  const after = (orders: number) => expectedValue(gammaGamma, orders, 100, 0)
  expect(shopMean).toBeLessThan(after(1))
  expect(after(1)).toBeLessThan(after(10))
  expect(after(10_000)).toBeCloseTo(100, 1)
  expect(expectedValue({ ...gammaGamma, q: 0.5 }, 0, 0, 42)).toBe(42)
})
