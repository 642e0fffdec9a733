import type { FetchNode } from '@apollo/query-planner'
import { buildSchema, OperationTypeNode, type FormattedExecutionResult } from 'graphql'
import { describe, expect, it } from 'vitest'
import type { Entity } from './entities.ts'
import { Unsupported } from './errors.ts'
import { compileFetch } from './fetch.ts'
import type { Run } from './run.ts'

const schema = buildSchema(`
  type Query { items: [Item] }
  interface Item { id: ID }
  type Book implements Item { id: ID title: String }
  type Movie implements Item { id: ID title: String! }
`)

const node = (changes: Partial<FetchNode>): FetchNode => ({
  kind: 'Fetch',
  serviceName: 'shop',
  operation:
    'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Book { title__alias_0: title } } }',
  operationName: undefined,
  operationKind: OperationTypeNode.QUERY,
  requires: [
    {
      kind: 'InlineFragment',
      typeCondition: 'Item',
      selections: [
        { kind: 'Field', name: '__typename' },
        { kind: 'Field', name: 'id' },
      ],
    },
  ],
  ...changes,
})

async function runOn(root: Entity, changes: Partial<FetchNode>, answer: unknown, paths = [['items', '@']]) {
  const asked: Record<string, unknown>[] = []
  const run: Run = {
    variables: {},
    coerced: {},
    root,
    errors: [],
    memory: new Map(),
    ask: async (_node, { variables = {} }) => {
      asked.push(variables)
      return answer as FormattedExecutionResult
    },
  }
  await compileFetch(schema, node(changes), { paths, isLast: false })(run)
  return { asked, ...run }
}

const items = () => ({
  items: [{ __typename: 'Movie', id: 'm' }, null, { __typename: 'Book', id: 'b' }, { id: 'unknown' }],
})

describe('a fetch of entities', () => {
  it('renames what the planner had to rename, in the data and in the paths of errors', async () => {
    const outputRewrites: FetchNode['outputRewrites'] = [
      { kind: 'KeyRenamer', path: ['... on Book', 'title__alias_0'], renameKeyTo: 'title' },
    ]
    const { root, errors } = await runOn(
      items(),
      { outputRewrites },
      {
        data: { _entities: [{ title: 'M' }, { title__alias_0: 'B' }] },
        errors: [{ message: 'odd', path: ['_entities', 1, 'title__alias_0'] }],
      },
    )
    expect(root['items']).toMatchObject([{ title: 'M' }, null, { title: 'B' }, { id: 'unknown' }])
    expect(errors.map(({ path }) => path)).toEqual([['items', 2, 'title']])
  })

  it('tells a subgraph the type that it knows', async () => {
    const inputRewrites: FetchNode['inputRewrites'] = [
      { kind: 'ValueSetter', path: ['... on Book', '__typename'], setValueTo: 'Item' },
    ]
    const { asked } = await runOn(items(), { inputRewrites }, { data: { _entities: [null, null] } })
    expect(asked).toEqual([
      {
        representations: [
          { __typename: 'Movie', id: 'm' },
          { __typename: 'Item', id: 'b' },
        ],
      },
    ])
  })

  it('does not ask where nothing can be told of any entity', async () => {
    const { asked, errors } = await runOn({ items: [{ id: 'unknown' }, null] }, {}, {})
    expect({ asked, errors }).toEqual({ asked: [], errors: [] })
  })

  it('keeps an error without a path, at the list', async () => {
    const { errors } = await runOn(
      items(),
      {},
      { data: null, errors: [{ message: 'all wrong' }, 'nonsense', { path: 3 }] },
    )
    expect(errors.map(({ message, path, extensions }) => ({ message, path, extensions }))).toEqual([
      { message: 'all wrong', path: ['items'], extensions: { code: 'DOWNSTREAM_SERVICE_ERROR', service: 'shop' } },
    ])
  })

  it('fills what it can where an entity is none, and says what the subgraph said', async () => {
    const answer = { data: { _entities: ['text', { title: 'B' }] }, errors: [{ message: 'odd' }] }
    const { root, errors } = await runOn(items(), {}, answer)
    expect(root['items']).toMatchObject([{ id: 'm' }, null, { title: 'B' }, {}])
    expect(errors.map(({ message }) => message)).toEqual([
      'odd',
      'The service answered with an entity that is no object',
    ])
  })

  it.each([
    ['contexts', { contextRewrites: [{ kind: 'KeyRenamer', path: ['a'], renameKeyTo: 'b' }] }],
    ['names that objects inherit', { operation: '{ constructor: items { id } }', requires: [] }],
  ] as [string, Partial<FetchNode>][])('is left to Apollo’s executor with %s', (_name, changes) => {
    expect(() => compileFetch(schema, node(changes), { paths: [[]], isLast: true })).toThrow(Unsupported)
  })
})

describe('what is known to be of an object type', () => {
  const item = (__typename: string, more = {}) => ({ __typename, part: { __typename }, ...more })
  const rootFetch = {
    operation: '{ items { __typename part { __typename } code } }',
    requires: undefined,
  } as unknown as Partial<FetchNode>
  const merged = async (root: Entity, told: object) => {
    const { root: result } = await runOn(root, rootFetch, { data: { items: [told] } }, [[]])
    return result
  }

  it('stays of it where a root field is told by a subgraph that knows the interface only, whoever answers first', async () => {
    const expected = { items: [item('Book', { code: 1 })] }
    expect(await merged({ items: [item('Book')] }, item('Item', { code: 1 }))).toEqual(expected)
    expect(await merged({ items: [item('Item', { code: 1 })] }, item('Book'))).toEqual(expected)
    expect(await merged({ items: [item('Book')] }, item('Movie'))).toEqual({ items: [item('Movie')] })
  })
})
