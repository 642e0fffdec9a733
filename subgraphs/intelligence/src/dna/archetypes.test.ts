import { describe, expect, it } from 'vitest'
import { actionRules, guidanceRules } from './advice.ts'
import { growTree } from './archetypes.ts'
import { featureIndex } from '../features/catalogue.ts'
import { axisDefinitions } from './axes.ts'
import { axisOf, shopOf } from './customers.test-kit.ts'
import { mergeSmall } from './merge.ts'
import { archetypeLevels, behaviorAxes, type ArchetypeTree } from './model.ts'
import { segmentName, segmentNames } from './segment-names.ts'
import { trainSegmentation } from './segments.ts'

const shop = shopOf(1_500, 1)
const model = trainSegmentation(shop, { seed: 7, outcomes: shop.outcomes })
const { tree } = model

describe('archetypes', () => {
  it.each(archetypeLevels)('of level %s hold everyone once, and half a percent each at least', (level) => {
    const own = tree.archetypes.filter((archetype) => archetype.level === level)
    expect(own.reduce((sum, { memberCount }) => sum + memberCount, 0)).toBe(shop.n)
    for (const { share } of own) expect(share).toBeGreaterThanOrEqual(0.005)
    expect(new Set(own.map(({ name }) => name)).size).toBe(own.length)
  })

  it('have ids of their own, words, traits and actions', () => {
    expect(new Set(tree.archetypes.map(({ id }) => id)).size).toBe(tree.archetypes.length)
    for (const { name, description, traits, recommendedActions, dominantSegments } of tree.archetypes) {
      expect(name).toMatch(/^[A-Z].* (buyers|customers)$/)
      expect(description).toMatch(/^[A-Z].*\.$/)
      expect(traits.length).toBe(dominantSegments.length)
      expect(recommendedActions.length).toBeGreaterThan(0)
      expect(recommendedActions.length).toBeLessThanOrEqual(4)
    }
  })

  it('are parts of their parents, level by level', () => {
    for (const [at, { level, parent, memberCount }] of tree.archetypes.entries()) {
      const children = tree.archetypes.filter((child) => child.parent === at)
      if (level !== 'STRENGTH') expect(children.reduce((sum, child) => sum + child.memberCount, 0)).toBe(memberCount)
      expect(parent < 0).toBe(level === 'EMERGING')
    }
  })

  it('average what their customers are worth', () => {
    const weighted = (value: 'averageLtv' | 'averageChurnRisk') =>
      tree.archetypes
        .filter(({ level }) => level === 'STRENGTH')
        .reduce((sum, archetype) => sum + archetype[value]! * archetype.share, 0)
    const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / shop.n
    expect(weighted('averageLtv')).toBeCloseTo(mean(shop.outcomes.ltv), 6)
    expect(weighted('averageChurnRisk')).toBeCloseTo(mean(shop.outcomes.churn), 9)
  })

  it('rest on the axis that tells most of spend and churn', () => {
    const x = shop.x.slice()
    for (let i = 0; i < shop.n; i++) x[i * shop.d + featureIndex.returnRate] = i % 2
    const told = (high: number, low: number) => Float64Array.from({ length: shop.n }, (_, i) => (i % 2 ? high : low))
    const outcomes = { ltv: told(10, 90), churn: told(0.8, 0.2) }
    const { tree: own } = trainSegmentation({ ...shop, x }, { seed: 7, outcomes })
    expect(behaviorAxes[own.axes[0]!]).toBe('RETURN_BEHAVIOR')
    expect(new Set(own.axes).size).toBe(4)
  })

  it('know no averages without outcomes, and rest on the customary axes', () => {
    const plain = trainSegmentation(shop, { seed: 7 })
    expect(
      plain.tree.archetypes.every(
        ({ averageLtv, averageChurnRisk }) => averageLtv === null && averageChurnRisk === null,
      ),
    ).toBe(true)
    expect(plain.tree.axes.map((axis) => behaviorAxes[axis])).toEqual([
      'PURCHASE_FREQUENCY',
      'PURCHASE_VALUE',
      'LOYALTY_TRAJECTORY',
      'CUSTOMER_MATURITY',
    ])
  })

  it('keep their ids when trained again on the same customers', () => {
    const next = trainSegmentation(shop, { seed: 8, previous: model, outcomes: shop.outcomes })
    expect(next.tree.archetypes.map(({ id }) => id)).toEqual(tree.archetypes.map(({ id }) => id))
  })
})

