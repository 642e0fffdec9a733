import { describe, expect, it } from 'vitest'
import { connection, pageSize } from './pagination.ts'

describe('pageSize', () => {
  it('falls back to the default and accepts 1 to 100', () => {
    expect(pageSize(undefined, { default: 20 })).toBe(20)
    expect(pageSize(null, { default: 20 })).toBe(20)
    expect([1, 100].map((first) => pageSize(first, { default: 20 }))).toEqual([1, 100])
  })

  it.each([0, -1, 101, 1.5, Number.NaN])('refuses %s', (first) => {
    expect(() => pageSize(first, { default: 20 })).toThrow('"first" must be between 1 and 100')
  })
})

describe('connection', () => {
  const cursorOf = (row: string) => `c-${row}`

  it('shows the page and that there is more', () => {
    expect(connection(['a', 'b', 'c'], 2, cursorOf)).toEqual({
      edges: [
        { node: 'a', cursor: 'c-a' },
        { node: 'b', cursor: 'c-b' },
      ],
      nodes: ['a', 'b'],
      pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: 'c-a', endCursor: 'c-b' },
    })
  })

  it('knows the last page, the page after another, and the empty one', () => {
    expect(connection(['a', 'b'], 2, cursorOf, { after: 'c-0' }).pageInfo).toMatchObject({
      hasNextPage: false,
      hasPreviousPage: true,
    })
    expect(connection([], 2, cursorOf, { after: null }).pageInfo).toEqual({
      hasNextPage: false,
      hasPreviousPage: false,
      startCursor: null,
      endCursor: null,
    })
  })
})
