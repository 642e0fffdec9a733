import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assign } from './assignment.ts'

const total = (cost: number[][], columns: readonly number[]) =>
  columns.reduce((sum, column, row) => sum + cost[row]![column]!, 0)

/** Every way to give each row a column of its own. */
function* everyWay(rows: number, columns: number, used: number[] = []): Generator<number[]> {
  if (used.length === rows) return yield used
  for (let column = 0; column < columns; column++)
    if (!used.includes(column)) yield* everyWay(rows, columns, [...used, column])
}

const costs = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 2 })).chain(([rows, more]) =>
  fc.array(fc.array(fc.nat(20), { minLength: rows + more, maxLength: rows + more }), {
    minLength: rows,
    maxLength: rows,
  }),
)

describe('an assignment', () => {
  it('costs the least of all there are', () => {
    fc.assert(
      fc.property(costs, (cost) => {
        const chosen = assign(cost)
        expect(new Set(chosen).size).toBe(cost.length)
        const least = Math.min(...[...everyWay(cost.length, cost[0]!.length)].map((way) => total(cost, way)))
        expect(total(cost, chosen)).toBe(least)
      }),
    )
  })

  it('of nothing is nothing', () => {
    expect(assign([])).toEqual([])
  })

  it('refuses more rows than columns', () => {
    expect(() => assign([[1], [2]])).toThrow(RangeError)
  })
})
