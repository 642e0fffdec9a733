import { customerIdOf, newId } from '@quimbi/database/ids.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Db } from '../src/database.ts'
import { markAged } from '../src/profiles/ageing.ts'
import { insightOf } from '../src/profiles/compute.ts'
import { lensOf } from '../src/profiles/lens.ts'
import { refreshSome } from '../src/profiles/refresh.ts'
import { createRefresher } from '../src/profiles/refresher.ts'
import { markAllStale, markStale } from '../src/profiles/stale.ts'
import { anOrder, dayMs, openWorld, startOfTime, type World } from './kit.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
  // Models take a moment once; no test is to pay for them.
  await lensOf(world.database.system, newId())
})
afterAll(() => world.close())

const now = new Date(startOfTime)
const ago = (days: number) => new Date(now.getTime() - days * dayMs)
const idOf = (tenantId: string, externalId = 'C-1') => customerIdOf(tenantId, 'shop', externalId)

type Insight = { id: string; status: string; asOf: Date; orders: number; churn: number | null; version: number }
const insights = (tenantId: string) =>
  world.rows<Insight>(
    `SELECT customer_id AS id, status, as_of AS "asOf", orders, churn_risk AS churn, models_version AS version
     FROM customer_insight WHERE tenant_id = $1 ORDER BY 1`,
    tenantId,
  )
const marks = async (tenantId: string) =>
  (
    await world.rows<{ since: string }>(
      `SELECT since::text FROM stale_customer WHERE tenant_id = $1 ORDER BY 1`,
      tenantId,
    )
  ).map(({ since }) => since)
const news = (tenantId: string) => world.told(tenantId, 'insight.changed')

const batch = (tenantId: string) => ({
  ...{ tenantId, now, limit: 100 },
  onFailure: (_: string, error: unknown): never => {
    throw error
  },
})
const refresh = (tenantId: string, limit = 100) =>
  world.database.transact(tenantId, (tx) => refreshSome(tx, { ...batch(tenantId), limit }))

const several = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    anOrder({ customer: { externalId: `C-${index}` }, placedAt: ago(index + 1) }),
  )

