import { describe, expect, it } from 'vitest'
import { mergeSdl, printSdl } from './merge.ts'
import type { SdlFile } from './merge.ts'

const merged = (...files: SdlFile[]) => printSdl(mergeSdl(files))

const tickets = {
  path: 'tickets/schema.graphql',
  sdl: `extend type Query { ticket: Ticket } type Ticket @key(fields: "id") { id: ID! }`,
}
const people = {
  path: 'people/schema.graphql',
  sdl: `"A person." type Customer { id: ID! } extend type Ticket { customer: Customer } extend type Query { customer: Customer }`,
}

describe('merging the SDL of modules', () => {
  it('joins extensions to their type and puts the root types first', () => {
    expect(merged(tickets, people)).toBe(`extend type Query {
  customer: Customer
  ticket: Ticket
}

"A person."
type Customer {
  id: ID!
}

type Ticket @key(fields: "id") {
  id: ID!
  customer: Customer
}
`)
  })

  it('does not depend on the order of the files', () => {
    expect(merged(people, tickets)).toBe(merged(tickets, people))
  })

  it('keeps the link to the federation specification', () => {
    const link = { path: 'schema.graphql', sdl: 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9")' }
    expect(merged(tickets, link)).toMatch(/^extend schema @link/)
  })

  it('refuses a type that two modules define', () => {
    expect(() => merged(tickets, { ...tickets, path: 'copy.graphql' })).toThrow('defines Ticket once more')
  })

  it('refuses an extension of another kind', () => {
    expect(() => merged(tickets, { path: 'z.graphql', sdl: 'extend input Ticket { a: Int }' })).toThrow('another kind')
  })
})
