import { serverAudits } from 'graphql-http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insightQuery, openPartnerWorld, type PartnerWorld } from './partner-kit.ts'

let world: PartnerWorld
beforeAll(async () => void (world = await openPartnerWorld({ partnerLimits: { PARTNER_MAX_QUERY_COST: 3_000 } })))
afterAll(() => world.close())

const ids = (count: number) =>
  Array.from({ length: count }, (_, k) => `00000000-0000-7000-8000-${String(k).padStart(12, '0')}`)

describe('the partner door', () => {
  it('answers a key with its tenant’s insight, and says what it cost and what is left', async () => {
    const { key, customerId } = await world.shop({ requestsPerMinute: 60 })
    const asked = await world.post({ query: insightQuery, variables: { id: customerId } }, { key })
    expect(asked.status).toBe(200)
    expect(asked.body).toEqual({
      data: { customerInsight: { id: customerId, behavior: { totalOrders: 1 } } },
      extensions: {
        cost: {
          requestedQueryCost: 2,
          actualQueryCost: 2,
          throttleStatus: { maximumAvailable: 6_000, currentlyAvailable: 5_998, restoreRate: 100 },
        },
      },
    })
    const told = (name: string) => asked.headers.get(`x-ratelimit-${name}`)
    expect([told('limit'), told('remaining')]).toEqual(['60', '59'])
    expect(Number(told('reset'))).toBe(Math.ceil(world.clock.now().getTime() / 1_000) + 1)
    const own = await world.post({ query: '{ rateLimit { limit remaining resetAt maximumQueryCost } }' }, { key })
    expect(own.body.data).toEqual({
      rateLimit: {
        limit: 60,
        remaining: 58,
        resetAt: new Date(world.clock.now().getTime() + 2_000).toISOString(),
        maximumQueryCost: 3_000,
      },
    })
  })

  it('gives back what an answer did not use', async () => {
    const { key, customerId } = await world.shop()
    const query = 'query ($ids: [ID!]!) { customerInsights(customerIds: $ids) { id behavior { totalOrders } } }'
    const { body } = await world.post({ query, variables: { ids: [customerId, ...ids(49)] } }, { key })
    expect(body.extensions?.cost).toMatchObject({
      requestedQueryCost: 100,
      actualQueryCost: 2,
      throttleStatus: { currentlyAvailable: 99_998 },
    })
  })

  it('is closed to whoever has no key, to agents, and to services without one', async () => {
    const query = { query: '{ __typename }' }
    const { tenantId } = await world.shop()
    const agent = await world.agent(tenantId)
    for (const headers of [{}, agent as Record<string, string>])
      expect(await world.post(query, headers)).toMatchObject({
        status: 401,
        error: { code: 'UNAUTHENTICATED', reason: 'KEY_MISSING' },
      })
    expect(await world.post(query, { key: 'qk_live_wrong' })).toMatchObject({
      status: 401,
      error: { code: 'UNAUTHENTICATED', reason: 'KEY_INVALID' },
    })
  })

  it('is the only one that a key opens', async () => {
    const { key } = await world.shop()
    expect(await world.post({ query: '{ __typename }' }, { key, path: '/graphql' })).toMatchObject({
      status: 401,
      error: { code: 'UNAUTHENTICATED', reason: 'KEY_NOT_HERE' },
    })
    expect(await world.connect({ apiKey: key }, '/graphql').closed).toEqual({ code: 4401, reason: 'KEY_NOT_HERE' })
  })

  it('shows its schema to any key, and nothing that is not theirs', async () => {
    const { key } = await world.shop({ scopes: ['ingest'] })
    const { body } = await world.post({ query: '{ __schema { types { name } directives { name } } }' }, { key })
    const { types, directives } = body.data?.['__schema'] as Record<'types' | 'directives', { name: string }[]>
    const names = types.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['Customer', 'ChurnRisk', 'InsightChange']))
    for (const hidden of ['Ticket', '_Any', '_Entity', '_Service', 'ApiKey', 'ModelVersion'])
      expect(names).not.toContain(hidden)
    expect(directives.map(({ name }) => name)).not.toContain('key')
  })

  it('passes all audits of GraphQL over HTTP', { timeout: 60_000 }, async () => {
    const { key } = await world.shop()
    const fetchFn = (address: string, init?: RequestInit) =>
      fetch(address, { ...init, headers: { ...init?.headers, 'x-api-key': key, connection: 'close' } })
    const results = await Promise.all(serverAudits({ url: world.door, fetchFn }).map((audit) => audit.fn()))
    expect(results.filter(({ status }) => status !== 'ok').map((result) => [result.id, result.name])).toEqual([])
    expect(results.length).toBeGreaterThanOrEqual(60)
  })
})

