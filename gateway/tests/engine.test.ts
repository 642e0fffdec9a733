import { createGraph } from '@quimbi/gateway/engine/prepare.ts'
import { codedError } from '@quimbi/service/errors.ts'
import { executeQueryPlan } from '@apollo/gateway'
import { Supergraph } from '@apollo/federation-internals'
import type { FormattedExecutionResult } from 'graphql'
import { describe, expect, it } from 'vitest'
import { composeFixture, fixtureSubgraphs, services } from './engine-fixture.ts'
import { anEngine, neverAnswering, requestFor } from './engine-kit.ts'

const away = () => async (): Promise<FormattedExecutionResult> => {
  throw codedError('SUBGRAPH_UNAVAILABLE', 'The service cannot be reached', { retryable: true })
}
const unavailable = (service: string) => ({ code: 'SUBGRAPH_UNAVAILABLE', retryable: true, service })

const found = '{ search { ... on Author { name rating } ... on Book { title } } }'

/** Apollo's own executor on the fixture. */
async function stock(query: string) {
  const graph = createGraph(composeFixture())
  const supergraph = Supergraph.build(graph.sdl)
  const request = requestFor({ query })
  const { plan, operation } = graph.prepare({ ...request, operationName: undefined })
  const answer = fixtureSubgraphs()
  const sources = services.map((name) => [
    name,
    { process: ({ request }: { request: never }) => answer(name, request) },
  ])
  const schema = supergraph.schema.toGraphQLJSSchema()
  return executeQueryPlan(plan, Object.fromEntries(sources), request, operation, schema, supergraph.apiSchema())
}

describe('entities', () => {
  it('are asked for once each, and fill every place where they stand', async () => {
    const { ask, asked } = await anEngine()
    const { data, errors } = await ask('{ matrix { id bio } search { ... on Author { id bio } } }')
    expect(errors).toBeUndefined()
    const lists = asked.filter(({ service }) => service === 'reviews').map(({ operation }) => operation.variables)
    for (const { representations } of lists as { representations: { id: string }[] }[])
      expect(representations.map(({ id }) => id)).toEqual([...new Set(representations.map(({ id }) => id))])
    const bio = { id: 'a1', bio: 'About Author 1' }
    expect((data as { matrix: unknown }).matrix).toEqual([[bio, null, { id: 'a2', bio: 'About Author 2' }], [bio], []])
  })

  it('report an error at every place where they stand', async () => {
    const fails = () => async () => ({
      data: { _entities: [{ mentor: null }, { mentor: { id: 'a9' } }] },
      errors: [{ message: 'no', path: ['_entities', 0, 'mentor'], extensions: { code: 'ODD' } }],
    })
    const { ask } = await anEngine({ reviews: fails })
    const { data, errors } = await ask('{ matrix { mentor { id } } }')
    expect(errors?.map(({ path }) => path)).toEqual([
      ['matrix', 0, 0, 'mentor'],
      ['matrix', 1, 0, 'mentor'],
    ])
    expect(errors?.[0]?.extensions).toEqual({ code: 'ODD', service: 'reviews' })
    expect(data).toEqual({ matrix: [[{ mentor: null }, null, { mentor: { id: 'a9' } }], [{ mentor: null }], []] })
  })

  it('report it there in lists of several types too, where Apollo’s executor counts wrongly', async () => {
    const fails =
      (next: ReturnType<typeof away>) =>
      async (...asked: Parameters<typeof next>) => {
        const result = await next(...asked)
        return { ...result, errors: [{ message: 'no', path: ['_entities', 0, 'rating'] }] }
      }
    const { ask } = await anEngine({ reviews: fails as never })
    const { errors } = await ask(found)
    expect(errors?.map(({ path }) => path)).toEqual([
      ['search', 1, 'rating'],
      ['search', 4, 'rating'],
    ])
    const { errors: stocks } = await stock('{ items { ... on Movie { popularity } } }')
    const { errors: ours } = await (await anEngine()).ask('{ items { ... on Movie { popularity } } }')
    expect(ours?.map(({ path }) => path)).toEqual([['items', 4, 'popularity']])
    expect(stocks?.map(({ path }) => path)).not.toEqual([['items', 4, 'popularity']])
  })
})

