import { newId } from '@quimbi/database/ids.ts'
import { createSigner } from '@quimbi/service/signing.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { attacks } from '../src/partner/attacks.test-kit.ts'
import { insightQuery, openPartnerWorld, type PartnerWorld } from './partner-kit.ts'

// The attack list of the partner door. `npm run bench -- attack` replays it against a running server.
let world: PartnerWorld
let ours: Awaited<ReturnType<PartnerWorld['shop']>>
beforeAll(async () => {
  world = await openPartnerWorld()
  ours = await world.shop()
})
afterAll(() => world.close())

const ask = (query: string, variables?: object) => world.post({ query, variables }, { key: ours.key })
const codesOf = ({ body }: Awaited<ReturnType<typeof ask>>) => [
  ...new Set((body.errors ?? []).map(({ extensions }) => extensions['code'])),
]
const invalid = ['GRAPHQL_VALIDATION_FAILED']

describe('the attack list', () => {
  it('is refused, each of it', async () => {
    const theirs = await world.shop()
    const { key } = await world.shop()
    const { serviceKeys, clock } = world
    const list = attacks({ key, theirCustomerId: theirs.customerId, serviceKeys, clock })
    const passed: string[] = []
    for (const { name, requests, isRefused } of list) {
      let answer = { status: 0, text: '' }
      for (const { path = '/partner/graphql', headers = {}, body } of requests)
        answer = await world.post(body, { ...headers, path })
      if (!isRefused(answer)) passed.push(`${name}: ${answer.status} ${answer.text.slice(0, 300)}`)
    }
    expect(passed).toEqual([])
    expect(list.length).toBeGreaterThan(30)
  })
})

describe('forged representations and the subgraph’s own SDL', () => {
  it.each([
    ['{ _entities(representations: [{ __typename: "Customer", id: "x" }]) { __typename } }'],
    ['{ a: _service { sdl } }'],
    ['fragment F on Query { ... on Query { _service { sdl } } } { ...F }'],
    ['query ($r: [_Any!]!) { _entities(representations: $r) { ... on Ticket { draft { content } } } }'],
  ])('are unknown here: %s', async (query) => {
    const answer = await ask(query)
    expect(codesOf(answer)).toEqual(invalid)
    expect(answer.text).not.toContain('Did you mean')
    expect(answer.body.data ?? null).toBeNull()
  })

  it('are not shown to a partner by introspection either', async () => {
    const { text } = await ask(
      '{ __schema { types { name fields { name } inputFields { name } enumValues { name } } } }',
    )
    expect(text).toContain('"queryCustomers"')
    for (const word of [
      '_Any',
      '_entities',
      '_service',
      'draftFor',
      'ConversationContext',
      'trainModels',
      'createApiKey',
    ])
      expect(text).not.toContain(`"${word}"`)
  })
})

describe('bombs', () => {
  const bomb: [string, string, string][] = [
    [
      'aliases',
      `{ ${Array.from({ length: 101 }, (_, k) => `a${k}: rateLimit { limit }`).join(' ')} }`,
      'ALIASES_LIMIT',
    ],
    ['directives', `{ rateLimit { limit ${'@include(if: true) '.repeat(101)} } }`, 'DIRECTIVES_LIMIT'],
  ]
  it.each(bomb)('of %s are refused', async (_name, query, reason) => {
    const answer = await ask(query)
    expect(codesOf(answer)).toEqual(invalid)
    expect(answer.body.errors?.some(({ extensions }) => extensions['reason'] === reason)).toBe(true)
  })

  it('of depth are refused', async () => {
    const levels = 20
    const deep = `{ __schema { types { ${'fields { type { '.repeat(levels)} name ${'} }'.repeat(levels)} } } }`
    expect(codesOf(await ask(deep))).toEqual(invalid)
  })

  it('of tokens are refused before they are parsed whole', async () => {
    const answer = await ask(`{ ${'rateLimit { limit } '.repeat(2_000)} }`)
    expect(codesOf(answer)).toEqual(['GRAPHQL_PARSE_FAILED'])
  })

  it('of fragments, each of which spreads the next twice, are priced or refused without being walked', async () => {
    const fragments = Array.from(
      { length: 60 },
      (_, k) => `fragment F${k} on Customer { a${k}: id ...F${k + 1} ... on Customer { ...F${k + 1} } }`,
    )
    const query = `query ($id: ID!) { customerInsight(customerId: $id) { ...F0 } } ${fragments.join(' ')} fragment F60 on Customer { id }`
    const answer = await ask(query, { id: ours.customerId })
    expect(codesOf(answer)).toEqual(invalid)
    expect(
      (await ask('fragment A on Query { ...B } fragment B on Query { ...A } { ...A }')).body.data ?? null,
    ).toBeNull()
  })

  it('of lists in lists cost more than one may', async () => {
    const query =
      '{ queryCustomers(filter: {}, first: 100) { nodes { history(metric: CHURN_RISK, days: 3650) { at } orders(first: 100) { nodes { items { title } } } } } }'
    expect((await ask(query)).error).toMatchObject({ reason: 'COST_LIMIT' })
  })

  it('of generated texts cost what texts cost', async () => {
    const many = Array.from({ length: 15 }, (_, k) => `a${k}: explainBehavior(question: "why?") { text }`)
    const query = `{ queryCustomers(filter: {}, first: 100) { nodes { ${many.join(' ')} } } }`
    const answer = await ask(query)
    expect(answer.error).toMatchObject({ reason: 'COST_LIMIT' })
    expect(answer.body.data ?? null).toBeNull()
  })
})