describe('a customer of whom something changed', () => {
  it('is computed, kept, told of, and no longer marked', async () => {
    const tenantId = newId()
    await world.ingest(tenantId, [anOrder({ placedAt: ago(40) }), anOrder({ placedAt: ago(10) })])
    expect(await marks(tenantId)).toHaveLength(1)
    await world.module.settle()
    expect(await marks(tenantId)).toEqual([])
    const [insight] = await insights(tenantId)
    expect(insight).toMatchObject({ id: idOf(tenantId), status: 'READY', asOf: now, orders: 2 })
    expect(await news(tenantId)).toEqual([
      {
        customerId: idOf(tenantId),
        churnRisk: insight?.churn,
        ltv: expect.any(Number),
        archetype: expect.any(String),
        asOf: startOfTime,
        moves: expect.arrayContaining([{ metric: 'CHURN_RISK', from: null, to: insight?.churn }]),
      },
    ])
  })

  it('is not marked by an order that was known already, and is with its former owner when one moves', async () => {
    const tenantId = newId()
    const order = anOrder()
    await world.ingest(tenantId, [order])
    await world.module.settle()
    await world.ingest(tenantId, [order])
    expect(await marks(tenantId)).toEqual([])
    await world.ingest(tenantId, [{ ...order, customer: { externalId: 'C-2' } }])
    expect(await marks(tenantId)).toHaveLength(2)
    await world.module.settle()
    const status = Object.fromEntries((await insights(tenantId)).map(({ id, status: is }) => [id, is]))
    expect(status).toEqual({ [idOf(tenantId)]: 'INSUFFICIENT_DATA', [idOf(tenantId, 'C-2')]: 'READY' })
    // What was thought of the one is taken back, where it was told.
    expect((await news(tenantId)).filter(({ churnRisk }) => churnRisk === null)).toMatchObject([
      { customerId: idOf(tenantId), ltv: null, archetype: null },
    ])
  })

  it('is not told of again while little has moved', async () => {
    const tenantId = newId()
    await world.ingest(tenantId, [anOrder({ placedAt: ago(200) })])
    await world.module.settle()
    await world.database.transact(tenantId, (tx) => markStale(tx, tenantId, [idOf(tenantId)], now))
    await world.module.settle()
    expect(await news(tenantId)).toHaveLength(1)
    await world.ingest(tenantId, [anOrder({ placedAt: ago(1) }), anOrder({ placedAt: ago(20) })])
    await world.module.settle()
    const [first, second] = await news(tenantId)
    expect(second?.churnRisk).toBeLessThan(first?.churnRisk ?? 0)
    expect(second?.moves).toContainEqual({ metric: 'CHURN_RISK', from: first?.churnRisk, to: second?.churnRisk })
  })

  it('is told of when small steps, each of which is no news, have added up', async () => {
    const tenantId = newId()
    await world.ingest(tenantId, [anOrder({ placedAt: ago(30) })])
    const risk: number[] = []
    for (let day = 0; (await news(tenantId)).length < 2; day += 1) {
      world.clock.set(new Date(now.getTime() + day * dayMs))
      await world.database.transact(tenantId, (tx) => markStale(tx, tenantId, [idOf(tenantId)], world.clock.now()))
      await world.module.settle()
      risk.push((await insights(tenantId))[0]?.churn ?? NaN)
    }
    world.clock.set(now)
    const [first, second] = await news(tenantId)
    expect(first?.churnRisk).toBe(risk[0])
    const churn = second?.moves?.find(({ metric }) => metric === 'CHURN_RISK')
    // Since it was told last, whatever was computed between.
    expect(churn).toEqual({ metric: 'CHURN_RISK', from: risk[0], to: risk.at(-1) })
    expect(risk.length).toBeGreaterThan(2)
  })

  it('whose order lies ahead is computed again when it has come', async () => {
    const tenantId = newId()
    const ahead = new Date(now.getTime() + 5_000)
    await world.ingest(tenantId, [anOrder({ placedAt: ahead })])
    await world.module.settle()
    expect(await insights(tenantId)).toMatchObject([{ status: 'INSUFFICIENT_DATA' }])
    await world.module.settle()
    expect(await marks(tenantId)).toHaveLength(1)
    world.clock.advance(5_001)
    await world.module.settle()
    world.clock.set(now)
    expect(await insights(tenantId)).toMatchObject([{ status: 'READY', orders: 1 }])
    expect(await marks(tenantId)).toEqual([])
  })

  it('who cannot be computed keeps nobody waiting, and is tried again later', async () => {
    const tenantId = newId()
    await world.ingest(tenantId, several(3))
    const failed: string[] = []
    const onFailure = (customerId: string) => void failed.push(customerId)
    const look: typeof insightOf = (lens, history, asOf) => {
      if (history.customerId === idOf(tenantId)) throw new RangeError('broken')
      return insightOf(lens, history, asOf)
    }
    const attempt = (tx: Db) => refreshSome(tx, { ...batch(tenantId), onFailure, look })
    expect(await world.database.transact(tenantId, attempt)).toBe(3)
    expect(failed).toEqual([idOf(tenantId)])
    expect(await insights(tenantId)).toHaveLength(2)
    expect(await refresh(tenantId)).toBe(0)
    world.clock.advance(3_600_000)
    await world.module.settle()
    world.clock.set(now)
    expect(await insights(tenantId)).toHaveLength(3)
  })
})

describe('several at work at once', () => {
  it('each take others, and nobody twice', async () => {
    const tenantId = newId()
    await world.ingest(tenantId, several(30))
    const counts = await Promise.all([refresh(tenantId, 20), refresh(tenantId, 20), refresh(tenantId, 20)])
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(30)
    expect(await insights(tenantId)).toHaveLength(30)
    expect(await news(tenantId)).toHaveLength(30)
  })

  it('lose no change that is committed while they compute', async () => {
    const tenantId = newId()
    await world.ingest(tenantId, [anOrder({ placedAt: ago(50) })])
    const computed = Promise.withResolvers<void>()
    const mayCommit = Promise.withResolvers<void>()
    const refreshing = world.database.transact(tenantId, async (tx) => {
      await refreshSome(tx, batch(tenantId))
      computed.resolve()
      await mayCommit.promise
    })
    await computed.promise
    const sent = world.ingest(tenantId, [anOrder({ placedAt: ago(2) })])
    // The order's transaction comes to the mark that is being worked off, and waits for it there.
    await expect.poll(waiting, { timeout: 20_000 }).toBeGreaterThan(0)
    mayCommit.resolve()
    await Promise.all([refreshing, sent])
    expect(await marks(tenantId)).toHaveLength(1)
    await world.module.settle()
    expect(await insights(tenantId)).toMatchObject([{ orders: 2 }])
  })

  it('leave alone whom a batch of orders has just changed, and do not wait for it', async () => {
    const tenantId = newId()
    await world.ingest(tenantId, several(2))
    await world.database.transact(tenantId, async (tx) => {
      await markStale(tx, tenantId, [idOf(tenantId, 'C-0')], now)
      expect(await refresh(tenantId)).toBe(1)
    })
    expect(await refresh(tenantId)).toBe(1)
  })

  /** Who waits for another's lock in this database. */
  const waiting = async () => {
    const found = await world.rows(
      `SELECT 1 FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT l.granted AND a.datname = current_database()`,
    )
    return found.length
  }
})

