import { describe, expect, it } from 'vitest'
import { shopOf } from '../dna/customers.test-kit.ts'
import { trainSegmentation } from '../dna/segments.ts'
import { conditionsOf, leavesOf } from './filter.ts'

const shop = shopOf(600, 1)
const model = trainSegmentation(shop, { seed: 7, outcomes: shop.outcomes })
const now = new Date('2026-11-21T12:00:00.000Z')
const idsOn = (axis: number) => model.axes[axis]?.segments.map(({ id }) => id) ?? []

describe('what is looked for', () => {
  it('is what is given, and nothing where nothing is', () => {
    expect(conditionsOf({}, model, now)).toEqual({})
    const nothing = { archetypeId: null, segments: [], lifecycle: [], churnRiskAtLeast: null, ltvAtMost: null }
    expect(conditionsOf(nothing, model, now)).toEqual({})
    const query = { churnRiskAtLeast: 0, churnRiskAtMost: 1, ltvAtLeast: '0', ltvAtMost: '12.50' }
    expect(conditionsOf({ ...query, daysSinceLastPurchaseAtLeast: 2 }, model, now)).toEqual({
      ...query,
      lastOrderBy: '2026-11-19T12:00:00.000Z',
    })
    expect(conditionsOf({ daysSinceLastPurchaseAtMost: 2 }, model, now)).toEqual({
      lastOrderAfter: '2026-11-18T12:00:00.000Z',
    })
    for (const days of [-1, 100_001])
      expect(() => conditionsOf({ daysSinceLastPurchaseAtMost: days }, model, now)).toThrow('0 to 100000 days')
  })

  it('is one of the segments of each axis that is named', () => {
    const [[a = '', b = ''], [c = '']] = [idsOn(0), idsOn(1)]
    expect(conditionsOf({ segments: [c, a, b.toUpperCase(), a] }, model, now)).toEqual({ segments: [[a, b], [c]] })
    expect(conditionsOf({ segments: [a, 'no segment'] }, model, now)).toBeNull()
  })

  it('is every finest archetype below one, whatever its level', () => {
    const { archetypes, leaf } = model.tree
    const finest = new Set(Array.from(leaf, (place) => archetypes[place]?.id))
    const top = archetypes.filter(({ parent }) => parent < 0).flatMap(({ id }) => leavesOf(id, model))
    expect(new Set(top)).toEqual(finest)
    expect(top).toHaveLength(finest.size)
    for (const id of finest) expect(leavesOf(id ?? '', model)).toEqual([id])
    expect(conditionsOf({ archetypeId: 'none' }, model, now)).toBeNull()
  })
})
