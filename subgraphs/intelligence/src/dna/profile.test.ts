import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { features } from '../features/catalogue.ts'
import { rowOf, shopOf, single } from './customers.test-kit.ts'
import { segmentDistribution } from './distribution.ts'
import { strengthOf } from './membership.ts'
import { behaviorAxes } from './model.ts'
import { communicationGuidance, dnaOf } from './profile.ts'
import { trainSegmentation } from './segments.ts'

const shop = shopOf(1_000, 1)
const model = trainSegmentation(shop, { seed: 7, outcomes: shop.outcomes })
const dnas = Array.from({ length: shop.n }, (_, i) => dnaOf(model, shop.x, i * shop.d)!)
const dnaOfKind = (kind: number) => dnas[shop.kind.indexOf(kind)]!

const anyRow = fc
  .array(fc.oneof(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.double({ min: -1, max: 1, noNaN: true })), {
    minLength: features.length,
    maxLength: features.length,
  })
  .map((values) => Float64Array.from(values))

describe('the profile of a customer', () => {
  it('has 14 axes whose memberships add up to 1, whatever the numbers', () => {
    fc.assert(
      fc.property(anyRow, (row) => {
        const dna = dnaOf(model, row)
        if (!dna) return
        expect(dna.axes.map(({ axis }) => axis)).toEqual(behaviorAxes)
        for (const { dominant, memberships, strength } of dna.axes) {
          const largest = memberships.reduce((most, one) => (one.membership > most.membership ? one : most))
          expect(Math.abs(memberships.reduce((sum, { membership }) => sum + membership, 0) - 1)).toBeLessThan(1e-12)
          expect(dominant).toBe(largest.segment)
          expect(strength).toBe(strengthOf(largest.membership))
        }
        expect(dna.confidence).toBeGreaterThanOrEqual(0)
        expect(dna.confidence).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('is nothing without an order', () => {
    expect(dnaOf(model, rowOf({ tickets: 5, visits91: 9 }))).toBeNull()
  })

  it('says "not enough data" on cadence axes after one order, and is less sure', () => {
    const { axes, confidence, dominantSegments } = dnaOf(model, rowOf(single))!
    const cadence = axes.find(({ axis }) => axis === 'PURCHASE_CADENCE')!
    expect(cadence.dominant.name).toBe('not_enough_data')
    expect(cadence.memberships).toEqual([{ segment: cadence.dominant, membership: 1 }])
    expect(dominantSegments).not.toContain(cadence.dominant)
    expect(confidence).toBeLessThan(dnaOfKind(2).confidence)
  })

  it('has a dominant share of about 0.7 in the median, axis by axis', () => {
    for (const a of behaviorAxes.keys()) {
      const shares = dnas
        .map(({ axes }) => axes[a]!)
        .filter(({ dominant }) => dominant.serial > 0)
        .map(({ memberships, dominant }) => memberships.find(({ segment }) => segment === dominant)!.membership)
        .sort((x, y) => x - y)
      expect(shares[shares.length >> 1]).toBeCloseTo(0.7, 1)
    }
  })

  it.each([
    [0.7, 'STRENGTH'],
    [0.699, 'TENDENCY'],
    [0.45, 'TENDENCY'],
    [0.449, 'EMERGING'],
  ])('is as strong at a share of %f as %s says', (share, strength) => expect(strengthOf(share)).toBe(strength))

  it('names the dominant segments that are clear, the clearest first', () => {
    for (const { axes, dominantSegments } of dnas.slice(0, 100)) {
      const shares = dominantSegments.map(
        (dominant) =>
          axes.find(({ axis }) => axis === dominant.axis)!.memberships.find(({ segment }) => segment === dominant)!
            .membership,
      )
      expect(shares).toEqual([...shares].sort((a, b) => b - a))
      expect(Math.min(1, ...shares)).toBeGreaterThanOrEqual(0.45)
    }
  })

  it('belongs to one archetype of each level, the given one among them', () => {
    const counts = new Map<string, number>()
    for (const { archetype, archetypes } of dnas) {
      expect(archetypes.map(({ level }) => level)).toEqual(['EMERGING', 'TENDENCY', 'STRENGTH'])
      expect(archetypes).toContain(archetype)
      for (const { id } of archetypes) counts.set(id, (counts.get(id) ?? 0) + 1)
    }
    for (const { id, memberCount } of model.tree.archetypes) expect(counts.get(id)).toBe(memberCount)
  })

  it('is given at a coarser level where an axis is unclear', () => {
    const clear = (dna: (typeof dnas)[number], upTo: number) =>
      model.tree.axes.slice(0, upTo).every((axis) => dna.axes[axis]!.strength !== 'EMERGING')
    for (const dna of dnas) {
      const level = dna.archetypes.indexOf(dna.archetype)
      if (level > 0) expect(clear(dna, model.tree.depths[level]!)).toBe(true)
      if (level < 2) expect(clear(dna, model.tree.depths[level + 1]!)).toBe(false)
    }
  })

  it('refuses a model of other axes', () => {
    expect(() => dnaOf({ ...model, version: '0' }, rowOf(single))).toThrow(
      expect.objectContaining({ extensions: expect.objectContaining({ reason: 'MODEL_VERSION' }) }),
    )
  })

  it('keeps to itself what it was given before', () => {
    const first = structuredClone(dnas[0])
    dnaOf(model, rowOf(single))
    expect(dnaOf(model, shop.x)).toEqual(first)
  })
})

describe('communication guidance', () => {
  it('follows from the clear segments, what matters most first', () => {
    const [frustrated, best] = [dnaOfKind(1), dnaOfKind(2)].map(communicationGuidance)
    expect(frustrated![0]).toContain('sorry')
    expect(best!.join(' ')).toContain('call')
    for (const dna of dnas) expect(communicationGuidance(dna).length).toBeLessThanOrEqual(5)
  })

  it('says nothing of a customer of whom nothing is clear', () => {
    expect(communicationGuidance({ ...dnaOfKind(1), dominantSegments: [] })).toEqual([])
  })
})

describe('a distribution', () => {
  it('counts every segment of the axis and adds up to 1', () => {
    const ids = dnas.map(({ axes }) => axes[1]!.dominant.id)
    const counts = new Map(
      Map.groupBy(ids, (id) => id)
        .entries()
        .map(([id, { length }]) => [id, length]),
    )
    const shares = segmentDistribution(model, 'PURCHASE_VALUE', counts)
    const { segments, unknown } = model.axes[1]!
    expect(shares.map(({ segment }) => segment)).toEqual([...segments, unknown])
    expect(shares.map(({ count }) => count)).toEqual([...segments, unknown].map(({ memberCount }) => memberCount))
    expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12)
  })

  it('is all zero of nobody, and leaves out ids of other models', () => {
    const shares = segmentDistribution(model, 'ENGAGEMENT', new Map([['a', 2]]))
    expect(shares.every(({ count, share }) => count === 0 && share === 0)).toBe(true)
  })
})
