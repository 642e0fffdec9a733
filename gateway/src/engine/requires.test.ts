import type { QueryPlanSelectionNode } from '@apollo/query-planner'
import { describe, expect, it } from 'vitest'
import { compileKey } from './requires.ts'

const field = (name: string): QueryPlanSelectionNode => ({ kind: 'Field', name })
const on = (typeCondition: string, ...selections: QueryPlanSelectionNode[]): QueryPlanSelectionNode[] => [
  { kind: 'InlineFragment', typeCondition, selections },
]

describe('the key of an entity', () => {
  const keyOf = compileKey(on('Customer', field('__typename'), field('id')))

  it('is its one field, a text told from a number', () => {
    expect(keyOf?.({ __typename: 'Customer', id: '7', name: 'Ada' })).toBe('7')
    expect(keyOf?.({ __typename: 'Customer', id: 7 })).toBe(7)
  })

  it('is none where it is missing, no plain value, or of another type', () => {
    for (const entity of [{}, { id: null }, { id: {} }, { id: ['7'] }, { id: '7', __typename: 'Agent' }])
      expect(keyOf?.({ __typename: 'Customer', ...entity })).toBeUndefined()
    expect(keyOf?.({ id: '7' })).toBeUndefined()
  })

  it('is not to be had from several fields, nested ones or several types', () => {
    const nested: QueryPlanSelectionNode = { kind: 'Field', name: 'shop', selections: [field('id')] }
    expect(compileKey(on('Customer', field('__typename'), field('id'), field('email')))).toBeNull()
    expect(compileKey(on('Customer', field('__typename'), nested))).toBeNull()
    expect(compileKey(on('Customer', field('__typename')))).toBeNull()
    expect(compileKey([...on('Customer', field('id')), ...on('Agent', field('id'))])).toBeNull()
  })
})
