import { newId } from '@quimbi/database/ids.ts'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ingestOrders } from '../src/orders/ingest.ts'
import type { CustomerOrder } from '../src/orders/types.ts'
import { anOrder, contents, openWorld, service, type World } from './kit.ts'

let world: World
beforeAll(async () => void (world = await openWorld()))
afterAll(() => world.close())

const range = (length: number) => Array.from({ length }, (_, index) => index)
/** New orders, each of a customer of its own. */
const newOrders = (count: number, prefix: string = newId()): CustomerOrder[] =>
  range(count).map((n) => anOrder({ externalId: `${prefix}-${n}`, customer: { externalId: `${prefix}-C${n}` } }))

/** A tenant whose currency is known: its first batch would hold up all others. */
async function aTenant(): Promise<string> {
  const tenantId = newId()
  const payload = { name: 'Shop', currencyCode: 'USD', timeZone: 'UTC' }
  await world.hear({ tenantId, type: 'tenant.saved', occurredAt: world.clock.now(), payload })
  return tenantId
}

/** How often each customer was announced. */
async function announced(tenantId: string): Promise<Map<string, number>> {
  await world.module.sequence()
  const rows = await world.rows<{ payload: { customerId: string } }>(
    `SELECT payload FROM event_log WHERE tenant_id = $1 AND type = 'customer.seen'`,
    tenantId,
  )
  const groups = Map.groupBy(rows, ({ payload }) => payload.customerId)
  return new Map([...groups].map(([id, events]) => [id, events.length]))
}

describe('the statements of a batch', () => {
  it('are as many for 1,000 orders as for 1', async () => {
    const tenantId = await aTenant()
    const counts: Record<string, number[]> = { new: [], repeated: [], changed: [] }
    for (const size of [1, 10, 1_000]) {
      const orders = newOrders(size)
      const changed = orders.map(({ customer, order }) => ({ customer, order: { ...order, total: '1' } }))
      counts['new']?.push(await world.statementsOf(() => world.ingest(tenantId, orders)))
      counts['repeated']?.push(await world.statementsOf(() => world.ingest(tenantId, orders)))
      counts['changed']?.push(await world.statementsOf(() => world.ingest(tenantId, changed)))
    }
    for (const [first, ...others] of Object.values(counts)) expect(others).toEqual([first, first])
    expect(Math.max(...Object.values(counts).flat())).toBeLessThanOrEqual(15)
  })
})

describe('customers met for the first time', () => {
  it('are announced in the transaction that keeps them', async () => {
    const tenantId = await aTenant()
    const failing = world.database.transact(tenantId, async (tx) => {
      await ingestOrders(tx, service(tenantId), { source: 'shop', orders: newOrders(2) }, world.clock.now())
      throw new Error('the line went dead')
    })
    await expect(failing).rejects.toThrow('the line went dead')
    expect(await announced(tenantId)).toEqual(new Map())
    expect((await contents(world, tenantId))['customer']).toEqual([])
  })

  it('are announced once each, whether by id or by reference', async () => {
    const tenantId = await aTenant()
    const id = newId()
    const orders = [...newOrders(3, 'met'), anOrder({ customer: { id } }), anOrder({ customer: { id } })]
    await world.ingest(tenantId, orders)
    await world.ingest(tenantId, [...orders, ...newOrders(3, 'met').map((order) => ({ ...order, ...anOrder() }))])
    const kept = await world.rows<{ id: string }>('SELECT id FROM customer WHERE tenant_id = $1', tenantId)
    expect(kept).toHaveLength(5)
    expect(await announced(tenantId)).toEqual(new Map(kept.map((customer) => [customer.id, 1])))
  })
})

