import { newId } from '@quimbi/database/ids.ts'
import type { Facts } from '@quimbi/service/authenticate.ts'
import type { AgentRole } from '@quimbi/service/viewer.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApiKey } from '../src/keys/service.ts'
import type { CustomerOrder } from '../src/orders/types.ts'
import { anOrder, contents, dayMs, openWorld, refusals, startOfTime, type World } from './kit.ts'

let world: World
beforeAll(async () => void (world = await openWorld()))
afterAll(() => world.close())

const ingestOrders = /* GraphQL */ `
  mutation ($input: IngestOrdersInput!) {
    ingestOrders(input: $input) {
      accepted
      updated
      duplicates
      userErrors {
        code
        path
      }
    }
  }
`
type Payload = Pick<Awaited<ReturnType<World['ingest']>>, 'accepted' | 'updated' | 'duplicates' | 'userErrors'>

/** Through GraphQL, as callers do. */
async function send(tenantId: string, orders: readonly CustomerOrder[], input: object = {}, facts?: Partial<Facts>) {
  const caller = facts ?? (await world.agent(tenantId))
  const variables = { input: { source: 'shop', orders, ...input } }
  const { data, codes } = await world.ask<{ ingestOrders: Payload }>(ingestOrders, variables, caller)
  if (!data) return { codes }
  const { userErrors, ...counts } = data.ingestOrders
  return { ...counts, refused: refusals(userErrors) }
}

const counts = (accepted: number, updated = 0, duplicates = 0, refused: string[] = []) => ({
  accepted,
  updated,
  duplicates,
  refused,
})
const skip = { errorPolicy: 'SKIP_FAILED' }
const nothing = {
  tenant_profile: [],
  customer: [],
  customer_ref: [],
  customer_order: [],
  order_item: [],
  shipment: [],
  outbox: [],
}

describe('a batch that is sent again', () => {
  it('changes not a byte', async () => {
    const tenantId = newId()
    const orders = [anOrder(), anOrder({ customer: { externalId: 'C-2' } }), anOrder({ customer: { id: newId() } })]
    expect(await send(tenantId, orders)).toEqual(counts(3))
    const before = await contents(world, tenantId, true)
    world.clock.advance(1_000)
    expect(await send(tenantId, orders)).toEqual(counts(0, 0, 3))
    expect(await contents(world, tenantId, true)).toEqual(before)
    expect(before['outbox']).toHaveLength(3)
  })

  it('is the same with amounts in another spelling', async () => {
    const tenantId = newId()
    await send(tenantId, [anOrder({ externalId: 'same', total: '5' })])
    expect(await send(tenantId, [anOrder({ externalId: 'same', total: '5.00' })])).toEqual(counts(0, 0, 1))
  })

  it('replaces a changed order with its lines, and leaves the others alone', async () => {
    const tenantId = newId()
    const [kept, changed] = [anOrder(), anOrder({ externalId: 'changed' })]
    await send(tenantId, [kept, changed])
    const items = [{ sku: 'LAMP', title: 'Lamp', quantity: 1, unitPrice: '9' }]
    const next = anOrder({ externalId: 'changed', status: 'RETURNED', refunded: '9', items, shipments: [] })
    expect(await send(tenantId, [kept, next])).toEqual(counts(0, 1, 1))
    const skus = await world.rows(
      `SELECT o.status, i.sku, i.line, (SELECT count(*)::int FROM shipment s WHERE s.order_id = o.id) AS parcels
       FROM customer_order o JOIN order_item i ON i.order_id = o.id WHERE o.tenant_id = $1 ORDER BY sku`,
      tenantId,
    )
    expect(skus).toEqual([
      { status: 'RETURNED', sku: 'LAMP', line: 1, parcels: 0 },
      { status: 'PAID', sku: 'MUG-07', line: 1, parcels: 1 },
    ])
  })
})

