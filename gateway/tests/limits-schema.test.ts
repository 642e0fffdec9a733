import { readFileSync } from 'node:fs'
import type { DocumentNode, FieldDefinitionNode, TypeNode } from 'graphql'
import { buildSchema, Kind, parse, validate } from 'graphql'
import { describe, expect, it } from 'vitest'
import { createCostLimits } from '@quimbi/service/cost/cost-limits.ts'
import { usualPoints } from '../src/limits/limits.ts'
import { inboxPage, ticketPage } from './limits-console.ts'

const read = (name: string) => readFileSync(new URL(`../../schema/${name}.graphql`, import.meta.url), 'utf8')
const named = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : named(type.type))
const isList = (type: TypeNode): boolean =>
  type.kind === Kind.LIST_TYPE || (type.kind === Kind.NON_NULL_TYPE && isList(type.type))

/** Fields that return lists of objects and do not say how long they may be; `sized` are told by whoever returns their type. */
function unsized(document: DocumentNode): string[] {
  const objects = new Map(
    document.definitions.flatMap((one) =>
      one.kind === Kind.OBJECT_TYPE_DEFINITION ||
      one.kind === Kind.OBJECT_TYPE_EXTENSION ||
      one.kind === Kind.INTERFACE_TYPE_DEFINITION
        ? [[one.name.value, one.fields ?? []] as const]
        : [],
    ),
  )
  const unions = document.definitions.flatMap((one) =>
    one.kind === Kind.UNION_TYPE_DEFINITION ? [one.name.value] : [],
  )
  const isObject = (name: string) => objects.has(name) || unions.includes(name)
  const sized = new Set<string>()
  const unsizedBy = new Set<string>()
  for (const fields of objects.values())
    for (const field of fields)
      for (const name of ['edges', 'nodes'])
        (sizesOf(field).includes(name) ? sized : unsizedBy).add(`${named(field.type)}.${name}`)
  return [...objects].flatMap(([type, fields]) =>
    fields
      .filter((field) => isList(field.type) && isObject(named(field.type)))
      .filter(({ directives = [] }) => !directives.some(({ name }) => ['listSize', 'external'].includes(name.value)))
      .map((field) => `${type}.${field.name.value}`)
      .filter((path) => !sized.has(path) || unsizedBy.has(path)),
  )
}

function sizesOf({ directives = [] }: FieldDefinitionNode): string[] {
  const argument = directives.flatMap((one) => one.arguments ?? []).find(({ name }) => name.value === 'sizedFields')
  return argument?.value.kind === Kind.LIST
    ? argument.value.values.flatMap((one) => (one.kind === Kind.STRING ? [one.value] : []))
    : []
}

describe('the contract', () => {
  it.each(['support', 'intelligence', 'partner'])('of %s says of every list of objects how long it may be', (name) => {
    expect(unsized(parse(read(name)))).toEqual([])
  })

  it('is found wanting where a list or a page says nothing', () => {
    const sdl = `type Query { a: [A] b: [A] @listSize(assumedSize: 2) c: P d: P @listSize(sizedFields: ["nodes"]) names: [String] }
      type A { id: ID } type P { nodes: [A] edges: [A] }`
    expect(unsized(parse(sdl))).toEqual(['Query.a', 'P.nodes', 'P.edges'])
  })
})

describe('what a busy console asks for', () => {
  const costs = createCostLimits(read('supergraph'), usualPoints.document)
  const api = buildSchema(read('api'))

  it.each([
    ['its whole inbox page', inboxPage, { first: 50 }],
    ['the longest page', inboxPage, { first: 100 }],
    ['a ticket with everything around it', ticketPage, { id: 't' }],
  ])('is let through: %s', (_, document, variables) => {
    expect(validate(api, parse(document))).toEqual([])
    const { requested } = costs.checkDocument(parse(document), variables)
    expect(requested).toBeGreaterThan(1_000)
    // A dozen times a minute, and what an answer does not use comes back.
    expect(requested * 12).toBeLessThan(usualPoints.agent)
  })

  it('is not let through when it is multiplied', () => {
    const nested = `{ inbox(first: 100) { nodes { customer { tickets(first: 100) { nodes { messages(first: 100) { nodes { id } } } } } } } }`
    expect(() => costs.checkDocument(parse(nested))).toThrow(/costs 10\d{5} points/)
  })

  it('carries the weights of the subgraphs', () => {
    const { requested } = costs.checkDocument(
      parse('mutation ($input: BulkUpdateTicketsInput!) { bulkUpdateTickets(input: $input) { results { id } } }'),
      {
        input: { ids: ['a', 'b', 'c'] },
      },
    )
    expect(requested).toBe(10 + 1 + 3 * 1 + 3)
  })
})
