import { createRandom } from '@quimbi/service/random.ts'
import { expect, test } from 'vitest'
import { drawRows, matrixOf, requireFinite, requireTwoClasses, takeRows } from './matrix.ts'

test('rows come out as they went in, in the order asked, as often as asked', () => {
  const m = matrixOf([
    [1, 2],
    [3, 4],
    [5, 6],
  ])
  expect(m).toMatchObject({ n: 3, d: 2 })
  expect([...takeRows(m, [2, 0, 2]).x]).toEqual([5, 6, 1, 2, 5, 6])
})

test.each([
  ['ragged rows', () => matrixOf([[1, 2], [3]])],
  ['a NaN', () => requireFinite(matrixOf([[1], [Number.NaN]]))],
  ['an infinity', () => requireFinite(matrixOf([[Infinity]]))],
  ['a length that is not n × d', () => requireFinite({ x: new Float64Array(5), n: 2, d: 2 })],
  ['too few targets', () => requireFinite(matrixOf([[1], [2]]), [1])],
  ['a target that is no number', () => requireFinite(matrixOf([[1]]), [Number.NaN])],
  ['a class other than 0 and 1', () => requireTwoClasses([0, 1, 2])],
])('%s is refused', (_, run) => {
  expect(run).toThrow(expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT' } }))
})

test('a single class is refused with a reason of its own, because callers fall back then', () => {
  const refused = expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT', reason: 'ONE_CLASS' } })
  expect(() => requireTwoClasses([0, 0])).toThrow(refused)
  expect(() => requireTwoClasses([1, 1])).toThrow(refused)
  expect(() => requireTwoClasses([])).toThrow(refused)
})

test('rows are drawn once each, and every row as often as any other', () => {
  const random = createRandom(1)
  const times = new Float64Array(10)
  for (let draw = 0; draw < 3_000; draw++) {
    const rows = drawRows(10, 4, random)
    expect(new Set(rows).size).toBe(4)
    for (const row of rows) times[row]! += 1
  }
  for (const count of times) expect(Math.abs(count - 1_200)).toBeLessThan(120)
})