describe('a small archetype', () => {
  const value = behaviorAxes.indexOf('PURCHASE_VALUE')
  /** Everybody in the first segment of each axis, but so many of a thousand in the second by value. */
  const labelsOf = (few: number) => {
    const labels = new Uint8Array(1_000 * behaviorAxes.length)
    for (let i = 0; i < few; i++) labels[i * behaviorAxes.length + value] = 1
    return labels
  }
  const grown = (few: number, previous?: ArchetypeTree) =>
    growTree(model.axes, labelsOf(few), previous ? { previous } : {})
  const coarsest = ({ archetypes }: ArchetypeTree) => archetypes.filter(({ level }) => level === 'EMERGING')

  it.each([
    [8, 2],
    [7, 1],
  ])('of a first model begins at three quarters of a percent: with %i of 1,000 there are %i', (few, count) => {
    expect(coarsest(grown(few))).toHaveLength(count)
  })

  it.each([
    [5, 2],
    [4, 1],
  ])('that was there stays while it holds half a percent: with %i of 1,000 there are %i', (few, count) => {
    const before = grown(8)
    const after = coarsest(grown(few, before))
    expect(after).toHaveLength(count)
    expect(coarsest(before).map(({ id }) => id)).toEqual(expect.arrayContaining(after.map(({ id }) => id)))
  })

  it.each([
    [10, 2],
    [9, 1],
  ])('that comes later begins at one percent: with %i of 1,000 there are %i', (few, count) => {
    expect(coarsest(grown(few, grown(7)))).toHaveLength(count)
  })
})

describe('merging', () => {
  const axis = { ...axisOf(model, 'PURCHASE_VALUE'), centers: Float64Array.of(0, 0, 1, 1, 5, 5) }
  axis.segments = axis.segments.slice(0, 3)
  const group = (label: number, size: number) => ({ labels: [label], codes: [label], size, core: size })

  it('gives what is too small to the nearest, under the name of the larger', () => {
    const merged = mergeSmall(
      [group(0, 50), group(1, 3), group(2, 40)],
      [axis],
      () => 5,
      () => false,
    )
    expect(merged).toEqual([{ labels: [0], codes: [0, 1], size: 53, core: 50 }, group(2, 40)])
  })

  it('keeps the name of one that was there before', () => {
    const merged = mergeSmall(
      [group(0, 4), group(1, 3)],
      [axis],
      () => 5,
      ([label]) => label === 1,
    )
    expect(merged).toEqual([{ labels: [1], codes: [0, 1], size: 7, core: 3 }])
  })

  it('ends with one group where all are too small', () => {
    expect(
      mergeSmall(
        [group(0, 1), group(1, 1), group(3, 1)],
        [axis],
        () => 9,
        () => false,
      ),
    ).toHaveLength(1)
  })
})

describe('the tables of words', () => {
  it('cover every axis with six names at least, where its features place them', () => {
    expect(axisDefinitions.map(({ axis }) => axis)).toEqual(behaviorAxes)
    for (const { axis, features } of axisDefinitions) {
      const names = segmentNames[axis]
      expect(names.filter(({ only }) => !only).length, axis).toBeGreaterThanOrEqual(
        axis === 'CUSTOMER_MATURITY' ? 6 : 5,
      )
      expect(names.length).toBeGreaterThanOrEqual(6)
      for (const { at } of names) expect(at.length, axis).toBe(features.length)
    }
  })

  it('use no name or adjective twice', () => {
    const all = Object.values(segmentNames).flat()
    expect(new Set(all.map(({ adjective }) => adjective)).size).toBe(all.length)
    expect(new Set(all.map(({ words }) => words)).size).toBe(all.length)
  })

  it('advise on segments that exist', () => {
    for (const { axis, names } of [...actionRules, ...guidanceRules])
      for (const name of names) expect(segmentName(axis, name), `${axis} ${name}`).toBeDefined()
  })
})
