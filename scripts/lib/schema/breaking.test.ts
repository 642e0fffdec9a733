import { describe, expect, it } from 'vitest'
import { declarationsSchema, undeclaredChanges } from './breaking.ts'

const before = 'type Query { inbox(first: Int): [Int!]! ticket: Int }'

describe('undeclared breaking changes', () => {
  it('are what a client loses', async () => {
    expect(await undeclaredChanges(before, 'type Query { inbox(first: Int!): [Int!]! }', [])).toEqual([
      expect.objectContaining({ path: 'Query.ticket', type: 'FIELD_REMOVED' }),
      expect.objectContaining({ path: 'Query.inbox.first', type: 'FIELD_ARGUMENT_TYPE_CHANGED' }),
    ])
  })

  it('are none when the change is declared by path and type', async () => {
    const declared = [{ path: 'Query.ticket', type: 'FIELD_REMOVED', reason: 'never used', date: '2026-01-31' }]
    const after = 'type Query { inbox(first: Int): [Int!]! }'
    expect(await undeclaredChanges(before, after, declared)).toEqual([])
    expect(await undeclaredChanges(before, after, [{ ...declared[0]!, type: 'OTHER' }])).toHaveLength(1)
  })

  it('are none when something is added', async () => {
    const after = 'type Query { inbox(first: Int): [Int!]! ticket: Int agent: Int }'
    expect(await undeclaredChanges(before, after, [])).toEqual([])
  })
})

describe('a declaration', () => {
  it('gives a reason and a real date', () => {
    const declaration = { path: 'Query.ticket', type: 'FIELD_REMOVED', reason: 'never used', date: '2026-01-31' }
    expect(declarationsSchema.safeParse([declaration]).success).toBe(true)
    expect(declarationsSchema.safeParse([{ ...declaration, reason: '' }]).success).toBe(false)
    expect(declarationsSchema.safeParse([{ ...declaration, date: '2026-02-31' }]).success).toBe(false)
  })
})
