import { createRandom } from '@quimbi/service/random.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { randomTrees } from './samples.test-kit.ts'
import { sweepTrees } from './sweep.ts'
import { sumOne } from './trees.ts'

const d = 6
const directions = Int8Array.of(1, -1, 0, 1, 0, -1)

test('trees say the same of rows that move one way, whether asked row by row or all at once', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 0, max: 50 }),
      (seed, trees, leaves, n) => {
        const grown = randomTrees(seed, { trees, leaves, d })
        const random = createRandom(seed + 1)
        const x = new Float64Array(n * d)
        for (const [column, direction] of directions.entries()) {
          // With ties, also with thresholds.
          const values = Float64Array.from({ length: n }, (_, i) =>
            i % 7 === 3 ? (grown.threshold[i % grown.threshold.length] ?? 0) : Math.round(random() * 20) / 20,
          ).sort()
          for (let i = 0; i < n; i++)
            x[i * d + column] = direction === 0 ? (values[0] ?? 0) : (values[direction > 0 ? i : n - 1 - i] ?? 0)
        }
        const out = new Float64Array(n).fill(2)
        sweepTrees(grown, { x, n, d }, directions, out)
        for (let i = 0; i < n; i++) expect(out[i]).toBeCloseTo(2 + sumOne(grown, x.slice(i * d, i * d + d)), 12)
      },
    ),
  )
})
