import { afterEach, describe, expect, it } from 'vitest'
import { openLimited } from './limits-kit.ts'

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

async function open(...options: Parameters<typeof openLimited>) {
  const world = await openLimited(...options)
  ends.push(() => world.close())
  return world
}

const inbox = 'query ($first: Int) { inbox(first: $first) { nodes { number } } }'
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

describe('the cost of a document', () => {
  it('is refused above the maximum before a subgraph is asked, by both media types', async () => {
    const world = await open({ MAX_QUERY_COST: 50 })
    const headers = bearer(await world.tokenOf('a'))
    for (const accept of ['application/json', 'application/graphql-response+json']) {
      const { status, body, error } = await world.post(
        { query: inbox, variables: { first: 60 } },
        { ...headers, accept },
      )
      expect(status).toBe(400)
      expect(error).toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED', reason: 'COST_LIMIT' })
      expect(body.errors?.[0]?.message).toContain('61 points, and one may cost 50')
    }
    expect(world.asked.count).toBe(0)
    expect(await world.post({ query: inbox, variables: { first: 49 } }, headers)).toMatchObject({
      status: 200,
      error: undefined,
    })
    expect(world.asked.count).toBe(1)
    expect(await world.metrics.registry.metrics()).toContain('quimbi_gateway_refused_total{reason="cost"} 2')
  })

  it('is told only to who asks, and what was not used comes back', async () => {
    const world = await open({ AGENT_POINTS_PER_MINUTE: 30_000 })
    const headers = bearer(await world.tokenOf('a'))
    const request = { query: inbox, variables: { first: 50 } }
    expect((await world.post(request, headers)).body).not.toHaveProperty('extensions')
    const { body } = await world.post(request, { ...headers, 'x-quimbi-cost': '1' })
    expect(body.extensions).toEqual({
      cost: {
        requestedQueryCost: 51,
        actualQueryCost: 4,
        throttleStatus: { maximumAvailable: 30_000, currentlyAvailable: 29_992, restoreRate: 500 },
      },
    })
  })

  it('stops an agent, not a colleague, until the bucket fills again', async () => {
    const world = await open({ AGENT_POINTS_PER_MINUTE: 60, MAX_QUERY_COST: 60 })
    const headers = bearer(await world.tokenOf('a'))
    const request = { query: '{ inbox(first: 50) { nodes { number } } }' }
    let served = 0
    while ((await world.post(request, headers)).status === 200) served++
    // Each charge is 4 of the 51 that are reserved.
    expect(served).toBe(3)
    const asked = world.asked.count
    const { status, headers: answered, error } = await world.post(request, headers)
    expect(status).toBe(429)
    expect(answered.get('retry-after')).toBe('3')
    expect(error).toEqual({
      code: 'THROTTLED',
      reason: 'QUERY_BUDGET',
      retryable: true,
      retryAfterMs: 3_000,
      requestId: expect.any(String) as string,
    })
    expect(world.asked.count).toBe(asked)
    expect(await world.post(request, bearer(await world.tokenOf('b')))).toMatchObject({ status: 200 })
    world.clock.advance(3_000)
    expect(await world.post(request, headers)).toMatchObject({ status: 200 })
  })

  it('stops a tenant, not another', async () => {
    const world = await open({ TENANT_POINTS_PER_MINUTE: 60, MAX_QUERY_COST: 60 }, { nodes: 50 })
    const request = { query: '{ inbox(first: 55) { nodes { number } } }' }
    const from = async (agent: string, tenant: string) =>
      (await world.post(request, bearer(await world.tokenOf(agent, 'AGENT', tenant)))).status
    expect(await from('a', 'one')).toBe(200)
    expect(await from('b', 'one')).toBe(429)
    expect(await from('c', 'two')).toBe(200)
  })

  it('stops an address without a login, and says so in memory too', async () => {
    const world = await open({ ANONYMOUS_POINTS_PER_MINUTE: 60, MAX_QUERY_COST: 40 })
    const query = 'mutation ($input: LoginInput!) { login(input: $input) { accessToken userErrors { code } } }'
    const variables = { input: { tenant: 't', email: 'a@b.example', password: 'x' } }
    const statuses = []
    for (let k = 0; k < 6; k++) statuses.push((await world.post({ query, variables })).status)
    expect(statuses).toEqual([200, 200, 200, 200, 429, 429])
    const facts = { requestId: 'r', caller: null, address: '10.9.9.9' }
    expect(await world.gateway.execute({ query, variables }, facts)).toMatchObject({ data: { login: {} } })
    const service = { requestId: 'r', caller: 'support', tenantId: 't', address: '127.0.0.1' } as const
    expect(await world.gateway.execute({ query, variables }, service)).toMatchObject({ data: { login: {} } })
  })

  it('of an operation that is not there is nobody’s business', async () => {
    const world = await open()
    const accept = 'application/graphql-response+json'
    const named = { query: 'query A { inbox { asOf } }', operationName: 'B' }
    const { status, error } = await world.post(named, { accept })
    expect([status, error?.['code']]).toEqual([400, 'OPERATION_RESOLUTION_FAILURE'])
    const wrong = { query: inbox, variables: { first: 'many' } }
    expect(await world.post(wrong, { accept })).toMatchObject({ status: 400, error: { code: 'BAD_USER_INPUT' } })
    expect(world.asked.count).toBe(0)
  })

  it('is checked for other doors by the same rule', async () => {
    const { parse } = await import('graphql')
    const world = await open({ MAX_QUERY_COST: 50 })
    const document = parse(inbox)
    expect(world.gateway.limits?.checkDocument(document, { first: 10 })).toMatchObject({ requested: 11 })
    expect(() => world.gateway.limits?.checkDocument(document, { first: 90 })).toThrow('91 points')
  })
})

describe('introspection', () => {
  const query = '{ __schema { queryType { name } } }'

  it('is for administrators and our own services', async () => {
    const world = await open()
    const as = async (role: 'AGENT' | 'MANAGER' | 'ADMIN') =>
      world.post({ query }, { accept: 'application/graphql-response+json', ...bearer(await world.tokenOf('a', role)) })
    expect((await world.post({ query })).error).toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED' })
    expect(await as('MANAGER')).toMatchObject({ status: 400 })
    expect(await as('ADMIN')).toMatchObject({
      status: 200,
      body: { data: { __schema: { queryType: { name: 'Query' } } } },
    })
    const service = { requestId: 'r', caller: 'support', tenantId: 't' } as const
    expect(await world.gateway.execute({ query }, service)).toMatchObject({ data: {}, errors: undefined })
  })

  it('is for everybody where it is on', async () => {
    const world = await open({}, { introspection: true })
    expect(await world.post({ query })).toMatchObject({ status: 200, body: { data: {} } })
  })
})
