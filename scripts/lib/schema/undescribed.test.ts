import { parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { undescribed } from './undescribed.ts'

describe('undescribed parts of an SDL', () => {
  it('are types, fields, arguments, enum values, input fields and directives without a description', () => {
    const document = parse(`
      extend schema @link(url: "https://specs.apollo.dev/federation/v2.9")
      extend type Query { inbox(first: Int): Ticket }
      type Ticket { number: Int! }
      enum Status { OPEN }
      input Filter { status: Status }
      scalar Decimal
      union Actor = Ticket
      directive @masked(by: String) on FIELD_DEFINITION
    `)
    expect(undescribed(document)).toEqual([
      'Query.inbox',
      'Query.inbox(first)',
      'Ticket',
      'Ticket.number',
      'Status',
      'Status.OPEN',
      'Filter',
      'Filter.status',
      'Decimal',
      'Actor',
      '@masked',
      '@masked(by)',
    ])
  })

  it('are none when everything is described', () => {
    const document = parse(`
      type Query { "The inbox." inbox("How many." first: Int): Int }
      "How urgent." enum Priority { "Now." HIGH }
    `)
    expect(undescribed(document)).toEqual([])
  })

  it('do not include extensions of described types and external fields', () => {
    expect(undescribed(parse(`extend type Customer { id: ID! @external "Why." name: String }`))).toEqual([])
  })
})