describe('a subgraph that is away', () => {
  it('leaves its fields null, and says so once at the list below which they are', async () => {
    const { ask } = await anEngine({ charts: away })
    const { data, errors } = await ask('{ items(first: 2) { id popularity } }')
    expect(data).toEqual({
      items: [
        { id: 'm0', popularity: null },
        { id: 'b1', popularity: null },
      ],
    })
    expect(errors).toMatchObject([{ path: ['items'], extensions: unavailable('charts') }])
  })

  it('says so at each field where there is no list', async () => {
    const { ask } = await anEngine({ charts: away, catalogue: (next) => next })
    const { data, errors } = await ask('{ one { title popularity levels } }')
    expect(data).toEqual({ one: { title: 'Book 3', popularity: null, levels: null } })
    expect(errors?.map(({ path }) => path)).toEqual([
      ['one', 'popularity'],
      ['one', 'levels'],
    ])
  })

  it('says so at each root field', async () => {
    const { ask } = await anEngine({ catalogue: away })
    const { data, errors } = await ask('{ first: one { id } lucky { __typename } }')
    expect(data).toEqual({ first: null, lucky: null })
    expect(errors?.map(({ path }) => path)).toEqual([['first'], ['lucky']])
    expect(errors?.[0]?.extensions).toEqual(unavailable('catalogue'))
  })

  it('is told from one that breaks, whose message stays here', async () => {
    const breaks = () => async () => {
      throw new TypeError('at 10.0.0.7')
    }
    const { ask } = await anEngine({ catalogue: breaks })
    const { errors } = await ask('{ one { id } }')
    expect(errors).toMatchObject([{ message: 'The fetch failed', extensions: { code: 'INTERNAL_SERVER_ERROR' } }])
    expect(errors?.[0]?.originalError).toBeInstanceOf(TypeError)
  })
})

describe('an answer that is none', () => {
  it.each([
    ['data that is no object', { data: 'text' }],
    ['too few entities', { data: { _entities: [] } }],
    ['entities that are no list', { data: { _entities: {} } }],
    ['an entity that is no object', { data: { _entities: ['text'] } }],
  ])('as %s is an error at its place', async (_name, answer) => {
    const { ask } = await anEngine({ charts: () => async () => answer as unknown as FormattedExecutionResult })
    const { data, errors } = await ask('{ one { id popularity } }')
    expect(data).toEqual({ one: { id: 'b3', popularity: null } })
    expect(errors).toMatchObject([{ path: ['one', 'popularity'], extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }])
  })

  it('reaches nothing by the names that objects inherit', async () => {
    const text = '{"data":{"one":{"id":"b1","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}}}'
    const { ask } = await anEngine({ catalogue: () => async () => JSON.parse(text) as FormattedExecutionResult })
    expect((await ask('{ one { id } }')).data).toEqual({ one: { id: 'b1' } })
    expect({}).not.toHaveProperty('polluted')
  })

  it('or that hides what is hidden: an enum value, a type', async () => {
    const { ask } = await anEngine()
    const { data } = await ask('{ node(id: "a2") { ... on Author { kind } } secret: node(id: "s1") { id } }')
    expect(data).toEqual({ node: { kind: null }, secret: null })
  })
})

describe('what is left to Apollo’s executor', () => {
  it.each([
    [
      'introspection beside data',
      '{ one { id } __schema { queryType { name } } }',
      '{"one":{"id":"b3"},"__schema":{"queryType":{"name":"Query"}}}',
    ],
    [
      'nothing but introspection',
      '{ __type(name: "Kind") { enumValues { name } } }',
      '{"__type":{"enumValues":[{"name":"A"},{"name":"B"}]}}',
    ],
    [
      'names that objects inherit',
      '{ one { constructor: id toString: score __proto__: title } }',
      '{"one":{"constructor":"b3","toString":1,"__proto__":"Book 3"}}',
    ],
    [
      'a variable named representations',
      'query ($representations: ID!) { node(id: $representations) { id } }',
      '{"node":{"id":"b1"}}',
    ],
  ])('is %s', async (_name, query, answer) => {
    const { ask } = await anEngine()
    const { data, errors } = await ask(query, { representations: 'b1' })
    expect(errors).toBeUndefined()
    expect(JSON.stringify(data)).toBe(answer)
  })
})

