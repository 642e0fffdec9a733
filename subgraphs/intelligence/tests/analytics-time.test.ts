import { newId } from '@quimbi/database/ids.ts'
import { createRandom } from '@quimbi/service/random.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addPeriods, periodAt, type CohortPeriod } from '../src/analytics/cohorts.ts'
import type { Db } from '../src/database.ts'
import { aTenant, insertRows, now, randomRows } from './analytics-kit.ts'
import { anOrder, dayMs, openWorld, type World } from './kit.ts'

let world: World
beforeAll(async () => void (world = await openWorld()), 120_000)
afterAll(() => world.close())

const today = Date.UTC(2026, 10, 21)
const dayText = (day: number) => new Date(day).toISOString().slice(0, 10)
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

describe('the trend of churn risk', { timeout: 120_000 }, () => {
  const trend = `query ($days: Int) { churnTrend(days: $days) { at averageRisk highRiskCount revenueAtRisk { amount currencyCode } } }`
  type Trend = {
    churnTrend: { at: string; averageRisk: number; highRiskCount: number; revenueAtRisk: { amount: string } }[]
  }
  /** A customer's figures from a day on; null where they no longer have any. */
  type Figure = { customerId: string; day: number; risk: number | null; revenue: number }

  const write = `
    INSERT INTO customer_insight (tenant_id, customer_id, status, as_of, models_version, feature_version, orders, events, features, profile,
      churn_risk, revenue_at_risk)
    SELECT $1::uuid, "customerId", CASE WHEN risk IS NULL THEN 'INSUFFICIENT_DATA' ELSE 'READY' END, $3::timestamptz, 0, '1', 1, 0,
      array_fill(1::float8, ARRAY[66]), '{}', risk, CASE WHEN risk IS NOT NULL THEN revenue END
    FROM jsonb_to_recordset($2::jsonb) AS r ("customerId" uuid, risk float8, revenue numeric)
    ON CONFLICT (tenant_id, customer_id) DO UPDATE SET status = excluded.status, as_of = excluded.as_of, churn_risk = excluded.churn_risk,
      revenue_at_risk = excluded.revenue_at_risk`

  /** Each customer by the last figure up to the day. */
  function oracle(figures: readonly Figure[], days: number) {
    return Array.from({ length: days }, (_, nth) => today - (days - 1 - nth) * dayMs).flatMap((day) => {
      const last = [...Map.groupBy(figures, ({ customerId }) => customerId).values()].flatMap((own) => {
        const { risk = null, revenue = 0 } = own.findLast((figure) => figure.day <= day) ?? {}
        return risk === null ? [] : [{ risk, revenue }]
      })
      if (last.length === 0) return []
      return [
        {
          at: `${dayText(day)}T00:00:00.000Z`,
          averageRisk: sum(last.map(({ risk }) => risk)) / last.length,
          highRiskCount: last.filter(({ risk }) => risk >= 0.6).length,
          revenueAtRisk: sum(last.map(({ revenue }) => revenue)),
        },
      ]
    })
  }

  it('carries each customer’s last figure on, day by day, whoever wrote it', async () => {
    const { tenantId } = await aTenant(world)
    const ids = Array.from({ length: 40 }, newId)
    await world.rows(
      'INSERT INTO customer (tenant_id, id, created_at) SELECT $1, unnest($2::uuid[]), $3',
      tenantId,
      ids,
      now,
    )
    const random = createRandom(8)
    const figures: Figure[] = []
    for (let day = today - 60 * dayMs; day <= today; day += dayMs) {
      // Some twice a day; some days without anybody, as when nothing runs.
      for (const hour of [1, 20]) {
        const some = random() < 0.3 ? [] : ids.filter(() => random() < 0.2)
        const batch = some.map((customerId): Figure => ({
          ...{ customerId, day, revenue: Math.floor(random() * 10_000) / 100 },
          risk: random() < 0.1 ? null : Math.floor(random() * 1_000) / 1_000,
        }))
        const at = new Date(day + hour * 3_600_000)
        const run = (tx: Db) => tx.$executeRawUnsafe(write, tenantId, JSON.stringify(batch), at)
        await (random() < 0.5 ? world.database.transact(tenantId, run) : run(world.database.system))
        figures.push(...batch)
      }
    }
    const other = await aTenant(world)
    await insertRows(world, other.tenantId, randomRows(9, other.model, 9))

    const agent = await world.agent(tenantId, 'AGENT')
    for (const days of [1, 2, 10, 45, 61, 365]) {
      const { data, codes } = await world.ask<Trend>(trend, { days }, agent)
      expect(codes).toEqual([])
      const expected = oracle(figures, days)
      expect(data!.churnTrend.map(({ at }) => at)).toEqual(expected.map(({ at }) => at))
      data!.churnTrend.forEach(({ averageRisk, highRiskCount, revenueAtRisk }, nth) => {
        const day = expected[nth]!
        expect(averageRisk).toBeCloseTo(day.averageRisk, 9)
        expect(highRiskCount).toBe(day.highRiskCount)
        expect(Number(revenueAtRisk.amount)).toBeCloseTo(day.revenueAtRisk, 2)
      })
    }
    // Who is erased counts no more from the last figure on; what was before stays.
    const before = (await world.ask<Trend>(trend, {}, agent)).data!.churnTrend
    expect(before.length).toBeGreaterThan(1)
    await world.rows('DELETE FROM customer WHERE tenant_id = $1', tenantId)
    const after = (await world.ask<Trend>(trend, {}, agent)).data!.churnTrend
    expect(after[0]).toEqual(before[0])
    expect(after.map(({ at }) => at)).not.toContain(before.at(-1)?.at)
  })

  it('is what the insight of now adds up to, after a refresh', async () => {
    const tenantId = newId()
    const orders = Array.from({ length: 20 }, (_, nth) =>
      anOrder({ customer: { externalId: `C-${nth}` }, placedAt: new Date(now.getTime() - (1 + 20 * nth) * dayMs) }),
    )
    await world.ingest(tenantId, orders)
    await world.module.settle()
    const [expected] = await world.rows<{ mean: number; high: number; revenue: string }>(
      `SELECT avg(churn_risk) AS mean, (count(*) FILTER (WHERE churn_risk >= 0.6))::int AS high, sum(revenue_at_risk)::text AS revenue
       FROM customer_insight WHERE tenant_id = $1`,
      tenantId,
    )
    const { data } = await world.ask<Trend>(trend, {}, await world.agent(tenantId))
    expect(data!.churnTrend).toHaveLength(1)
    const [day] = data!.churnTrend
    expect(day?.averageRisk).toBeCloseTo(expected!.mean, 8)
    expect([day?.highRiskCount, day?.revenueAtRisk.amount]).toEqual([
      expected!.high,
      Number(expected!.revenue).toFixed(2),
    ])
  })

  it.each([0, -1, 1_096])('is of no %i days', async (days) => {
    const { codes, reasons } = await world.ask(trend, { days }, await world.agent(newId()))
    expect([codes, reasons]).toEqual([['BAD_USER_INPUT'], ['DAYS']])
  })
})

