import { customerIdOf, newId } from '@quimbi/database/ids.ts'
import { withTenant } from '@quimbi/database/tenancy.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  customersQuery,
  eventsQuery,
  historiesOf,
  interactionsQuery,
  maxFacts,
  ordersQuery,
  streamHistories,
} from '../src/profiles/histories.ts'
import { settleMarks, takeMarks } from '../src/profiles/refresh.ts'
import { staleTenants } from '../src/profiles/refresher.ts'
import { knownQuery, toldQuery } from '../src/profiles/store.ts'
import { anOrder, dayMs, openWorld, startOfTime, type World } from './kit.ts'

let world: World
beforeAll(async () => void (world = await openWorld()))
afterAll(() => world.close())

const now = new Date(startOfTime)
const ago = (days: number) => new Date(now.getTime() - days * dayMs)
const item = { title: 'Thing', unitPrice: '5' }

describe('what customers did', () => {
  it('is told as the models see it, oldest first, without what was called off', async () => {
    const tenantId = newId()
    await world.ingest(tenantId, [
      anOrder({ placedAt: ago(1), status: 'RETURNED', total: '0', refunded: '12.50', items: [] }),
      anOrder({ placedAt: ago(2), status: 'CANCELLED' }),
      anOrder({
        placedAt: ago(3),
        total: '20.25',
        discount: '4.75',
        refunded: '5',
        items: [
          { ...item, sku: 'A', category: 'Home', quantity: 2, discounted: true },
          { ...item, sku: 'B', quantity: 3 },
          { ...item, sku: 'A', category: 'Home', quantity: 1 },
        ],
      }),
    ])
    const id = customerIdOf(tenantId, 'shop', 'C-1')
    await world.rows(`UPDATE customer SET country_code = 'SE' WHERE tenant_id = $1`, tenantId)
    const db = world.database.forTenant(tenantId)
    const [history, ...others] = await historiesOf(db, tenantId, [newId(), 'nobody', id.toUpperCase(), id])
    expect(others).toEqual([])
    const bare = { discount: 0, discountedLines: 0, refunded: 0, items: 0, lines: 0, skus: [], categories: [] }
    expect(history).toEqual({
      customerId: id,
      country: 'SE',
      interactions: [],
      events: [],
      orders: [
        {
          ...{ at: ago(3).getTime(), amount: 20.25, refunded: 5, discount: 4.75, isReturn: false },
          ...{ items: 6, lines: 3, discountedLines: 1, skus: ['A', 'B', 'A'], categories: ['Home', 'Home'] },
        },
        { ...bare, at: ago(1).getTime(), amount: 12.5, isReturn: true },
      ],
    })
  })

  it('is another tenant’s affair', async () => {
    const [ours, theirs] = [newId(), newId()]
    await world.ingest(theirs, [anOrder()])
    const db = world.database.forTenant(ours)
    const id = customerIdOf(theirs, 'shop', 'C-1')
    expect(await historiesOf(db, ours, [id])).toEqual([])
    expect(await historiesOf(db, theirs, [id])).toEqual([])
  })
})