describe('a subscription', () => {
  it('that comes as a request is refused, and told where to go', async () => {
    const { ask, asked } = await anEngine()
    const { data, errors } = await ask('subscription { arrivals { name rating } }')
    expect(data).toBeUndefined()
    expect(errors?.map(({ extensions }) => extensions['code'])).toEqual(['BAD_REQUEST'])
    expect(asked).toEqual([])
  })
})

describe('variables', () => {
  it('that do not fit are refused before a subgraph is asked', async () => {
    const { ask, asked } = await anEngine()
    const { errors } = await ask('query ($n: Int) { items(first: $n) { id } }', { n: 'many' })
    expect(errors?.[0]?.message).toContain('$n')
    expect(asked).toEqual([])
  })

  it('that select are read anew for each request', async () => {
    const { ask } = await anEngine()
    const query = 'query ($c: Boolean! = true) { one { id title @include(if: $c) popularity @skip(if: $c) } }'
    expect((await ask(query)).data).toEqual({ one: { id: 'b3', title: 'Book 3' } })
    expect((await ask(query, { c: false })).data).toEqual({ one: { id: 'b3', popularity: 30 } })
  })
})

describe('time and those who leave', () => {
  it('ends what takes too long: nulls and an error, and nothing more is asked', async () => {
    const { call, calledOff } = neverAnswering()
    const { ask, asked } = await anEngine({ reviews: () => call }, { deadlineMs: 20 })
    const { data, errors } = await ask('{ one { id score author { mentor { name } } } }')
    await calledOff
    expect(data).toMatchObject({ one: { id: 'b3', score: null } })
    expect(errors?.map(({ extensions }) => extensions['code'])).toContain('SUBGRAPH_UNAVAILABLE')
    expect(errors?.[0]?.message).toBe('The service did not answer in time')
    expect(asked.filter(({ service }) => service === 'catalogue')).toHaveLength(1)
  })

  it('calls off what was asked when the client leaves', async () => {
    const { call, reached, calledOff } = neverAnswering()
    const client = new AbortController()
    const { ask } = await anEngine({ charts: () => call })
    const answer = ask('{ one { id popularity } }', {}, { signal: client.signal })
    await reached
    client.abort()
    await calledOff
    expect((await answer).data).toEqual({ one: { id: 'b3', popularity: null } })
  })

  it('asks nothing for a client that has left', async () => {
    const { ask, asked } = await anEngine()
    await ask('{ one { id } }', {}, { signal: AbortSignal.abort() })
    expect(asked).toEqual([])
  })
})

describe('a supergraph that changes', () => {
  it('is served from the next request on, and told to who listens', async () => {
    const { engine, ask } = await anEngine()
    const seen: string[] = []
    engine.onSchemaLoadOrUpdate(({ apiSchema }) => void seen.push(Object.keys(apiSchema.getTypeMap()).join()))
    engine.update(composeFixture())
    expect(seen).toHaveLength(1)
    expect((await ask('{ one { id } }')).data).toEqual({ one: { id: 'b3' } })
  })

  it('is refused where it cannot be served, and the one before goes on', async () => {
    const { engine, ask } = await anEngine()
    expect(() => engine.update('type Query { a: Int }')).toThrow()
    expect(() => engine.update(composeFixture().replaceAll('"depot"', '"elsewhere"'))).toThrow('"elsewhere"')
    expect((await ask('{ one { id } }')).data).toEqual({ one: { id: 'b3' } })
  })
})
