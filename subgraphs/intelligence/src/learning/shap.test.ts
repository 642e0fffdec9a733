import { createRandom } from '@quimbi/service/random.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { randomTrees } from './samples.test-kit.ts'
import { baseValue, saabas, treeShap } from './shap.ts'
import { sumOne, type Trees } from './trees.ts'

/** What the trees say when only these columns are known: both ways, weighted by cover, at all others. */
function knowing(trees: Trees, row: Float64Array, known: ReadonlySet<number>): number {
  const { feature, threshold, left, right, value, cover } = trees
  const from = (k: number): number => {
    const f = feature[k]!
    const [l, r] = [left[k]!, right[k]!]
    if (f < 0) return value[k]!
    if (known.has(f)) return from(row[f]! > threshold[k]! ? r : l)
    return (cover[l]! * from(l) + cover[r]! * from(r)) / cover[k]!
  }
  return trees.roots.reduce((sum, root) => sum + from(root), 0)
}

/** Shapley's definition, over all coalitions. */
function shapley(trees: Trees, row: Float64Array): Float64Array {
  const d = row.length
  const factorial = (k: number): number => (k < 2 ? 1 : k * factorial(k - 1))
  return Float64Array.from(row, (_, f) => {
    let sum = 0
    for (let mask = 0; mask < 1 << d; mask++) {
      if (mask & (1 << f)) continue
      const known = new Set(Array.from(row.keys()).filter((column) => mask & (1 << column)))
      const weight = (factorial(known.size) * factorial(d - known.size - 1)) / factorial(d)
      sum += weight * (knowing(trees, row, new Set([...known, f])) - knowing(trees, row, known))
    }
    return sum
  })
}

const cases = fc.record({
  seed: fc.integer(),
  trees: fc.integer({ min: 1, max: 3 }),
  leaves: fc.integer({ min: 1, max: 12 }),
  d: fc.integer({ min: 1, max: 5 }),
})

test('TreeSHAP gives the Shapley values of the definition', () => {
  fc.assert(
    fc.property(cases, ({ seed, ...shape }) => {
      const trees = randomTrees(seed, shape)
      const row = Float64Array.from({ length: shape.d }, createRandom(seed ^ 7))
      const phi = new Float64Array(shape.d)
      treeShap(trees, row, phi)
      shapley(trees, row).forEach((value, f) => expect(phi[f]).toBeCloseTo(value, 10))
    }),
  )
})

test('both kinds of contributions add up to what the trees say, to nine digits', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const d = 20
      const trees = randomTrees(seed, { trees: 30, leaves: 24, d })
      const x = Float64Array.from({ length: 5 * d }, createRandom(seed ^ 7))
      x[0] = Number.NaN
      x[1] = -Infinity
      const bulk = new Float64Array(x.length)
      saabas(trees, { x, n: 5, d }, bulk)
      for (let i = 0; i < 5; i++) {
        const row = x.slice(i * d, i * d + d)
        const exact = new Float64Array(d)
        treeShap(trees, row, exact)
        for (const phi of [exact, bulk.subarray(i * d, i * d + d)]) {
          const sum = phi.reduce((total, value) => total + value, baseValue(trees))
          expect(Math.abs(sum - sumOne(trees, row))).toBeLessThan(1e-9)
        }
      }
    }),
    { numRuns: 30 },
  )
})

test('a column that no tree asks gets nothing', () => {
  const trees = randomTrees(5, { trees: 10, leaves: 8, d: 3 })
  const phi = new Float64Array(4)
  treeShap(trees, Float64Array.of(0.1, 0.5, 0.9, 0.3), phi)
  expect(phi[3]).toBe(0)
  expect(phi.slice(0, 3).every((value) => value !== 0)).toBe(true)
})
