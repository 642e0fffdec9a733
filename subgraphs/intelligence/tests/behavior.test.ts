import { newId } from '@quimbi/database/ids.ts'
import { encodeCursor } from '@quimbi/service/cursors.ts'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { anOrder, dayMs, openWorld, startOfTime, type World } from './kit.ts'

let world: World
beforeAll(async () => void (world = await openWorld()))
afterAll(() => world.close())

const ago = (days: number) => new Date(new Date(startOfTime).getTime() - days * dayMs)

/** Customers as the gateway asks for them. */
async function entities<T>(tenantId: string, ids: readonly string[], selection: string) {
  const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Customer { id ${selection} } } }`
  const of = ids.map((id) => ({ __typename: 'Customer', id }))
  const gateway = { ...(await world.agent(tenantId, 'AGENT')), caller: 'gateway' } as const
  const { data, codes } = await world.ask<{ _entities: ({ id: string } & T)[] }>(query, { of }, gateway)
  return { customers: data?._entities ?? [], codes }
}

const figures = `behavior { lifetimeValue { amount currencyCode } totalOrders averageOrderValue { amount }
  daysSinceLastPurchase tenureDays returnRate firstOrderAt lastOrderAt }`
type Behavior = { behavior: { lifetimeValue: { amount: string; currencyCode: string } } & Record<string, unknown> }

async function behaviorOf(tenantId: string, id: string) {
  const { customers } = await entities<Behavior>(tenantId, [id], figures)
  return customers[0]?.behavior
}

describe('behavior', () => {
  it('counts orders, not what was called off; a credit note only takes off what it refunds', async () => {
    const [tenantId, id] = [newId(), newId()]
    const customer = { id }
    await world.ingest(tenantId, [
      anOrder({ customer, total: '100', placedAt: ago(100) }),
      anOrder({ customer, total: '50', refunded: '20', placedAt: ago(40), status: 'DELIVERED' }),
      anOrder({ customer, total: '30', refunded: '30', placedAt: ago(30), status: 'RETURNED' }),
      anOrder({ customer, total: '999', refunded: '5', placedAt: ago(500), status: 'CANCELLED' }),
      anOrder({ customer, total: '0', refunded: '10.5', placedAt: ago(2), status: 'RETURNED' }),
    ])
    expect(await behaviorOf(tenantId, id)).toEqual({
      lifetimeValue: { amount: '119.50', currencyCode: 'USD' },
      totalOrders: 3,
      averageOrderValue: { amount: '60.00' },
      daysSinceLastPurchase: 30,
      tenureDays: 100,
      returnRate: 60.5 / 180,
      firstOrderAt: ago(100).toISOString(),
      lastOrderAt: ago(30).toISOString(),
    })
  })

  it('is null while nothing is known of the tenant, and zeros once its currency is', async () => {
    const [tenantId, id] = [newId(), newId()]
    expect(await behaviorOf(tenantId, id)).toBeNull()
    const payload = { name: 'Shop', currencyCode: 'EUR', timeZone: 'UTC' }
    await world.hear({ tenantId, type: 'tenant.saved', occurredAt: world.clock.now(), payload })
    expect(await behaviorOf(tenantId, id)).toEqual({
      lifetimeValue: { amount: '0.00', currencyCode: 'EUR' },
      totalOrders: 0,
      averageOrderValue: { amount: '0.00' },
      daysSinceLastPurchase: null,
      tenureDays: 0,
      returnRate: 0,
      firstOrderAt: null,
      lastOrderAt: null,
    })
  })

  it('of another tenant’s customer is that of nobody', async () => {
    const [ours, theirs, id] = [newId(), newId(), newId()]
    await world.ingest(theirs, [anOrder({ customer: { id } })])
    await world.ingest(ours, [anOrder({ customer: { id: newId() } })])
    expect(await behaviorOf(ours, id)).toMatchObject({ totalOrders: 0, lifetimeValue: { amount: '0.00' } })
    const { customers } = await entities(ours, [id], 'orders { nodes { id } } sourceRefs { id }')
    expect(customers).toEqual([{ id, orders: { nodes: [] }, sourceRefs: [] }])
  })

  it('agrees with a naive computation over any orders', async () => {
    const order = fc.record({
      cents: fc.nat(20_000),
      refundedCents: fc.option(fc.nat(20_000)),
      days: fc.nat(900),
      status: fc.constantFrom('PAID', 'DELIVERED', 'CANCELLED', 'RETURNED'),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(order, { minLength: 1, maxLength: 12 }), async (parts) => {
        const [tenantId, id] = [newId(), newId()]
        const orders = parts.map(({ cents, refundedCents, days, status }) => {
          const refunded = refundedCents === null ? null : (refundedCents / 100).toFixed(2)
          const total = (cents / 100).toFixed(2)
          return anOrder({ customer: { id }, total, refunded, status, placedAt: ago(days), items: [], shipments: [] })
        })
        await world.ingest(tenantId, orders)
        const valid = parts.filter(({ status }) => status !== 'CANCELLED')
        const real = valid.filter(({ status, cents }) => status !== 'RETURNED' || cents > 0)
        const net = valid.reduce((sum, { cents, refundedCents }) => sum + cents - (refundedCents ?? 0), 0)
        const days = real.map((one) => one.days)
        expect(await behaviorOf(tenantId, id)).toMatchObject({
          lifetimeValue: { amount: (net / 100).toFixed(2) },
          totalOrders: real.length,
          daysSinceLastPurchase: real.length > 0 ? Math.min(...days) : null,
          tenureDays: real.length > 0 ? Math.max(...days) : 0,
        })
      }),
      { numRuns: 20 },
    )
  })
})

describe('a page of customers', () => {
  it('costs as many statements for 100 as for 5, however often each is named', async () => {
    const tenantId = newId()
    const ids = Array.from({ length: 100 }, newId)
    const orders = ids.flatMap((id) => Array.from({ length: 3 }, () => anOrder({ customer: { id } })))
    await world.ingest(tenantId, orders)
    const selection = `${figures} sourceRefs { id } orders(first: 2) {
      nodes { id total { amount } items { sku unitPrice { amount } } shipments { status } } }`
    type Page = { orders: { nodes: { items: object[]; shipments: object[] }[] } } & Behavior
    const ask = (page: string[]) => entities<Page>(tenantId, page, selection)
    const few = await world.statementsOf(() => ask(ids.slice(0, 5)))
    const many = await world.statementsOf(async () => {
      const { customers, codes } = await ask([...ids, ...ids])
      expect([customers.length, codes]).toEqual([200, []])
      expect(customers.slice(100)).toEqual(customers.slice(0, 100))
      for (const { behavior, orders } of customers) {
        expect(behavior['totalOrders']).toBe(3)
        expect(orders.nodes.map(({ items, shipments }) => [items.length, shipments.length])).toEqual([
          [1, 1],
          [1, 1],
        ])
      }
    })
    // The session, the currency, the sums, references, orders, items, shipments.
    expect([few, many]).toEqual([7, 7])
  })

  it('is not spoilt by an id that is none', async () => {
    const [tenantId, id] = [newId(), newId()]
    await world.ingest(tenantId, [anOrder({ customer: { id } })])
    const selection = 'behavior { totalOrders } sourceRefs { id } orders { nodes { source } }'
    const { customers, codes } = await entities(tenantId, [id, 'nonsense'], selection)
    expect(codes).toEqual([])
    expect(customers).toEqual([
      { id, behavior: { totalOrders: 1 }, sourceRefs: [], orders: { nodes: [{ source: 'shop' }] } },
      { id: 'nonsense', behavior: { totalOrders: 0 }, sourceRefs: [], orders: { nodes: [] } },
    ])
  })
})

describe('the orders of a customer', () => {
  type Page = {
    orders: { nodes: { externalId: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } | null
  }
  const page = (tenantId: string, id: string, args: string) =>
    entities<Page>(tenantId, [id], `orders(${args}) { nodes { externalId } pageInfo { hasNextPage endCursor } }`)

  it('come newest first, page by page, each once, also through ties', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(3), { minLength: 1, maxLength: 15 }),
        fc.integer({ min: 1, max: 6 }),
        async (days, size) => {
          const [tenantId, id] = [newId(), newId()]
          const made = days.map((day) => anOrder({ customer: { id }, placedAt: ago(day), items: [], shipments: [] }))
          await world.ingest(tenantId, made)
          const seen: string[] = []
          for (let args = `first: ${size}`; ;) {
            const orders = (await page(tenantId, id, args)).customers[0]?.orders
            seen.push(...(orders?.nodes ?? []).map(({ externalId }) => externalId))
            if (!orders?.pageInfo.hasNextPage) break
            expect(orders.nodes).toHaveLength(size)
            args = `first: ${size}, after: "${orders.pageInfo.endCursor}"`
          }
          const placed = new Map(made.map(({ order }) => [order.externalId, order.placedAt.getTime()]))
          expect(seen.toSorted()).toEqual([...placed.keys()].toSorted())
          const times = seen.map((externalId) => placed.get(externalId) ?? 0)
          expect(times).toEqual(times.toSorted((a, b) => b - a))
        },
      ),
      { numRuns: 15 },
    )
  })

  it('refuse page sizes and cursors that are none', async () => {
    const [tenantId, id] = [newId(), newId()]
    const cursors = ['x', encodeCursor([1, 2]), encodeCursor(['x', id]), encodeCursor([startOfTime, 'x'])]
    const bad = ['first: 0', 'first: 101', 'first: -1', ...cursors.map((cursor) => `after: "${cursor}"`)]
    for (const args of bad) {
      const { customers, codes } = await page(tenantId, id, args)
      expect([args, codes, customers[0]?.orders]).toEqual([args, ['BAD_USER_INPUT'], null])
    }
  })
})