describe('cohorts', { timeout: 120_000 }, () => {
  const cohorts = `query ($by: CohortPeriod, $metric: CohortMetric) { cohorts(by: $by, metric: $metric) { startsAt size values } }`
  type Cohorts = { cohorts: { startsAt: string; size: number; values: number[] }[] }
  type Order = { customer: number; at: number; status: string; total: number; refunded: number | null }

  const periods = ['WEEK', 'MONTH', 'QUARTER'] as const
  const metrics = ['RETENTION', 'REVENUE', 'ORDERS'] as const

  async function fill(orders: readonly Order[]): Promise<string> {
    const { tenantId } = await aTenant(world)
    const ids = new Map(orders.map(({ customer }) => [customer, newId()]))
    const json = JSON.stringify(
      orders.map((order) => ({ ...order, id: newId(), customer: ids.get(order.customer), at: new Date(order.at) })),
    )
    await world.rows(
      'INSERT INTO customer (tenant_id, id, created_at) SELECT $1, unnest($2::uuid[]), $3',
      tenantId,
      [...ids.values()],
      now,
    )
    await world.rows(
      `INSERT INTO customer_order (tenant_id, id, customer_id, source, external_id, placed_at, status, currency_code, total, refunded, fingerprint,
         created_at, updated_at)
       SELECT $1, id, customer, 'shop', id::text, at, status, 'USD', total, refunded, '', $3, $3
       FROM jsonb_to_recordset($2::jsonb) AS r (id uuid, customer uuid, at timestamptz, status text, total numeric, refunded numeric)`,
      ...[tenantId, json, now],
    )
    return tenantId
  }

  /** By hand, one customer after the other. */
  function oracle(orders: readonly Order[], by: CohortPeriod, metric: (typeof metrics)[number]) {
    const current = periodAt(by, now)
    const oldest = addPeriods(by, current, -59)
    const seen = orders.filter(({ status, at }) => status !== 'CANCELLED' && at < now.getTime())
    const isOrder = ({ status, total }: Order) => !(status === 'RETURNED' && total === 0)
    const customers = [...Map.groupBy(seen, ({ customer }) => customer).values()].flatMap((own) => {
      const first = Math.min(...own.filter(isOrder).map(({ at }) => at))
      return Number.isFinite(first) && first >= oldest.getTime()
        ? [{ own, start: periodAt(by, new Date(first)).getTime() }]
        : []
    })
    return [...Map.groupBy(customers, ({ start }) => start)]
      .sort(([a], [b]) => a - b)
      .map(([start, members]) => {
        const values: number[] = []
        for (let at = new Date(start); at <= current; at = addPeriods(by, at, 1)) {
          const end = addPeriods(by, at, 1).getTime()
          const inPeriod = members.map(({ own }) => own.filter((order) => order.at >= at.getTime() && order.at < end))
          const active = inPeriod.filter((own) => own.some(isOrder)).length
          const value = {
            RETENTION: active / members.length,
            ORDERS: inPeriod.flat().filter(isOrder).length,
            REVENUE: sum(inPeriod.flat().map(({ total, refunded }) => total - (refunded ?? 0))),
          }[metric]
          values.push(value)
        }
        return { startsAt: new Date(start).toISOString(), size: members.length, values }
      })
  }

  it('follow the customers of each period of a first order', async () => {
    const random = createRandom(10)
    const statuses = ['PAID', 'PAID', 'DELIVERED', 'CANCELLED', 'RETURNED']
    const orders = Array.from({ length: 400 }, (): Order => {
      const status = statuses[Math.floor(random() * statuses.length)] ?? 'PAID'
      const isNote = status === 'RETURNED' && random() < 0.5
      return {
        ...{ customer: Math.floor(random() * 60), status, total: isNote ? 0 : Math.floor(random() * 100) },
        // Up to half a day ahead, and 600 days back.
        at: now.getTime() + dayMs / 2 - Math.floor(random() * 600 * dayMs),
        refunded: status === 'RETURNED' ? Math.floor(random() * 20) : null,
      }
    })
    const tenantId = await fill(orders)
    const agent = await world.agent(tenantId, 'AGENT')
    for (const by of periods) {
      for (const metric of metrics) {
        const { data, codes } = await world.ask<Cohorts>(cohorts, { by, metric }, agent)
        expect(codes).toEqual([])
        const expected = oracle(orders, by, metric)
        expect(expected.length).toBeGreaterThan(2)
        expect(data!.cohorts).toEqual(expected)
      }
    }
    const { data } = await world.ask<Cohorts>(cohorts, {}, agent)
    expect(data!.cohorts).toEqual(oracle(orders, 'MONTH', 'RETENTION'))
    expect(data!.cohorts.every(({ values }) => values[0] === 1)).toBe(true)
    const theirs = await world.ask<Cohorts>(cohorts, {}, await world.agent(newId()))
    expect(theirs.data).toEqual({ cohorts: [] })
  })

  it('are of the newest 60 periods', async () => {
    const paid = { status: 'PAID', total: 10, refunded: null }
    const orders = Array.from({ length: 100 }, (_, nth) => ({
      ...paid,
      customer: nth,
      at: now.getTime() - nth * 7 * dayMs,
    }))
    const agent = await world.agent(await fill(orders.slice(1)))
    const { data } = await world.ask<Cohorts>(cohorts, { by: 'WEEK' }, agent)
    expect(data!.cohorts).toHaveLength(59)
    expect(data!.cohorts[0]?.values).toHaveLength(60)
  })
})
