import { expect, it } from 'vitest'
import { shippedModel, trainShipped } from './shipped.ts'

it('is what the grammar teaches: whoever changes that writes the file anew', { timeout: 300_000 }, async () => {
  const [{ intents, sentiment }, trained] = [await shippedModel(), trainShipped()]
  expect(sentiment).toBeNull()
  expect(intents.labels).toEqual(trained.intents.labels)
  expect(intents.vocabulary.options).toEqual(trained.intents.vocabulary.options)
  expect(
    Buffer.from(intents.vocabulary.hashes.buffer).equals(Buffer.from(trained.intents.vocabulary.hashes.buffer)),
  ).toBe(true)
  expect(intents.threshold).toBeCloseTo(trained.intents.threshold, 6)
  // A step of rounding may fall otherwise elsewhere.
  const other = trained.intents.linear.weights
  const apart = Array.from(intents.linear.weights, (weight, at) => Math.abs(weight - other[at]!))
  expect(Math.max(0, ...new Set(apart))).toBeLessThanOrEqual(1)
})
