import { buildSchema } from 'graphql'
import { describe, expect, it } from 'vitest'
import { changesOf } from './changes.ts'

const schema = buildSchema('type Query { a: Customer } type Customer { id: ID! }')
const breaking = (path: string) => ({ path, type: 'FIELD_REMOVED', reason: 'Nobody used it.', date: '2026-12-01' })

describe('changes', () => {
  it('come newest first, with what broke that partners know', () => {
    const given = [
      { date: '2026-11-22', title: 'First', added: ['Query.a', 'Query.gone'] },
      {
        date: '2026-12-02',
        title: 'Second',
        deprecated: [{ element: 'Query.a', until: '2027-06-30', instead: 'Ask b.' }],
      },
    ]
    const broken = ['Customer.name', 'Query.gone', 'Query.neverTheirs', 'Ticket.tags'].map(breaking)
    expect(changesOf(schema, given, broken).map(({ date, title, removed }) => [date, title, removed.length])).toEqual([
      ['2026-12-02', 'Second', 0],
      ['2026-12-01', 'Changed', 2],
      ['2026-11-22', 'First', 0],
    ])
  })

  it.each([
    [[{ date: 'soon', title: 'A' }]],
    [[{ date: '2026-11-22', title: '' }]],
    [[{ date: '2026-11-22', title: 'A', addded: [] }]],
    [[{ date: '2026-11-22', title: 'A', deprecated: [{ element: 'Query.a', instead: 'b' }] }]],
  ])('are refused as %j', (given) => {
    expect(() => changesOf(schema, given, [])).toThrow()
  })
})
