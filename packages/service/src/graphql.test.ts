import { Registry } from 'prom-client'
import { afterEach, describe, expect, it } from 'vitest'
import type { Facts } from './authenticate.ts'
import { systemClock } from './clock.ts'
import { codedError, refuse } from './errors.ts'
import type { Subgraph } from './graphql.ts'
import { createSubgraph } from './graphql.ts'
import { createHttp } from './http.ts'
import { createLogger } from './logging.ts'
import { createMetrics } from './metrics.ts'
import { memoryNonces } from './nonces.ts'
import { DateTime } from './scalars.ts'
import { generateSecrets } from './secrets.ts'
import { parseServiceKeys } from './service-keys.ts'
import { createSignatureVerifier, createSigner } from './signing.ts'
import type { ServiceName } from './viewer.ts'

const typeDefs = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@inaccessible"])
  scalar DateTime
  type Query { at(time: DateTime!): DateTime hello: String! bug: String caught: String secret: Customer who: String }
  type Mutation { shout: String }
  type Customer @key(fields: "id") { id: ID! cost: Int @inaccessible }
`
const canary = 'select 1 from 10.0.0.7'
const resolvers = {
  DateTime,
  Query: {
    at: (_: unknown, { time }: { time: Date }) => time,
    hello: () => 'world',
    bug: () => Promise.reject(new Error(canary)),
    caught: () => refuse('NOT_FOUND', 'No such ticket.'),
    secret: () => ({ id: '1' }),
    who: (_: unknown, __: unknown, { facts }: { facts: Facts }) => `${facts.caller} ${facts.tenantId} ${facts.apiKey}`,
  },
  Mutation: { shout: () => 'HELLO' },
  Customer: { __resolveReference: ({ id }: { id: string }) => ({ id, cost: 7 }), cost: () => 7 },
}
const keys = parseServiceKeys(generateSecrets().SERVICE_KEYS)
const ends: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function subgraph({ introspection = false, registry = new Registry() } = {}): Promise<
  Subgraph<{ facts: Facts }>
> {
  const created = await createSubgraph({
    name: 'support',
    typeDefs,
    resolvers,
    async context(facts) {
      if (facts.authorization === 'expired') throw codedError('UNAUTHENTICATED', 'The access token has expired')
      if (facts.authorization === 'broken') throw new Error(canary)
      return { facts }
    },
    log: createLogger({ service: 'support', level: 'silent' }),
    metrics: createMetrics('support', registry),
    introspection,
  })
  ends.push(() => created.stop())
  return created
}

function facts(caller: ServiceName | null, more: Partial<Facts> = {}): Facts {
  return { requestId: 'request-1', caller, ...more }
}

async function serve(introspection = false) {
  const { routes } = await subgraph({ introspection })
  const http = createHttp({
    service: 'support',
    log: createLogger({ service: 'support', level: 'silent' }),
    metrics: createMetrics('support', new Registry()),
    readiness: async () => ({}),
    signatures: createSignatureVerifier({ keys, nonces: memoryNonces(), clock: systemClock }),
  })
  await http.app.register(routes)
  const { url } = await http.listen(0, '127.0.0.1')
  ends.push(() => http.drain(0))
  return async (
    operation: object,
    { as, ...given }: { as?: ServiceName; [header: string]: string | undefined } = {},
  ) => {
    const body = JSON.stringify(operation)
    const plain = { 'content-type': 'application/json', ...(given as Record<string, string>) }
    const request = { method: 'POST', path: '/graphql', body, headers: plain }
    const signature = as ? createSigner(keys, as).sign(request) : {}
    const response = await fetch(`${url}/graphql`, { method: 'POST', body, headers: { ...plain, ...signature } })
    return { status: response.status, body: (await response.json()) as { data?: unknown; errors?: unknown[] } }
  }
}

const doors = [
  '{ _entities(representations: [{ __typename: "Customer", id: "1" }]) { ... on Customer { cost } } }',
  '{ hello: _entities(representations: [{ __typename: "Customer", id: "1" }]) { ... on Customer { cost } } }',
  'query Q { ...F } fragment F on Query { a: _entities(representations: [{ __typename: "Customer", id: "1" }]) { __typename } }',
  '{ ... on Query { ... @include(if: true) { b: _entities(representations: [{ __typename: "Customer", id: "1" }]) { __typename } } } }',
  '{ _service { sdl } }',
  'query Q { ...F } fragment F on Query { c: _service { s: sdl } }',
]
const forbidden = expect.objectContaining({ extensions: expect.objectContaining({ code: 'FORBIDDEN' }) })

describe('the federation door', () => {
  it.each(doors)('is shut to everybody but the gateway, over HTTP: %s', async (query) => {
    const ask = await serve(true)
    for (const headers of [{}, { as: 'intelligence' as const }, { 'x-quimbi-caller': 'gateway' }]) {
      const { body } = await ask({ query }, headers)
      expect(body.errors).toEqual([forbidden])
      expect(JSON.stringify(body)).not.toMatch(/"cost":7|extend schema/)
    }
    const { body } = await ask({ query }, { as: 'gateway' })
    expect(body.errors).toBeUndefined()
  })

  it.each(doors)('is shut in memory as well: %s', async (query) => {
    const { execute } = await subgraph()
    expect((await execute({ query }, facts(null))).errors).toEqual([forbidden])
    expect((await execute({ query }, facts('support'))).errors).toEqual([forbidden])
    expect((await execute({ query }, facts('gateway'))).errors).toBeUndefined()
  })

  it('stays shut when a resolver forges the facts in its context', async () => {
    const { execute } = await subgraph()
    const forged = { ...facts(null), facts: facts('gateway') }
    expect((await execute({ query: '{ _service { sdl } }' }, forged)).errors).toEqual([forbidden])
  })
})

describe('execute', () => {
  it('answers data and partial data', async () => {
    const { execute } = await subgraph()
    expect(await execute({ query: '{ hello secret { id } }' }, facts(null))).toEqual({
      data: { hello: 'world', secret: { id: '1' } },
    })
    const { data, errors } = await execute(
      { query: 'query A { hello bug } query B { hello }', operationName: 'A' },
      facts(null),
    )
    expect(data).toEqual({ hello: 'world', bug: null })
    expect(errors).toEqual([
      {
        message: 'Internal server error',
        path: ['bug'],
        locations: [{ line: 1, column: 17 }],
        extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'request-1', retryable: false },
      },
    ])
  })

  it('answers a context that refuses, and one that breaks, in errors', async () => {
    const { execute } = await subgraph()
    const refused = await execute({ query: '{ hello }' }, facts(null, { authorization: 'expired' }))
    expect(refused).toEqual({
      errors: [
        { message: 'The access token has expired', extensions: { code: 'UNAUTHENTICATED', requestId: 'request-1' } },
      ],
    })
    const broken = await execute({ query: '{ hello }' }, facts(null, { authorization: 'broken' }))
    expect(broken.errors).toMatchObject([{ message: 'Internal server error' }])
  })

  it('codes what the client got wrong', async () => {
    const { execute } = await subgraph()
    const codes = async (query: string) =>
      (await execute({ query }, facts(null))).errors?.map((error) => error.extensions?.['code'])
    expect(await codes('{')).toEqual(['GRAPHQL_PARSE_FAILED'])
    expect(await codes('{ helo }')).toEqual(['GRAPHQL_VALIDATION_FAILED'])
    expect(await codes('query A { hello } query B { hello }')).toEqual(['OPERATION_RESOLUTION_FAILURE'])
    expect(await codes('{ caught }')).toEqual(['NOT_FOUND'])
    expect(await codes('{ at(time: "yesterday") }')).toEqual(['GRAPHQL_VALIDATION_FAILED'])
    const variable = { query: 'query Q($time: DateTime!) { at(time: $time) }', variables: { time: 'yesterday' } }
    expect((await execute(variable, facts(null))).errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
    const time = '2026-03-01T12:00:00.000Z'
    expect(await execute({ ...variable, variables: { time } }, facts(null))).toEqual({ data: { at: time } })
  })

  it('counts operations by type and outcome', async () => {
    const registry = new Registry()
    const { execute } = await subgraph({ registry })
    for (const query of ['{ hello }', 'query Secret { bug hello }', 'mutation { shout }', '{'])
      await execute({ query }, facts(null))
    const text = await registry.metrics()
    expect(text).toContain('type="query",outcome="ok"} 1')
    expect(text).toContain('type="query",outcome="partial"} 1')
    expect(text).toContain('type="mutation",outcome="ok"} 1')
    expect(text).toContain('type="unknown",outcome="error"} 1')
    expect(text).not.toContain('Secret')
  })
})

describe('introspection', () => {
  const queries = [
    '{ __schema { types { name } } }',
    'query { ...F } fragment F on Query { a: __type(name: "Query") { name } }',
  ]

  it.each(queries)('is for the gateway only, in production: %s', async (query) => {
    const { execute } = await subgraph()
    // Twice: the second time the document comes from the cache.
    for (const caller of [null, 'support', null] as const) {
      expect((await execute({ query }, facts(caller))).errors).toMatchObject([
        { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
      ])
    }
    expect((await execute({ query }, facts('gateway'))).errors).toBeUndefined()
    expect((await execute({ query: '{ __typename hello }' }, facts(null))).errors).toBeUndefined()
  })

  it('hints at no field names in production', async () => {
    const { execute } = await subgraph()
    expect(JSON.stringify(await execute({ query: '{ hell }' }, facts(null)))).not.toContain('hello')
  })

  it('is for everybody in development', async () => {
    const { execute } = await subgraph({ introspection: true })
    expect((await execute({ query: queries[0] ?? '' }, facts(null))).errors).toBeUndefined()
  })
})

describe('over HTTP', () => {
  it('a signature lends belief to caller and tenant; without it they are nothing', async () => {
    const ask = await serve()
    const headers = { 'x-quimbi-tenant': 't', 'x-api-key': 'k' }
    expect((await ask({ query: '{ who }' }, { ...headers, as: 'support' })).body.data).toEqual({ who: 'support t k' })
    expect((await ask({ query: '{ who }' }, headers)).body.data).toEqual({ who: 'null undefined k' })
  })

  it('a signature that does not verify is refused before anything runs', async () => {
    const ask = await serve()
    const { status, body } = await ask({ query: '{ hello }' }, { 'x-quimbi-key': 'gateway.1' })
    expect(status).toBe(401)
    expect(body).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
  })

  it('a context that refuses answers with its status and unchanged message', async () => {
    const ask = await serve()
    const refused = await ask({ query: '{ hello }' }, { authorization: 'expired' })
    expect(refused.status).toBe(401)
    expect(refused.body.errors).toMatchObject([{ message: 'The access token has expired' }])
    const broken = await ask({ query: '{ hello }' }, { authorization: 'broken' })
    expect(broken.status).toBe(500)
    expect(JSON.stringify(broken.body)).not.toContain('select')
  })

  it('stores no queries for strangers', async () => {
    const ask = await serve()
    const persistedQuery = { version: 1, sha256Hash: 'ab'.repeat(32) }
    const { body } = await ask({ extensions: { persistedQuery } })
    expect(body.errors).toMatchObject([{ extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } }])
  })

  it('documents beyond the limits are refused before anything of them runs', async () => {
    const ask = await serve()
    const many = Array.from({ length: 1_001 }, (_, k) => `a${k}: hello`).join(' ')
    const { body } = await ask({ query: `{ ${many} }` })
    expect(body.data).toBeUndefined()
    expect(body.errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED', reason: 'ALIASES_LIMIT' } }])
    const long = await ask({ query: `{ ${'hello '.repeat(40_000)} }` })
    expect(long.body.errors).toMatchObject([{ extensions: { code: 'GRAPHQL_PARSE_FAILED' } }])
  })

  it('batches, and simple requests that a foreign page could make, are refused', async () => {
    const ask = await serve()
    expect((await ask([{ query: '{ hello }' }])).status).toBe(400)
    const { routes } = await subgraph()
    const http = createHttp({
      service: 'support',
      log: createLogger({ service: 'support', level: 'silent' }),
      metrics: createMetrics('support', new Registry()),
      readiness: async () => ({}),
    })
    ends.push(() => http.drain(0))
    await http.app.register(routes)
    const get = { method: 'GET', url: '/graphql?query={hello}' } as const
    const foreign = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
      { cookie: 'a=b' },
    ]
    for (const headers of foreign) {
      const simple = await http.app.inject({ ...get, headers })
      expect(simple.statusCode).toBe(400)
      expect(simple.body).toContain('CSRF')
    }
    for (const headers of [{}, { 'sec-fetch-site': 'same-origin' }, { 'sec-fetch-site': 'none', cookie: 'a=b' }])
      expect((await http.app.inject({ ...get, headers })).json()).toEqual({ data: { hello: 'world' } })
    const preflighted = {
      method: 'GET',
      url: '/graphql?query={hello}',
      headers: { 'apollo-require-preflight': '1' },
    } as const
    expect((await http.app.inject(preflighted)).json()).toEqual({ data: { hello: 'world' } })
    const mutation = { ...preflighted, url: '/graphql?query=mutation{shout}' }
    expect((await http.app.inject(mutation)).statusCode).toBe(405)
    const text = await http.app.inject({
      method: 'POST',
      url: '/graphql',
      payload: '{}',
      headers: { 'content-type': 'text/plain' },
    })
    expect(text.statusCode).toBe(415)
  })
})
