import { newId } from '@quimbi/database/ids.ts'
import { withTenant } from '@quimbi/database/tenancy.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { customersQuery, purchasesQuery } from '../src/advice/assortment.ts'
import type { CustomerOrder } from '../src/analytics/filter.ts'
import { countQuery, findQuery } from '../src/analytics/query.ts'
import type { SegmentationModel } from '../src/dna/model.ts'
import { asOwner, aTenant, now } from './analytics-kit.ts'
import { dayMs, openWorld, type World } from './kit.ts'

let world: World
beforeAll(async () => void (world = await openWorld()), 120_000)
afterAll(() => world.close())

const orders = ['REVENUE_AT_RISK', 'CHURN_RISK', 'LTV', 'LAST_PURCHASE'] as const

describe('among 50,000 customers', { timeout: 120_000 }, () => {
  const count = 50_000
  let tenantId: string
  let model: SegmentationModel

  /** One in so many has the segment; the others have the next one of the axis. */
  const rare = 1_000
  const segment = (axis: number, place: number) => model.axes[axis]?.segments[place]?.id ?? ''

  beforeAll(async () => {
    ;({ tenantId, model } = await aTenant(world))
    const { tenantId: other } = await aTenant(world)
    for (const id of [tenantId, other]) {
      await world.rows(
        `INSERT INTO customer (tenant_id, id, created_at) SELECT $1, gen_random_uuid(), $2 FROM generate_series(1, ${count})`,
        ...[id, now],
      )
      // Half of them have nothing at risk: a page among equals is as deep as any.
      await world.rows(
        `INSERT INTO customer_insight (tenant_id, customer_id, status, as_of, models_version, feature_version, orders, events, features, profile,
           churn_risk, ltv_12m, revenue_at_risk, lifecycle, archetype_leaf_id, segment_ids, last_order_at)
         SELECT $1, id, 'READY', $2, 0, '1', 1, 0, array_fill(1::float8, ARRAY[66]), '{}', n / ${count}.0, n % 997, greatest(0, n - ${count / 2}),
           (ARRAY['NEW', 'ACTIVE', 'LOYAL', 'AT_RISK', 'LAPSED', 'WON_BACK'])[1 + n % 6], $3::uuid,
           ARRAY[CASE WHEN n % ${rare} = 0 THEN $4 ELSE $5 END, CASE WHEN n % 2 = 0 THEN $6 ELSE $7 END]::uuid[],
           $2::timestamptz - n * interval '10 minutes'
         FROM (SELECT id, (row_number() OVER (ORDER BY id))::int AS n FROM customer WHERE tenant_id = $1) AS numbered`,
        ...[id, now, model.tree.archetypes[model.tree.leaf[0] ?? 0]?.id],
        ...[segment(0, 0), segment(0, 1), segment(1, 0), segment(1, 1)],
      )
    }
    // Orders of every tenth are enough for plans.
    await world.rows(
      `INSERT INTO customer_order (tenant_id, id, customer_id, source, external_id, placed_at, status, currency_code, total, fingerprint,
         created_at, updated_at)
       SELECT tenant_id, gen_random_uuid(), id, 'shop', id || ':' || n, $1::timestamptz - n * interval '9 days', 'PAID', 'USD', 10, '', $1, $1
       FROM customer, generate_series(1, 3) n WHERE get_byte(uuid_send(id), 15) < 26`,
      now,
    )
    await world.rows(
      `INSERT INTO order_item (tenant_id, order_id, line, sku, title, quantity, unit_price)
       SELECT tenant_id, id, n, 'A', 'Thing', 1, 5 FROM customer_order, generate_series(1, 2) n`,
    )
    await asOwner(world, 'VACUUM ANALYZE customer, customer_insight, customer_order, order_item')
  }, 120_000)

  /** What one statement read of the table, run for the application's role: rows by index, and whether it read the table whole. */
  const costOf = (sql: string, ...values: unknown[]) =>
    world.database.transact(tenantId, async (tx) => {
      const readSoFar = async () => {
        const [read] = await tx.$queryRawUnsafe<{ whole: number; rows: number }[]>(
          `SELECT seq_scan::int AS whole, idx_tup_fetch::int AS rows FROM pg_stat_xact_user_tables WHERE relname = 'customer_insight'`,
        )
        return read!
      }
      const before = await readSoFar()
      const rows = await tx.$queryRawUnsafe<{ id: string; key: string }[]>(sql, ...values)
      const after = await readSoFar()
      return { rows, read: { whole: after.whole - before.whole, rows: after.rows - before.rows } }
    })

  const page = (filter: object, order: CustomerOrder, after: [string | null, string | null] = [null, null]) =>
    costOf(findQuery, JSON.stringify(filter), order, ...after, 51)

  it.each(orders)('a page by %s reads little more than itself, however deep', async (order) => {
    const first = await page({}, order)
    expect(first.rows).toHaveLength(51)
    const deep = (await costOf(findQuery, '{}', order, null, null, 40_000)).rows.at(-1)!
    const later = await page({}, order, [deep.key, deep.id])
    expect(later.rows).toHaveLength(51)
    for (const { read } of [first, later]) {
      expect(read.whole).toBe(0)
      expect(read.rows).toBeLessThan(110)
    }
  })

  it.each([
    ['a share of one in 1,000', () => ({ segments: [[segment(0, 0)]] }), 50, 110],
    ['a half', () => ({ segments: [[segment(1, 0)]] }), 51, 400],
    ['two axes, of which one is rare', () => ({ segments: [[segment(0, 0)], [segment(1, 0)]] }), 50, 110],
    ['a narrow band of risk', () => ({ churnRiskAtLeast: 0.5, churnRiskAtMost: 0.502 }), 51, 220],
    ['a band of risk at the low end of the order', () => ({ churnRiskAtMost: 0.001 }), 50, 110],
    ['a silence that few have', () => ({ lastOrderBy: new Date(now.getTime() - 347 * dayMs).toISOString() }), 33, 70],
    [
      'a purchase that few have made so lately',
      () => ({ lastOrderAfter: new Date(now.getTime() - dayMs / 3).toISOString() }),
      47,
      110,
    ],
    ['one stage of six', () => ({ lifecycle: ['LAPSED'] }), 51, 1_000],
    [
      'an archetype that all have',
      () => ({ archetypes: [model.tree.archetypes[model.tree.leaf[0] ?? 0]?.id] }),
      51,
      110,
    ],
    ['an archetype that nobody has', () => ({ archetypes: [newId()] }), 0, 1],
  ])('%s is found without reading the rest', async (_, filter, found, most) => {
    const { rows, read } = await page(filter(), 'REVENUE_AT_RISK')
    expect(rows).toHaveLength(found)
    expect(read.whole).toBe(0)
    expect(read.rows).toBeLessThanOrEqual(most)
  })

  it('are counted up to 10,000', async () => {
    const counted = async (filter: object) =>
      world.database.transact(tenantId, async (tx) => {
        const [row] = await tx.$queryRawUnsafe<{ count: number }[]>(countQuery, JSON.stringify(filter), 10_000)
        return row?.count
      })
    expect(await counted({})).toBe(10_000)
    expect(await counted({ segments: [[segment(0, 0)]] })).toBe(count / rare)
  })

  it('what recommendations rest on is read by index, whichever way the plan is made', async () => {
    const some = await world.rows<{ id: string }>('SELECT id FROM customer WHERE tenant_id = $1 LIMIT 150', tenantId)
    const ids = some.map(({ id }) => id)
    const statements: [string, unknown[]][] = [
      [customersQuery, [tenantId, newId(), 1_024]],
      [purchasesQuery, [tenantId, ids, now]],
    ]
    for (const [sql, values] of statements) {
      expect([sql, await scannedBy(sql, values)]).toEqual([sql, []])
      // As it is planned once a connection has run it often: for any values.
      expect([sql, await scannedBy(sql)]).toEqual([sql, []])
    }
  })

  /** Tables that the statement reads whole, planned for the application's role and for these values, or for any. */
  async function scannedBy(sql: string, values?: unknown[]): Promise<string[]> {
    type Node = { 'Node Type': string; 'Relation Name'?: string; Plans?: Node[] }
    const explain = `EXPLAIN (FORMAT JSON${values ? '' : ', GENERIC_PLAN'}) ${sql}`
    const { rows } = await withTenant(tenantId, () =>
      world.database.appPool.query<{ 'QUERY PLAN': [{ Plan: Node }] }>(explain, values),
    )
    const flat = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(flat)]
    const nodes = rows.flatMap((row) => flat(row['QUERY PLAN'][0].Plan))
    expect(nodes.length).toBeGreaterThan(0)
    return nodes.flatMap((node) => (node['Node Type'] === 'Seq Scan' ? [node['Relation Name'] ?? '?'] : []))
  }

  it('are found for the tenant that the connection is bound to, and for none without', async () => {
    for (const id of ['', newId()]) {
      const rows = await world.database.transact(id, (tx) => tx.$queryRawUnsafe(findQuery, '{}', 'LTV', null, null, 10))
      expect(rows).toEqual([])
    }
  })
})