describe('batches', () => {
  it('are refused whole', async () => {
    const batch = Array.from({ length: 50 }, () => ({ query: '{ rateLimit { limit } }' }))
    const answer = await world.post(batch, { key: ours.key })
    expect(answer.status).toBe(400)
    expect(answer.text).not.toContain('"limit"')
  })
})

describe('a replayed or stolen signature', () => {
  const body = JSON.stringify({ query: '{ rateLimit { limit } }' })
  const signed = () => {
    const headers = { 'x-quimbi-tenant': ours.tenantId }
    return {
      ...headers,
      ...createSigner(world.serviceKeys, 'gateway', world.clock).sign({
        method: 'POST',
        path: '/partner/graphql',
        body,
        headers,
      }),
    }
  }

  it('opens nothing at the partner door: only a key does', async () => {
    expect(await world.post(body, signed())).toMatchObject({ status: 401, error: { reason: 'KEY_MISSING' } })
  })

  it('is refused the second time, and with another body', async () => {
    const once = signed()
    await world.post(body, { ...once, key: ours.key })
    expect((await world.post(body, { ...once, key: ours.key })).status).toBe(401)
    expect((await world.post(`${body} `, { ...signed(), key: ours.key })).status).toBe(401)
  })
})

describe('ids of another tenant', () => {
  it('are unknown, in whatever field they stand', async () => {
    const theirs = await world.shop()
    const query = `query ($id: ID!) { customerInsight(customerId: $id) { id orders { nodes { id } } }
      customerInsights(customerIds: [$id]) { id } }`
    expect((await ask(query, { id: theirs.customerId })).body.data).toEqual({
      customerInsight: null,
      customerInsights: [null],
    })
  })

  it('stay unknown to a key that claims to be of their tenant', async () => {
    const theirs = await world.shop()
    const { body } = await world.post(
      { query: insightQuery, variables: { id: theirs.customerId } },
      { key: ours.key, 'x-quimbi-tenant': theirs.tenantId, 'x-quimbi-client': '127.0.0.1' },
    )
    expect(body.data).toEqual({ customerInsight: null })
  })
})

describe('guessing keys', () => {
  it('is stopped by address, before the database is asked, and does not stop who has a key elsewhere', async () => {
    const other = await openPartnerWorld()
    try {
      const guess = () => other.post({ query: '{ __typename }' }, { key: `qk_live_${newId()}` })
      const reasons = []
      for (let k = 0; k < 25; k++) reasons.push((await guess()).error?.['code'])
      expect(reasons.slice(0, 20)).toEqual(Array(20).fill('UNAUTHENTICATED'))
      expect(reasons.slice(20)).toEqual(Array(5).fill('THROTTLED'))
      let last: Awaited<ReturnType<typeof guess>> | undefined
      expect(await other.statementsOf(async () => void (last = await guess()))).toBe(0)
      expect(last?.status).toBe(429)
      expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0)
    } finally {
      await other.close()
    }
  })
})

describe('what is too large', () => {
  const orders = (count: number) =>
    Array.from({ length: count }, (_, k) => ({
      customer: { externalId: 'C' },
      order: { externalId: `X${k}`, placedAt: '2026-01-01T00:00:00Z', total: '1.00', currencyCode: 'USD' },
    }))
  const ingest = 'mutation ($input: IngestOrdersInput!) { ingestOrders(input: $input) { userErrors { code } } }'

  it('is refused: 1,001 orders at once, and nothing of them is kept', async () => {
    const { body } = await ask(ingest, { input: { source: 'flood', orders: orders(1_001) } })
    expect(body.errors).toBeUndefined()
    expect(body.data).toMatchObject({ ingestOrders: { userErrors: [{ code: 'LIMIT_EXCEEDED' }] } })
    expect(
      await world.rows('SELECT 1 FROM customer_order WHERE tenant_id = $1 AND source = $2', ours.tenantId, 'flood'),
    ).toEqual([])
  })

  it('is refused: a body beyond the door’s bytes', async () => {
    const answer = await world
      .post(`{"query":"${'x'.repeat(9 * 1024 * 1024)}"}`, { key: ours.key })
      .catch((error: unknown) => error)
    if (answer instanceof Error) expect(answer.message).toContain('fetch failed')
    else expect(answer).toMatchObject({ status: 413, error: { code: 'PAYLOAD_TOO_LARGE' } })
  })

  it('is refused: a WebSocket message of a megabyte', async () => {
    const client = world.connect({ apiKey: ours.key })
    await client.connected
    const huge = client.subscribe('subscription ($ids: [ID!]) { insightChanged(customerIds: $ids) { cursor } }', {
      ids: Array(30_000).fill(newId()),
    })
    await expect(huge.next()).rejects.toBeDefined()
    expect((await client.closed).code).toBe(1009)
  })
})
