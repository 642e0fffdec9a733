import { describe, expect, it } from 'vitest'
import { formatTable } from './table.ts'

describe('a table', () => {
  it('has text to the left and numbers to the right', () => {
    const text = formatTable(
      ['what', 'rows'],
      [
        ['orders', 1234],
        ['x', 5],
      ].map((row) => row as [string, number]),
    )
    expect(text.split('\n')).toEqual(['what     rows', '------  -----', 'orders  1,234', 'x           5'])
  })
})
