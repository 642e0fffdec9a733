import { createRandom } from '@quimbi/service/random.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { randomTrees } from './samples.test-kit.ts'
import { createTreeBuilder, sumOne, sumTrees, type Trees } from './trees.ts'

/** The definition: from each root down. */
function walk({ feature, threshold, left, right, value, roots }: Trees, row: Float64Array): number {
  return roots.reduce((sum, root) => {
    let k = root
    while (feature[k]! >= 0) k = row[feature[k]!]! > threshold[k]! ? right[k]! : left[k]!
    return sum + value[k]!
  }, 0)
}

test('scoring agrees with walking down, whatever the shapes, and past 32 leaves a tree', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 150 }),
      (seed, trees, leaves) => {
        const d = 6
        const grown = randomTrees(seed, { trees, leaves, d })
        const random = createRandom(seed + 1)
        const x = Float64Array.from({ length: 20 * d }, random)
        // Ties with thresholds, and beyond all of them.
        x.set(grown.threshold.slice(0, d), 0)
        x.fill(Infinity, d, 2 * d)
        x.fill(-Infinity, 2 * d, 3 * d)
        x.fill(Number.NaN, 3 * d, 4 * d)
        const out = new Float64Array(20)
        sumTrees(grown, { x, n: 20, d }, out)
        for (let i = 0; i < 20; i++) {
          const row = x.slice(i * d, i * d + d)
          expect(out[i]).toBeCloseTo(walk(grown, row), 12)
          expect(sumOne(grown, row)).toBe(out[i])
        }
      },
    ),
  )
})

test('inner nodes hold the mean of their leaves, weighted by cover', () => {
  const builder = createTreeBuilder()
  const root = builder.root()
  const child = builder.split(root, 0, 0.5)
  const grandchild = builder.split(child + 1, 1, 0.5)
  builder.leaf(child, 1, 10)
  builder.leaf(grandchild, 2, 1)
  builder.leaf(grandchild + 1, 1, 4)
  const { value, cover, right } = builder.build()
  expect([value[root], cover[root]]).toEqual([4, 4])
  expect([value[right[root]!], cover[right[root]!]]).toEqual([2, 3])
})

test('sums are added to what is there', () => {
  const trees = randomTrees(1, { trees: 1, leaves: 1, d: 1 })
  const out = Float64Array.of(5)
  sumTrees(trees, { x: Float64Array.of(0), n: 1, d: 1 }, out)
  expect(out[0]).toBe(5 + trees.value[0]!)
})

test('rows with fewer columns than the trees ask are refused', () => {
  const trees = randomTrees(3, { trees: 3, leaves: 20, d: 8 })
  const narrow = { x: new Float64Array(4), n: 2, d: 2 }
  expect(() => sumTrees(trees, narrow, new Float64Array(2))).toThrow(
    expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT' } }),
  )
})