describe('the requests a minute of a key', () => {
  it('end, with the time to come again, and come back with time', async () => {
    const { key, customerId } = await world.shop({ requestsPerMinute: 3 })
    const other = await world.shop({ requestsPerMinute: 3 })
    const ask = () => world.post({ query: insightQuery, variables: { id: customerId } }, { key })
    const statuses = []
    for (let k = 0; k < 3; k++) statuses.push((await ask()).status)
    expect(statuses).toEqual([200, 200, 200])
    let refused: Awaited<ReturnType<typeof ask>> | undefined
    expect(await world.statementsOf(async () => void (refused = await ask()))).toBe(0)
    expect(refused).toMatchObject({
      status: 429,
      error: { code: 'THROTTLED', reason: 'RATE_LIMIT', retryable: true, retryAfterMs: 20_000 },
    })
    expect(refused?.headers.get('retry-after')).toBe('20')
    expect(refused?.headers.get('x-ratelimit-remaining')).toBe('0')
    expect((await world.post({ query: '{ __typename }' }, { key: other.key })).status).toBe(200)
    world.clock.advance(20_000)
    expect((await ask()).status).toBe(200)
    expect((await ask()).status).toBe(429)
  })

  it('are spent by whatever is sent, sense or none', async () => {
    const { key } = await world.shop({ requestsPerMinute: 2 })
    expect((await world.post({ query: '{' }, { key })).error).toMatchObject({ code: 'GRAPHQL_PARSE_FAILED' })
    expect((await world.post({ query: '{ nothing }' }, { key })).error).toMatchObject({
      code: 'GRAPHQL_VALIDATION_FAILED',
    })
    expect((await world.post({ query: '{' }, { key })).status).toBe(429)
  })
})

describe('the points of a key', () => {
  const page =
    '{ queryCustomers(filter: {}, first: 100) { nodes { id behavior { totalOrders } orders(first: 5) { nodes { id } } } } }'

  it('are asked for before the database is', async () => {
    const { key } = await world.shop({ requestsPerMinute: 30 })
    await world.post({ query: '{ __typename }' }, { key })
    const results: number[] = []
    const sent = await world.statementsOf(async () => {
      const dear = '{ queryCustomers(filter: {}, first: 100) { nodes { orders(first: 100) { nodes { id } } } } }'
      const { status, error, body } = await world.post({ query: dear }, { key })
      results.push(status)
      expect(error).toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED', reason: 'COST_LIMIT' })
      expect(body.errors?.[0]?.message).toMatch(/costs [\d,]+ points, and one may cost 3000/)
    })
    expect(results).toEqual([400])
    expect(sent).toBe(0)
    expect((await world.post({ query: page }, { key })).status).toBe(200)
  })

  it('run out together, never below nothing', async () => {
    const { key } = await world.shop({ requestsPerMinute: 30 })
    const query = 'query ($input: [AnalyzeCustomerInput!]!) { analyzeCustomers(input: $input) { status } }'
    const order = { externalId: '1', placedAt: '2026-11-01T00:00:00Z', total: '10.00', currencyCode: 'USD' }
    // Per customer: one passed in, with one order, and one answered. The answer uses all of it.
    const customers = (count: number) => ids(count).map((customerId) => ({ customerId, orders: [order] }))
    const asked = Array.from({ length: 14 }, () => world.post({ query, variables: { input: customers(100) } }, { key }))
    const answers = await Promise.all(asked)
    const served = answers.filter(({ status }) => status === 200)
    for (const { body } of served) expect(body.extensions?.cost).toMatchObject({ actualQueryCost: 300 })
    expect(served).toHaveLength(10)
    const refused = answers.find(({ status }) => status !== 200)
    expect(refused).toMatchObject({
      status: 429,
      error: { code: 'THROTTLED', reason: 'QUERY_BUDGET', retryable: true },
    })
    expect(refused?.error?.['retryAfterMs']).toBeGreaterThan(0)
    expect(refused?.error?.['retryAfterMs']).toBeLessThanOrEqual(6_000)
  })
})