describe('a batch with bad orders', () => {
  it('is refused as a whole, and leaves no trace', async () => {
    const tenantId = newId()
    const refused = ['INVALID input orders 1 order total']
    expect(await send(tenantId, [anOrder(), anOrder({ total: '-1' })])).toEqual(counts(0, 0, 0, refused))
    expect(await contents(world, tenantId)).toEqual(nothing)
  })

  it('loses only those when the caller says so', async () => {
    const tenantId = newId()
    const bad: CustomerOrder[] = [
      anOrder({ currencyCode: 'XXQ' }),
      anOrder({ total: '-1', customer: { externalId: 'nobody' } }),
      anOrder({ placedAt: new Date(new Date(startOfTime).getTime() + 2 * dayMs) }),
      anOrder({ placedAt: new Date('1969-12-31T23:59:59Z') }),
      anOrder({ currencyCode: 'EUR' }),
      anOrder({ items: [{ sku: 'a', title: 'a', quantity: 0, unitPrice: '1' }] }),
      anOrder({ shipments: [{ status: 'a\u0000', updatedAt: new Date(startOfTime) }] }),
      anOrder({ customer: {} }),
      anOrder({ customer: { id: newId(), externalId: 'x' } }),
    ]
    const [good, ...rest] = bad
    const orders = [good ?? anOrder(), anOrder({ externalId: 'taken' }), ...rest]
    expect(await send(tenantId, orders, skip)).toEqual(
      counts(1, 0, 0, [
        'INVALID input orders 0 order currencyCode',
        'INVALID input orders 2 order total',
        'INVALID input orders 3 order placedAt',
        'INVALID input orders 4 order placedAt',
        'INVALID input orders 5 order currencyCode',
        'INVALID input orders 6 order items 0 quantity',
        'INVALID input orders 7 order shipments 0 status',
        'REQUIRED input orders 8 customer',
        'INVALID input orders 9 customer',
      ]),
    )
    const kept = await contents(world, tenantId)
    expect([kept['customer'], kept['customer_order'], kept['outbox']].map((rows) => rows?.length)).toEqual([1, 1, 1])
  })

  it('in a currency that there is not is refused order by order', async () => {
    const tenantId = newId()
    const orders = [anOrder({ currencyCode: 'usd' }), anOrder({ currencyCode: '' })]
    const refused = [0, 1].map((index) => `INVALID input orders ${index} order currencyCode`)
    expect(await send(tenantId, orders, skip)).toEqual(counts(0, 0, 0, refused))
    expect(await contents(world, tenantId)).toEqual(nothing)
  })

  it('settles no currency while all of it is refused', async () => {
    const tenantId = newId()
    const negative = anOrder({ currencyCode: 'EUR', total: '-1' })
    const usd = anOrder({ currencyCode: 'USD' })
    expect(await send(tenantId, [negative], skip)).toEqual(counts(0, 0, 0, ['INVALID input orders 0 order total']))
    expect(await contents(world, tenantId)).toEqual(nothing)
    expect(await send(tenantId, [usd], skip)).toEqual(counts(1))
  })

  it('is no batch when an amount is not even a number', async () => {
    const answer = await send(newId(), [anOrder({ total: 'NaN' })])
    expect(answer).toEqual({ codes: ['BAD_USER_INPUT'] })
  })

  it('settles twins: the same content once, differing content as a conflict', async () => {
    const tenantId = newId()
    const twin = anOrder({ externalId: 'twin' })
    expect(await send(tenantId, [twin, twin])).toEqual(counts(1, 0, 1))
    const differing = [twin, anOrder({ externalId: 'twin', total: '1' })]
    const refused = ['CONFLICT input orders 1 order externalId']
    expect(await send(tenantId, differing)).toEqual(counts(0, 0, 0, refused))
    expect(await send(tenantId, differing, skip)).toEqual(counts(0, 0, 1, refused))
  })
})

describe('limits', () => {
  it('are 1,000 orders and 50,000 lines a call, and a source that is a word', async () => {
    const tenantId = newId()
    const many = Array.from({ length: 1_001 }, () => anOrder({ items: [], shipments: [] }))
    expect(await send(tenantId, many)).toEqual(counts(0, 0, 0, ['LIMIT_EXCEEDED input orders']))
    const line = { sku: 'a', title: 'a', quantity: 1, unitPrice: '1' }
    const items = Array<typeof line>(8_400).fill(line)
    const long = Array.from({ length: 6 }, () => anOrder({ items }))
    expect(refusals((await world.ingest(tenantId, long).catch(refusalOf)).userErrors)).toEqual([
      'LIMIT_EXCEEDED input orders',
    ])
    for (const source of ['', 'a b', 'a'.repeat(101)])
      expect(await send(tenantId, [anOrder()], { source })).toEqual(counts(0, 0, 0, ['INVALID input source']))
    expect(await contents(world, tenantId)).toEqual(nothing)
  })

  it('let an empty batch through, which does nothing', async () => {
    const tenantId = newId()
    expect(await send(tenantId, [])).toEqual(counts(0))
    expect(await contents(world, tenantId)).toEqual(nothing)
  })
})

describe('who may send orders', () => {
  it.each<[AgentRole, boolean]>([
    ['AGENT', false],
    ['SENIOR_AGENT', false],
    ['TEAM_LEAD', false],
    ['MANAGER', true],
    ['ADMIN', true],
  ])('%s: %s', async (role, may) => {
    const tenantId = newId()
    const answer = await send(tenantId, [anOrder()], {}, await world.agent(tenantId, role))
    expect(answer).toEqual(may ? counts(1) : counts(0, 0, 0, ['FORBIDDEN']))
  })

  it.each([
    [['ingest'], counts(1)],
    [['insight:read'], counts(0, 0, 0, ['FORBIDDEN'])],
  ])('a partner with %j', async (scopes, expected) => {
    const tenantId = newId()
    const manager = { ...managerOf(tenantId), expiresAt: new Date() }
    const { key } = await world.database.transact(tenantId, (tx) =>
      createApiKey(tx, manager, { name: 'Partner', scopes }, world.clock.now()),
    )
    expect(await send(tenantId, [anOrder()], {}, { apiKey: key })).toEqual(expected)
  })

  it('nobody without a credential', async () => {
    expect(await send(newId(), [anOrder()], {}, {})).toEqual({ codes: ['UNAUTHENTICATED'] })
  })
})

const managerOf = (tenantId: string) =>
  ({ kind: 'agent', tenantId, agentId: newId(), sessionId: newId(), role: 'MANAGER' }) as const
const refusalOf = (error: unknown): Pick<Payload, 'userErrors'> => ({ userErrors: (error as { errors: [] }).errors })
