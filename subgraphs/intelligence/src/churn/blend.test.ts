import { createRandom } from '@quimbi/service/random.ts'
import { describe, expect, it } from 'vitest'
import { binOf, calibrationBins, fitBlend } from './blend.ts'

function madeUp(n: number, signal: { logistic: number; booster: number; forest: number }) {
  const random = createRandom(1)
  const truth = Float64Array.from({ length: n }, () => 4 * (random() - 0.5))
  const y = truth.map((score) => (random() < 1 / (1 + Math.exp(-score)) ? 1 : 0))
  const seen = (share: number) => truth.map((score) => share * score + (1 - share) * 4 * (random() - 0.5))
  return { y, scores: { logistic: seen(signal.logistic), booster: seen(signal.booster), forest: seen(signal.forest) } }
}

describe('fitBlend', () => {
  it('gives a member of noise nothing, or next to it', () => {
    const { y, scores } = madeUp(5_000, { logistic: 1, booster: 0, forest: 0 })
    expect(fitBlend(scores, y).weights.logistic).toBeGreaterThanOrEqual(0.8)
  })

  it('is even among members that are equally good', () => {
    const { y, scores } = madeUp(2_000, { logistic: 0.7, booster: 0.7, forest: 0.7 })
    const { weights } = fitBlend(scores, y)
    for (const weight of Object.values(weights)) expect(Math.abs(weight - 1 / 3)).toBeLessThan(0.11)
  })
})

describe('calibrationBins', () => {
  it('holds at least 200 customers in each, and covers every score', () => {
    const p = Float64Array.from({ length: 1_150 }, (_, i) => i / 1_150)
    const y = p.map((value, i) => (value > (i % 10) / 10 ? 1 : 0))
    const bins = calibrationBins(p, y)
    expect(bins.upTo).toHaveLength(5)
    expect(Math.min(...bins.count)).toBeGreaterThanOrEqual(200)
    for (const score of [0, 0.5, 1]) {
      const { low, high, count } = binOf(bins, score)
      expect(low).toBeLessThan(high)
      expect(count).toBeGreaterThanOrEqual(200)
    }
    expect(binOf(bins, 0.5).low).toBeLessThan(0.5)
    expect(binOf(bins, 0.5).high).toBeGreaterThan(0.4)
  })

  it('never parts equal scores', () => {
    const p = new Float64Array(1_000).fill(0.4)
    expect(binOf(calibrationBins(p, new Float64Array(1_000).fill(1)), 0.4)).toMatchObject({ high: 1 })
  })
})
