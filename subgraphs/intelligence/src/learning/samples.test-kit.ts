import { createRandom } from '@quimbi/service/random.ts'
import type { Matrix } from './matrix.ts'
import { sigmoid } from './objectives.ts'
import { createTreeBuilder, type Trees } from './trees.ts'

/** Rows of mixed columns: every third of few whole numbers, the others skewed. Targets depend on the first three. */
export function sampleRows(n: number, d: number, seed: number): { m: Matrix; y: Float64Array; amount: Float64Array } {
  const random = createRandom(seed)
  const x = Float64Array.from({ length: n * d }, (_, at) =>
    (at % d) % 3 === 0 ? Math.floor(random() * 20) : random() * random() * 100,
  )
  const score = Float64Array.from(
    { length: n },
    (_, i) => x[i * d]! / 5 - (x[i * d + 1] ?? 0) / 30 + Math.sin((x[i * d + 2] ?? 0) / 10) - 1,
  )
  const y = score.map((s) => (random() < sigmoid(s) ? 1 : 0))
  const amount = score.map((s, i) => y[i]! * Math.exp(s / 2 + 2) * (0.5 + random()))
  return { m: { x, n, d }, y, amount }
}

/** Trees of random shape over `d` columns with random thresholds in 0…1 and random covers. */
export function randomTrees(seed: number, { trees, leaves, d }: { trees: number; leaves: number; d: number }): Trees {
  const random = createRandom(seed)
  const builder = createTreeBuilder()
  for (let t = 0; t < trees; t++) {
    const open = [builder.root()]
    while (open.length < leaves) {
      const [node] = open.splice(Math.floor(random() * open.length), 1)
      const child = builder.split(node!, Math.floor(random() * d), random())
      open.push(child, child + 1)
    }
    for (const node of open) builder.leaf(node, 1 + Math.floor(random() * 50), random() * 2 - 1)
  }
  return builder.build()
}
