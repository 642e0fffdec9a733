import { createRandom } from '@quimbi/service/random.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { kMeans, silhouette } from './kmeans.ts'
import { type Matrix, matrixOf } from './matrix.ts'

const refused = expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT' } })
const points = fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })), {
  minLength: 6,
  maxLength: 60,
})

function blobs(n: number, seed: number): { m: Matrix; truth: number[] } {
  const random = createRandom(seed)
  const middles = [
    [0, 0, 0],
    [9, 0, 0],
    [0, 9, 0],
    [0, 0, 9],
  ]
  const truth = Array.from({ length: n }, (_, i) => i % 4)
  return { m: matrixOf(truth.map((blob) => middles[blob]!.map((value) => value + random() * 3 - 1.5))), truth }
}

const distance = (m: Matrix, i: number, other: Matrix, c: number) =>
  Math.hypot(...Array.from({ length: m.d }, (_, j) => m.x[i * m.d + j]! - other.x[c * m.d + j]!))

test('it finds the clusters that are there, in few rows and in many', () => {
  for (const n of [40, 20_000]) {
    const { m, truth } = blobs(n, 1)
    const { assignment } = kMeans(m, 4, { seed: 1 })
    const pairs = new Set(truth.map((blob, i) => `${blob} ${assignment[i]}`))
    expect(pairs.size).toBe(4)
  }
})

test('everyone is with the nearest center, and inertia is the sum of their squared distances', () => {
  fc.assert(
    fc.property(points, fc.integer({ min: 1, max: 6 }), fc.integer(), (rows, k, seed) => {
      const m = matrixOf(rows)
      const { centers, assignment, inertia } = kMeans(m, k, { seed })
      const own = rows.map((_, i) => distance(m, i, centers, assignment[i]!))
      own.forEach((mine, i) => {
        for (let c = 0; c < k; c++) expect(mine).toBeLessThanOrEqual(distance(m, i, centers, c) + 1e-9)
      })
      expect(inertia).toBeCloseTo(
        own.reduce((sum, mine) => sum + mine ** 2, 0),
        6,
      )
    }),
  )
})

test('one cluster is the mean, as many as rows leave nothing over, and doubles are no trouble', () => {
  const m = matrixOf([
    [1, 2],
    [3, 4],
    [5, 9],
  ])
  expect([...kMeans(m, 1, { seed: 1 }).centers.x]).toEqual([3, 5])
  expect(kMeans(m, 3, { seed: 1 }).inertia).toBe(0)
  const same = matrixOf(Array.from({ length: 10 }, () => [1, 1]))
  expect(kMeans(same, 3, { seed: 1 })).toMatchObject({ inertia: 0 })
})

test('the same seed gives the same clusters', () => {
  const { m } = blobs(5_000, 2)
  expect(kMeans(m, 5, { seed: 3 })).toEqual(kMeans(m, 5, { seed: 3 }))
})

test('the silhouette follows its definition', () => {
  fc.assert(
    fc.property(points, fc.integer({ min: 2, max: 4 }), (rows, k) => {
      const m = matrixOf(rows)
      const assignment = Uint8Array.from(rows, (_, i) => (i * 7) % k)
      const scores = rows.map((_, i) => {
        const means = Array.from({ length: k }, (_unused, c) => {
          const others = [...rows.keys()].filter((j) => j !== i && assignment[j] === c)
          return others.reduce((sum, j) => sum + distance(m, i, m, j), 0) / others.length
        })
        const inside = means[assignment[i]!]!
        if (Number.isNaN(inside)) return 0
        const outside = Math.min(...means.filter((_unused, c) => c !== assignment[i]))
        return inside === outside ? 0 : (outside - inside) / Math.max(inside, outside)
      })
      expect(silhouette(m, assignment)).toBeCloseTo(scores.reduce((sum, score) => sum + score, 0) / rows.length, 9)
    }),
  )
})

test('a sampled silhouette is near that of all rows, and one cluster has none', () => {
  const { m, truth } = blobs(3_000, 4)
  const assignment = Uint8Array.from(truth)
  expect(silhouette(m, assignment, { sample: 400 })).toBeCloseTo(silhouette(m, assignment, { sample: 3_000 }), 1)
  expect(silhouette(m, new Uint8Array(3_000))).toBeNaN()
})

test.each([0, 1.5, 300, 5])('%f clusters of 4 rows are refused', (k) => {
  expect(() => kMeans(matrixOf([[1], [2], [3], [4]]), k, { seed: 1 })).toThrow(refused)
})

test('NaN is refused', () => {
  expect(() => kMeans(matrixOf([[Number.NaN]]), 1, { seed: 1 })).toThrow(refused)
})
