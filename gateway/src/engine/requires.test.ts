import type { QueryPlanSelectionNode } from '@apollo/query-planner'
import fc from 'fast-check'
import { buildSchema } from 'graphql'
import { describe, expect, it } from 'vitest'
import { compileKey } from './requires.ts'

const schema = buildSchema(`
  interface Person { id: ID }
  type Customer implements Person { id: ID }
  type Agent implements Person { id: ID }
  type Query { person: Person }`)

const field = (name: string): QueryPlanSelectionNode => ({ kind: 'Field', name })
const on = (typeCondition: string, ...selections: QueryPlanSelectionNode[]): QueryPlanSelectionNode[] => [
  { kind: 'InlineFragment', typeCondition, selections },
]

describe('the key of an entity', () => {
  const keyOf = compileKey(schema, on('Customer', field('__typename'), field('id')))

  it('is its one field, a text told from a number', () => {
    const keys = ['7', 7, '7;', '#7;', ''].map((id) => keyOf?.({ __typename: 'Customer', id, name: 'Ada' }))
    expect(new Set(keys).size).toBe(5)
    expect(keys).not.toContain(undefined)
    expect(keyOf?.({ __typename: 'Customer', id: '7', name: 'Bob' })).toBe(keys[0])
  })

  it('is none where it is missing, no plain value, or of another type', () => {
    for (const entity of [{}, { id: null }, { id: {} }, { id: ['7'] }, { id: '7', __typename: 'Agent' }])
      expect(keyOf?.({ __typename: 'Customer', ...entity })).toBeUndefined()
    expect(keyOf?.({ id: '7' })).toBeUndefined()
  })

  it('is made of several fields and types so that no two entities have one', () => {
    const of = compileKey(schema, [
      ...on('Customer', field('id'), field('mail')),
      ...on('Agent', field('id'), field('mail')),
    ])
    const text = fc.oneof(fc.string(), fc.constantFrom('1:1', '#1;', '1', ''), fc.integer())
    const entity = fc.record({ __typename: fc.constantFrom('Customer', 'Agent'), id: text, mail: text })
    fc.assert(
      fc.property(entity, entity, (one, other) => {
        expect(of?.(one) === of?.(other)).toBe(JSON.stringify(one) === JSON.stringify(other))
        expect(of?.(one)?.startsWith('{')).toBe(false)
      }),
    )
  })

  it('is not to be had from nested fields, or where there is none', () => {
    const nested: QueryPlanSelectionNode = { kind: 'Field', name: 'shop', selections: [field('id')] }
    expect(compileKey(schema, on('Customer', field('__typename'), nested))).toBeNull()
    expect(compileKey(schema, on('Customer', field('__typename')))).toBeNull()
    expect(compileKey(schema, [field('id')])).toBeNull()
    // A customer would be told by the one, and by both.
    expect(compileKey(schema, [...on('Customer', field('id')), ...on('Person', field('id'), field('mail'))])).toBeNull()
  })
})