describe('a flood', () => {
  it('of one tenant does not keep another waiting', async () => {
    const [flooded, other] = [newId(), newId()].sort() as [string, string]
    await world.ingest(flooded, several(40))
    await world.ingest(other, several(1))
    const order: string[] = []
    const refresher = createRefresher({
      database: {
        ...world.database,
        transact: (tenantId, run) => (order.push(tenantId), world.database.transact(tenantId, run)),
      },
      clock: world.clock,
      log: createLogger({ service: 'intelligence', level: 'silent' }),
      batchSize: 10,
    })
    await refresher.drain()
    // Other tests may have left a mark.
    expect(order.filter((id) => id === flooded || id === other).slice(0, 2)).toEqual([flooded, other])
    expect([await marks(flooded), await marks(other)]).toEqual([[], []])
  })

  it('of all the tenant’s customers stands behind what changed by itself', async () => {
    const tenantId = newId()
    await world.ingest(tenantId, several(5))
    await world.module.settle()
    await world.database.transact(tenantId, (tx) => markAllStale(tx, tenantId))
    expect(await marks(tenantId)).toEqual(Array(5).fill('infinity'))
    await world.ingest(tenantId, [anOrder({ customer: { externalId: 'C-3' }, placedAt: ago(0.1) })])
    expect(await refresh(tenantId, 1)).toBe(1)
    expect((await insights(tenantId)).find(({ id }) => id === idOf(tenantId, 'C-3'))?.orders).toBe(2)
    // Marked again while marked: neither doubled nor brought forward.
    await world.database.transact(tenantId, (tx) => markAllStale(tx, tenantId))
    expect(await refresh(tenantId)).toBe(5)
    expect(await marks(tenantId)).toEqual([])
  })
})

describe('silence', () => {
  it('is counted on each day', async () => {
    const tenantId = newId()
    await world.ingest(tenantId, [anOrder({ placedAt: ago(3) })])
    await world.module.settle()
    expect(await markAged(world.database.system, now)).toBe(0)
    const tomorrow = new Date(now.getTime() + dayMs)
    world.clock.set(tomorrow)
    expect(await markAged(world.database.system, tomorrow)).toBeGreaterThan(0)
    await world.module.settle()
    world.clock.set(now)
    expect(await insights(tenantId)).toMatchObject([{ asOf: tomorrow }])
  })
})

describe('the marks', () => {
  it('of one who is gone are none, and no ids are no statement', async () => {
    const tenantId = newId()
    await world.ingest(tenantId, several(1))
    await world.module.settle()
    await world.database.transact(tenantId, (tx) =>
      markStale(tx, tenantId, [newId(), idOf(tenantId, 'C-0'), idOf(tenantId, 'C-0')], now),
    )
    expect(await marks(tenantId)).toHaveLength(1)
    expect(
      await world.statementsOf(() => world.database.transact(tenantId, (tx) => markStale(tx, tenantId, [], now))),
    ).toBe(2)
  })
})

describe('a refresher that runs by itself', () => {
  it('computes what is committed, and stops', async () => {
    const tenantId = newId()
    const log = createLogger({ service: 'intelligence', level: 'silent' })
    const refresher = createRefresher({ database: world.database, clock: world.clock, log, pollMs: 60_000 })
    await refresher.start()
    await world.ingest(tenantId, several(2))
    await expect.poll(() => insights(tenantId), { timeout: 20_000 }).toHaveLength(2)
    await refresher.stop()
    await world.ingest(tenantId, several(3))
    expect(await marks(tenantId)).toHaveLength(3)
  })
})
