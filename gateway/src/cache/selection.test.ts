import { describe, expect, it } from 'vitest'
import { entityFetches } from './selection.ts'

const fetchOf = entityFetches(
  `directive @tag(name: String!) repeatable on FIELD_DEFINITION | OBJECT
   type Query { a: Int }
   type Customer { id: ID! risk(days: Int): Risk name: String draft: String @tag(name: "partner") @tag(name: "uncached") best: Thing either: Either }
   type Risk { score: Float why: String @tag(name: "uncached") }
   interface Thing { name: String }
   type Hat implements Thing { name: String } type Poem implements Thing { name: String @tag(name: "uncached") }
   union Either = Hat | Risk
   type Ticket { id: ID! }`,
  'Customer',
)

const of = (selection: string, name = 'A__intelligence__1', on = 'Customer') =>
  fetchOf(
    `query ${name}($representations:[_Any!]!,$days:Int){_entities(representations:$representations){...on ${on}{${selection}}}}`,
  )

describe('a planned fetch', () => {
  it.each([
    'name',
    '__typename id',
    'risk(days:$days){score}',
    'risk { ... on Risk { score } }',
    'either { __typename ... on Hat { name } }',
  ])('of what can be kept is kept: %s', (selection) => expect(of(selection)).toMatchObject({ isKept: true }))

  it.each([
    'draft',
    'name risk { score why }',
    'best { name }',
    'either { ... on Risk { why } }',
    'unknown',
    'name ...Named',
  ])('that holds anything else is not: %s', (selection) => expect(of(selection)).toMatchObject({ isKept: false }))

  it('has one selection whatever the operation is called, and another for other fields', () => {
    expect(of('name', 'A')).toEqual(of('name', 'B'))
    expect(of('name')?.selection).not.toBe(of('id name')?.selection)
    expect(of('risk(days: 1) { score }')?.selection).not.toBe(of('risk(days: 2) { score }')?.selection)
  })

  it.each([
    '{ a }',
    'mutation { a }',
    'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Ticket { id } } }',
    'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Ticket { id } ... on Customer { id } } }',
    'query ($r: [_Any!]!) { a _entities(representations: $r) { ... on Customer { id } } }',
    'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Customer { id } } a }',
    'query ($r: [_Any!]!, $c: Boolean!) { _entities(representations: $r) @include(if: $c) { ... on Customer { id } } }',
    'query ($r: [_Any!]!) { b: _entities(representations: $r) { ... on Customer { id } } }',
    'query ($r: [_Any!]!) { _entities(representations: $r) { ...C } } fragment C on Customer { id }',
  ])('of something else is none of ours: %s', (query) => expect(fetchOf(query)).toBeNull())
})