describe('batches at the same moment', () => {
  it('that are identical take each order once and announce each customer once', async () => {
    for (const tenantId of [newId(), await aTenant()]) {
      const orders = newOrders(200)
      const results = await Promise.all(range(4).map(() => world.ingest(tenantId, orders)))
      const sum = (key: 'accepted' | 'updated' | 'duplicates') => results.reduce((n, result) => n + result[key], 0)
      expect([sum('accepted'), sum('updated'), sum('duplicates')]).toEqual([200, 0, 600])
      const kept = await contents(world, tenantId)
      expect([kept['customer_order'], kept['order_item'], kept['shipment']].map((rows) => rows?.length)).toEqual([
        200, 200, 200,
      ])
      const times = await announced(tenantId)
      expect([times.size, Math.max(...times.values())]).toEqual([200, 1])
    }
  })

  it('that overlap in opposite orders do not wait for each other in a circle', async () => {
    const tenantId = await aTenant()
    let [sent, attempts] = [0, 0]
    // Run again by `transact` would be one that PostgreSQL picked to end a deadlock.
    const send = (orders: CustomerOrder[]) => {
      sent += 1
      return world.database.transact(tenantId, (tx) => {
        attempts += 1
        return ingestOrders(tx, service(tenantId), { source: 'shop', orders }, world.clock.now())
      })
    }
    for (const round of range(5)) {
      const orders = newOrders(100, `round-${round}`)
      const changed = orders.map(({ customer, order }) => ({ customer, order: { ...order, total: '1' } }))
      await Promise.all([
        send(orders.slice(0, 70)),
        send(orders.toReversed()),
        send(changed.slice(30)),
        send(changed.toReversed()),
      ])
      await Promise.all([send(changed), send(changed.toReversed())])
    }
    expect([attempts, sent]).toEqual([30, 30])
    const totals = await world.rows(
      'SELECT total::text, count(*)::int FROM customer_order WHERE tenant_id = $1 GROUP BY 1',
      tenantId,
    )
    expect(totals).toEqual([{ total: '1.0000', count: 500 }])
    const times = await announced(tenantId)
    expect([times.size, Math.max(...times.values())]).toEqual([500, 1])
  })
})

describe('any sequence of batches', () => {
  const statuses = ['PAID', 'DELIVERED', 'RETURNED', 'CANCELLED'] as const
  const version = fc.record({
    customer: fc.integer({ min: 0, max: 3 }),
    total: fc.integer({ min: 0, max: 99 }).map(String),
    status: fc.constantFrom(...statuses),
    refunded: fc.option(fc.integer({ min: 0, max: 9 }).map(String)),
    lines: fc.array(fc.record({ sku: fc.constantFrom('A', 'B', 'C'), quantity: fc.integer({ min: 1, max: 3 }) }), {
      maxLength: 3,
    }),
  })
  const orderOf = (
    number: number,
    { customer, lines, ...rest }: typeof version extends fc.Arbitrary<infer V> ? V : never,
  ) =>
    anOrder({
      externalId: `O-${number}`,
      customer: { externalId: `C-${customer}` },
      items: lines.map((line) => ({ ...line, title: line.sku, unitPrice: '1' })),
      shipments: lines.map(({ sku }) => ({ status: sku, updatedAt: new Date(0) })),
      ...rest,
    })
  const order = fc.tuple(fc.integer({ min: 0, max: 6 }), version).map(([number, content]) => orderOf(number, content))
  const batch = fc.uniqueArray(order, { selector: ({ order: { externalId } }) => externalId, maxLength: 5 })

  /** All that is kept of orders, without ids, which differ between tenants. */
  const kept = (tenantId: string) =>
    world.rows(
      `SELECT o.external_id, r.external_id AS customer, o.total, o.status, o.refunded, o.fingerprint::text,
         ARRAY(SELECT i.line || i.sku || i.quantity FROM order_item i WHERE i.tenant_id = $1 AND i.order_id = o.id ORDER BY 1) AS items,
         ARRAY(SELECT s.line || s.status FROM shipment s WHERE s.tenant_id = $1 AND s.order_id = o.id ORDER BY 1) AS parcels
       FROM customer_order o JOIN customer_ref r ON r.tenant_id = $1 AND r.customer_id = o.customer_id
       WHERE o.tenant_id = $1 ORDER BY 1`,
      tenantId,
    )

  it('leaves what one pass over the last version of each order leaves', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(batch, { maxLength: 6 }),
        fc.array(fc.nat(5), { maxLength: 3 }),
        async (batches, repeats) => {
          const [many, once] = [newId(), newId()]
          // What was just sent may always be sent again.
          for (const [index, orders] of batches.entries()) {
            const times = repeats.includes(index) ? 2 : 1
            for (const _ of range(times)) await world.ingest(many, orders)
          }
          const last = new Map(batches.flat().map((each) => [each.order.externalId, each]))
          await world.ingest(once, [...last.values()])
          expect(await kept(many)).toEqual(await kept(once))
          const met = new Set(batches.flat().map(({ customer }) => customer.externalId))
          expect([...(await announced(many)).values()]).toEqual(Array(met.size).fill(1))
        },
      ),
      { numRuns: 25 },
    )
  })
})
