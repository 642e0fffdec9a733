import { describe, expect, it } from 'vitest'
import { createSample } from './customer-sample.ts'

function sampled(ids: readonly string[], bound: number): string[] {
  const sample = createSample<string>(bound, () => 1)
  for (const id of ids) sample.add(id, id)
  return sample.values()
}

const ids = Array.from({ length: 4_000 }, (_, index) => `customer-${index}`)

describe('a sample of customers', () => {
  it('is all of them, by id, while they fit', () => {
    expect(sampled(ids, 4_000)).toEqual(ids.toSorted())
  })

  it('never outgrows its bound, and keeps at least a quarter of it', () => {
    const kept = sampled(ids, 100)
    expect(kept.length).toBeLessThanOrEqual(100)
    expect(kept.length).toBeGreaterThanOrEqual(25)
  })

  it('is the same whatever order they come in', () => {
    expect(sampled(ids.toReversed(), 500)).toEqual(sampled(ids, 500))
  })

  it('drops one that alone is too large', () => {
    const sample = createSample<string>(10, ({ length }) => length)
    sample.add('a', 'far too long for this')
    expect(sample.values()).toEqual([])
  })
})
