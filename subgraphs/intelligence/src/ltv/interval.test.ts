import { createRandom } from '@quimbi/service/random.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { driftOf } from './drift.ts'
import { fitInterval, intervalOf, stretchInterval } from './interval.ts'

/** Forecasts from 1 to about 1,000 with spend around them, or nothing. */
function world(customers: number, nothing: number, seed: number) {
  const random = createRandom(seed)
  const forecast = Float64Array.from({ length: customers }, () => Math.exp(7 * random()))
  const spend = forecast.map((value) => (random() < nothing ? 0 : value * Math.exp(3 * (random() - 0.5))))
  return { forecast, spend }
}

test.each([0, 0.03, 0.3, 0.97])(
  'nine in ten unseen customers fall inside, where %f of them spend nothing',
  (nothing) => {
    const seen = world(6_000, nothing, 1)
    const table = fitInterval(seen.forecast, seen.spend, { unit: 100 })
    const unseen = world(6_000, nothing, 2)
    const inside = unseen.forecast.map((value, i) => {
      const { low, high } = intervalOf(table, value)
      expect(low).toBeLessThanOrEqual(value)
      expect(high).toBeGreaterThanOrEqual(value)
      return unseen.spend[i]! >= low && unseen.spend[i]! <= high ? 1 : 0
    })
    const covered = inside.reduce((sum, one) => sum + one, 0) / inside.length
    expect(covered).toBeGreaterThan(0.885)
    if (nothing < 0.9) expect(covered).toBeLessThan(0.92)
  },
)

test('an interval starts at nothing where enough customers spend nothing, and above it elsewhere', () => {
  const some = world(3_000, 0.2, 3)
  expect(intervalOf(fitInterval(some.forecast, some.spend, { unit: 100 }), 500).low).toBe(0)
  const all = world(3_000, 0, 3)
  expect(intervalOf(fitInterval(all.forecast, all.spend, { unit: 100 }), 500).low).toBeGreaterThan(50)
})

test('a handful of customers makes one bin, and drift only widens', () => {
  const { forecast, spend } = world(40, 0, 4)
  const calm = fitInterval(forecast, spend, { unit: 100 })
  const moving = fitInterval(forecast, spend, { unit: 100, drift: 0.3 })
  expect(calm.edges).toHaveLength(1)
  expect(intervalOf(moving, 200).high).toBeGreaterThan(intervalOf(calm, 200).high)
  expect(intervalOf(moving, 200).low).toBeLessThan(intervalOf(calm, 200).low)
})

test('at other horizons an interval keeps its forecast inside and its width on the side of caution', () => {
  const money = fc.double({ min: 0, max: 1e4, noNaN: true })
  fc.assert(
    fc.property(money, money, money, fc.double({ min: 0.02, max: 20, noNaN: true }), (a, b, c, ratio) => {
      const [low = 0, own = 0, high = 0] = [a, b, c].sort((x, y) => x - y)
      const stretched = stretchInterval(own, { low, high }, ratio)
      expect(stretched.low).toBeLessThanOrEqual(own * ratio + 1e-9)
      expect(stretched.high).toBeGreaterThanOrEqual(own * ratio - 1e-9)
      expect(stretched.high - own * ratio).toBeGreaterThanOrEqual((high - own) * ratio - 1e-6)
      const same = stretchInterval(own, { low, high }, 1)
      expect(same.low).toBeCloseTo(low, 9)
      expect(same.high).toBeCloseTo(high, 9)
    }),
  )
})

test('drift is what the origins’ levels walked, over the days asked', () => {
  const levels = [
    { age: 100, level: 1.1 },
    { age: 86, level: 1 },
  ]
  expect(driftOf(levels, 14)).toBeCloseTo(Math.log(1.1), 12)
  expect(driftOf(levels, 28)).toBeCloseTo(Math.log(1.1) * Math.SQRT2, 12)
  expect(driftOf([...levels, { age: 72, level: 1 }], 14)).toBeCloseTo(Math.log(1.1) / Math.SQRT2, 12)
  expect(driftOf(levels.slice(1), 90)).toBe(0)
  expect(driftOf([{ age: 9, level: 9 }, ...levels], 90)).toBe(0.25)
  expect(
    driftOf(
      [
        { age: 9, level: 0 },
        { age: 2, level: 1 },
      ],
      90,
    ),
  ).toBe(0)
})
