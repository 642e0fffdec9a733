import { createRandom } from '@quimbi/service/random.ts'
import { expect, test } from 'vitest'
import { fitWeights } from './weights.ts'

const random = createRandom(1)
const truth = Float64Array.from({ length: 2_000 }, () => Math.exp(3 * random() - 2))
const spend = truth.map((value) => (random() < 0.5 ? 0 : 2 * value))
const flat = truth.map(() => 1)

test('shares add up, and the member that knows gets most', () => {
  const weights = fitWeights({ booster: flat, glm: truth, rhythm: flat, buying: flat }, spend)
  expect(weights.booster + weights.glm + weights.rhythm + weights.buying).toBeCloseTo(1, 12)
  expect(weights.glm).toBeGreaterThan(0.6)
})

test('members that agree share alike', () => {
  const weights = fitWeights({ booster: truth, glm: truth, rhythm: truth, buying: truth }, spend)
  for (const share of Object.values(weights)) expect(share).toBeCloseTo(0.25, 2)
})
