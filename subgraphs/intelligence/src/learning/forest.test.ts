import { createRandom } from '@quimbi/service/random.ts'
import { RandomForestClassifier } from 'ml-random-forest'
import { expect, test } from 'vitest'
import { binMatrix } from './bins.ts'
import { binsOf, compileTree, type ForestOptions, predictForest, trainForest, trainLibraryTree } from './forest.ts'
import { matrixOf } from './matrix.ts'
import { auc } from './metrics.ts'
import { sampleRows } from './samples.test-kit.ts'
import { createTreeBuilder } from './trees.ts'

const options: ForestOptions = { trees: 10, rowsPerTree: 200, maxDepth: 5, minRows: 8, columnFraction: 0.5, seed: 1 }
const refused = expect.objectContaining({ extensions: expect.objectContaining({ code: 'BAD_USER_INPUT' }) })

test('compiled trees say what the library says, row by row', () => {
  const { m, y } = sampleRows(1_500, 7, 1)
  const binned = binMatrix(m, 32)
  const random = createRandom(2)
  const everyone = Array.from({ length: m.n }, (_, i) => binsOf(binned, i))
  for (const columnFraction of [0.01, 0.5, 1]) {
    const rows = Array.from({ length: 300 }, () => Math.floor(random() * m.n))
    const library = trainLibraryTree(binned, y, rows, { ...options, columnFraction }, random)
    const builder = createTreeBuilder()
    compileTree(builder, library, binned, rows, (share) => share)
    const trees = builder.build()
    const told = library.predict(everyone)
    expect([...predictForest(trees, m)]).toEqual(told)
    expect(new Set(told).size).toBeGreaterThan(4)
  }
})

test('a compiled classifier votes as the library does, row by row', () => {
  const { m, y } = sampleRows(1_500, 7, 1)
  const binned = binMatrix(m, 32)
  const rows = Array.from({ length: 300 }, (_, i) => i)
  const everyone = Array.from({ length: m.n }, (_, i) => binsOf(binned, i))
  for (const seed of [1, 2, 3]) {
    const library = new RandomForestClassifier({ seed, nEstimators: 1, useSampleBagging: false, noOOB: true })
    library.train(everyone.slice(0, 300), Array.from(y.slice(0, 300)))
    const builder = createTreeBuilder()
    // A tie goes to 0; sums of equal shares may miss one half by a last digit.
    compileTree(builder, library, binned, rows, (share) => (share > 0.5 + 1e-9 ? 1 : 0))
    const votes = library.predict(everyone)
    expect([...predictForest(builder.build(), m)]).toEqual(votes)
    expect(new Set(votes)).toEqual(new Set([0, 1]))
  }
})

test('leaf frequencies are those of the rows that fall in', () => {
  const { m, y } = sampleRows(400, 5, 3)
  const rows = Array.from({ length: 400 }, (_, i) => i)
  const trees = trainForest(m, y, { ...options, trees: 1, rowsPerTree: 400 })
  const p = predictForest(trees, m)
  for (const share of new Set(p)) {
    const inside = rows.filter((row) => p[row] === share)
    expect(inside.filter((row) => y[row]).length / inside.length).toBeCloseTo(share, 9)
  }
  expect(trees.cover[trees.roots[0]!]).toBe(400)
})

test('it tells the classes apart with probabilities, the same for the same seed', () => {
  const { m, y } = sampleRows(2_000, 6, 4)
  const trees = trainForest(m, y, options)
  const p = predictForest(trees, m)
  expect(auc(y, p)).toBeGreaterThan(0.7)
  expect(p.every((value) => value >= 0 && value <= 1 + 1e-12)).toBe(true)
  expect(trainForest(m, y, options)).toEqual(trees)
  expect(trainForest(m, y, { ...options, seed: 2 })).not.toEqual(trees)
})

test('fewer rows than a tree draws, and draws of one class, are no trouble', () => {
  const m = matrixOf(Array.from({ length: 30 }, (_, i) => [i, i % 3]))
  const y = Float64Array.from({ length: 30 }, (_, i) => (i === 29 ? 1 : 0))
  const p = predictForest(trainForest(m, y, { ...options, rowsPerTree: 10, minRows: 1 }), m)
  expect(p.every((value) => value >= 0 && value <= 1)).toBe(true)
  const told: number[] = []
  trainForest(m, y, { ...options, rowsPerTree: 100, onTree: (tree) => told.push(tree) })
  expect(told).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
})

test.each([
  ['NaN', () => trainForest(matrixOf([[Number.NaN], [1]]), Float64Array.of(0, 1), options)],
  ['one class', () => trainForest(matrixOf([[0], [1]]), Float64Array.of(0, 0), options)],
  ['a third class', () => trainForest(matrixOf([[0], [1]]), Float64Array.of(0, 2), options)],
])('%s is refused', (_, run) => expect(run).toThrow(refused))
