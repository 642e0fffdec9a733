import fc from 'fast-check'
import { expect, test } from 'vitest'
import { binMatrix } from './bins.ts'
import { matrixOf } from './matrix.ts'

const values = fc.array(
  fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: -3, max: 3 })),
  {
    minLength: 1,
    maxLength: 300,
  },
)

test('a value is in bin b where it is up to cut b and above the cut before', () => {
  fc.assert(
    fc.property(values, fc.integer({ min: 2, max: 255 }), (column, bins) => {
      const binned = binMatrix(matrixOf(column.map((value) => [value])), bins)
      const [cuts] = binned.cuts
      expect(cuts!.length).toBeLessThan(bins)
      expect([...cuts!]).toEqual([...new Set(cuts)].sort((a, b) => a - b))
      column.forEach((value, i) => {
        const bin = binned.columns[0]![i]!
        expect(value <= (cuts![bin] ?? Infinity)).toBe(true)
        expect(value > (cuts![bin - 1] ?? -Infinity)).toBe(true)
      })
    }),
  )
})

test('few distinct values get a bin each, even the closest ones', () => {
  const next = 1 + Number.EPSILON
  const column = [1, next, 1, 5, next, -1e308, 1e308]
  const { columns, cuts } = binMatrix(matrixOf(column.map((value) => [value])), 8)
  expect(cuts[0]!.length).toBe(4)
  expect([...columns[0]!]).toEqual([1, 2, 1, 3, 2, 0, 4])
})

test('many distinct values fill their bins about evenly', () => {
  const { columns } = binMatrix(matrixOf(Array.from({ length: 10_000 }, (_, i) => [(i * 7919) % 10_000])), 20)
  const counts = new Float64Array(20)
  for (const bin of columns[0]!) counts[bin]! += 1
  expect(Math.min(...counts)).toBeGreaterThanOrEqual(499)
  expect(Math.max(...counts)).toBeLessThanOrEqual(501)
})