describe('a tenant of many', () => {
  let tenantId: string
  const count = 4_000

  beforeAll(async () => {
    for (let nth = 0; nth < 2; nth += 1) tenantId = await aLargeTenant()
    // As the refresher does. What is small here is not in a shop.
    await world.rows('SELECT app.first_statistics()')
    await world.rows('ANALYZE customer, customer_order, order_item, interaction, customer_event, stale_customer')
  })

  async function aLargeTenant(): Promise<string> {
    const id = newId()
    const fill = (sql: string) => world.rows(sql, id, now)
    await fill(
      `INSERT INTO customer (tenant_id, id, created_at) SELECT $1, gen_random_uuid(), $2 FROM generate_series(1, ${count})`,
    )
    await fill(`INSERT INTO customer_order (tenant_id, id, customer_id, source, external_id, placed_at, status, currency_code, total, fingerprint,
        created_at, updated_at)
      SELECT $1, gen_random_uuid(), c.id, 'shop', c.id || ':' || n, $2::timestamptz - n * interval '9 days', 'PAID', 'USD', 10, '', $2, $2
      FROM customer c, generate_series(1, 3) n WHERE c.tenant_id = $1`)
    await fill(`INSERT INTO order_item (tenant_id, order_id, line, sku, title, quantity, unit_price)
      SELECT $1, id, n, 'A', 'Thing', 1, 5 FROM customer_order, generate_series(1, 2) n WHERE tenant_id = $1 AND $2::timestamptz IS NOT NULL`)
    await fill(`INSERT INTO interaction (tenant_id, id, customer_id, source, external_id, channel, kind, at, created_at)
      SELECT $1, gen_random_uuid(), c.id, 'shop', c.id || ':' || n, 'EMAIL', 'MESSAGE', $2, $2
      FROM customer c, generate_series(1, 3) n WHERE c.tenant_id = $1`)
    await fill(`INSERT INTO customer_event (tenant_id, id, customer_id, source, external_id, at, name, created_at)
      SELECT $1, gen_random_uuid(), c.id, 'shop', c.id || ':' || n, $2, 'visit', $2
      FROM customer c, generate_series(1, 3) n WHERE c.tenant_id = $1`)
    await fill(`INSERT INTO customer_insight (tenant_id, customer_id, status, as_of, models_version, feature_version, orders, events, features, profile)
      SELECT $1, id, 'READY', $2, 0, '1', 1, 0, array_fill(1::float8, ARRAY[66]), '{}' FROM customer WHERE tenant_id = $1`)
    await fill(`INSERT INTO stale_customer SELECT $1, id, $2 FROM customer WHERE tenant_id = $1`)
    return id
  }

  it('comes whole, in the order of the ids, a page at a time', async () => {
    const db = world.database.forTenant(tenantId)
    const seen: string[] = []
    const statements = await world.statementsOf(async () => {
      for await (const { customerId, orders } of streamHistories(db, tenantId)) {
        seen.push(customerId)
        expect(orders).toHaveLength(3)
      }
    })
    expect(new Set(seen).size).toBe(count)
    expect(seen).toEqual(seen.toSorted())
    // Eight full pages and an empty one.
    expect(statements).toBe(8 * 5 + 1)
  })

  it('is read by key, customer by customer, whichever way the plan is made', async () => {
    const ids = (
      await world.rows<{ id: string }>(`SELECT id FROM customer WHERE tenant_id = $1 LIMIT 100`, tenantId)
    ).map(({ id }) => id)
    const reads = [customersQuery, ordersQuery, interactionsQuery, eventsQuery].map((sql): [string, unknown[]] => [
      sql,
      [tenantId, ids],
    ])
    const statements: [string, unknown[]][] = [
      ...reads,
      [knownQuery, [tenantId, ids, now]],
      [toldQuery, [tenantId, ids]],
      [takeMarks, [tenantId, now, 250]],
      [settleMarks, [tenantId, ids, [], []]],
    ]
    for (const [sql, values] of statements) {
      expect([sql, await scannedBy(tenantId, sql, values)]).toEqual([sql, []])
      // As it is planned once a connection has run it often: for any values.
      expect([sql, await scannedBy(tenantId, sql)]).toEqual([sql, []])
    }
    const whole = await world.rows<{ plan: string }>(`EXPLAIN ${staleTenants.replace('$1', `'${startOfTime}'`)}`)
    expect(JSON.stringify(whole)).not.toContain('Seq Scan')
  })

  it('has its longest history cut to the newest', async () => {
    const [customer] = await world.rows<{ id: string }>(
      `SELECT id FROM customer WHERE tenant_id = $1 LIMIT 1`,
      tenantId,
    )
    const id = customer?.id ?? ''
    await world.rows(
      `INSERT INTO customer_event (tenant_id, id, customer_id, source, external_id, at, name, created_at)
       SELECT $1, gen_random_uuid(), $2, 'shop', 'n' || n, $3::timestamptz - n * interval '1 minute', 'visit', $3
       FROM generate_series(1, ${maxFacts + 5}) n`,
      ...[tenantId, id, now],
    )
    const [history] = await historiesOf(world.database.forTenant(tenantId), tenantId, [id])
    expect(history?.events).toHaveLength(maxFacts)
    expect(history?.events.at(-1)?.at).toBe(now.getTime())
  })
})

/** Tables that the statement reads whole, or as far as they are the tenant's; planned for the application's role and for these values, or for any. */
async function scannedBy(tenantId: string, sql: string, values?: unknown[]): Promise<string[]> {
  type Node = { 'Node Type': string; 'Relation Name'?: string; 'Index Cond'?: string; Plans?: Node[] }
  const explain = `EXPLAIN (FORMAT JSON${values ? '' : ', GENERIC_PLAN'}) ${sql}`
  const { rows } = await withTenant(tenantId, () =>
    world.database.appPool.query<{ 'QUERY PLAN': [{ Plan: Node }] }>(explain, values),
  )
  const plan = rows[0]?.['QUERY PLAN'][0].Plan
  const flat = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(flat)]
  const nodes = plan ? flat(plan) : []
  expect(nodes.length).toBeGreaterThan(0)
  const isWide = ({ 'Node Type': type, 'Index Cond': condition = '', ...node }: Node) =>
    type === 'Seq Scan' || (node['Relation Name'] === 'customer_insight' && !condition.includes('customer_id'))
  return nodes.flatMap((node) => (isWide(node) ? [node['Relation Name'] ?? '?'] : []))
}
