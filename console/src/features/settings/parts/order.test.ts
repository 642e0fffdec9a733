import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { moved, orderAfter } from './order.ts'

const inOrder = fc
  .array(fc.integer({ min: 0, max: 30 }), { minLength: 2, maxLength: 12 })
  .map((orders) => orders.toSorted((a, b) => a - b).map((order, at) => ({ id: `r${at}`, order })))

describe('moving one among others', () => {
  it('changes places with its neighbour and keeps all others in place, whatever their orders were', () => {
    fc.assert(
      fc.property(inOrder, fc.nat(), fc.constantFrom(-1 as const, 1 as const), (items, seed, by) => {
        const index = seed % items.length
        const changes = new Map(moved(items, index, by).map(({ id, order }) => [id, order]))
        const after = items
          .map(({ id, order }) => ({ id, order: changes.get(id) ?? order }))
          .toSorted((a, b) => a.order - b.order)
        const expected = items.map(({ id }) => id)
        const to = index + by
        if (expected[to] !== undefined) [expected[index], expected[to]] = [expected[to], expected[index] as string]
        expect(after.map(({ id }) => id)).toEqual(expected)
      }),
    )
  })

  it('saves two where two are enough', () => {
    const items = [1, 2, 3].map((order) => ({ id: `r${order}`, order }))
    expect(moved(items, 2, -1)).toEqual([
      { id: 'r3', order: 2 },
      { id: 'r2', order: 3 },
    ])
  })

  it('does nothing at the ends', () => {
    expect(moved([{ id: 'a', order: 1 }], 0, -1)).toEqual([])
  })

  it('puts a new one after all', () => {
    expect(orderAfter([{ order: 40 }, { order: 7 }])).toBe(50)
    expect(orderAfter([])).toBe(10)
  })
})
