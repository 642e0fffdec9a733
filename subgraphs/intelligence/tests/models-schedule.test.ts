import { newId } from '@quimbi/database/ids.ts'
import { prepareJobs } from '@quimbi/database/jobs.ts'
import { NIL_TENANT } from '@quimbi/database/tenancy.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { createRandom } from '@quimbi/service/random.ts'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { median } from '../src/insight/quantiles.ts'
import { settleHorizon } from '../src/models/horizon.ts'
import { priorOf } from '../src/models/priors.ts'
import { modelsOf } from '../src/models/registry.ts'
import { retraining } from '../src/models/retraining.ts'
import { anOrder, dayMs, openWorld, startOfTime, type World } from './kit.ts'
import { stateOf } from './models-kit.ts'

let world: World
const log = createLogger({ service: 'intelligence', level: 'silent' })
const now = Date.parse(startOfTime)

beforeAll(async () => {
  world = await openWorld()
  await prepareJobs(world.url, log)
  await priorOf(25) // before anything waits for it
})
afterEach(() => world.clock.set(new Date(startOfTime)))
afterAll(() => world.close())

/** Customers with an order on each of these days ago. */
async function fill(tenantId: string, customers: readonly (readonly number[])[]): Promise<void> {
  const orders = customers.flatMap((days, index) =>
    days.map((ago) => anOrder({ customer: { externalId: `C-${index}` }, placedAt: new Date(now - ago * dayMs) })),
  )
  for (let from = 0; from < orders.length; from += 1_000) await world.ingest(tenantId, orders.slice(from, from + 1_000))
}

const profileOf = async (tenantId: string) => {
  const [row] = await world.rows<{ horizon: number | null; schedule: string | null; dueAt: Date | null }>(
    `SELECT measured_horizon_days AS horizon, retrain_schedule AS schedule, retrain_due_at AS "dueAt"
     FROM tenant_profile WHERE tenant_id = $1`,
    tenantId,
  )
  return row!
}
const horizonOf = async (tenantId: string) => (await modelsOf(world.database.forTenant(tenantId), tenantId)).horizonDays
const measure = (tenantId: string) =>
  world.database.transact(tenantId, (tx) => settleHorizon(tx, tenantId, new Date(now)))
const every = (gap: number, orders: number) => Array.from({ length: orders }, (_, index) => 1 + gap * index)

describe('the horizon of a tenant that set none', () => {
  it('is two and a half median gaps between its customers’ purchase days, whatever those are', async () => {
    const random = createRandom(5)
    const shop = Array.from({ length: 60 }, () => {
      const pace = 5 + 60 * random()
      return Array.from({ length: 2 + Math.floor(6 * random()) }, () => Math.floor(1 + 6 * pace * random()))
    })
    const tenantId = newId()
    await fill(tenantId, shop)
    await measure(tenantId)
    const gaps = shop.flatMap((days) => {
      const distinct = [...new Set(days)].sort((a, b) => a - b)
      return distinct.slice(1).map((day, index) => day - distinct[index]!)
    })
    expect(gaps.length).toBeGreaterThanOrEqual(200)
    expect(await horizonOf(tenantId)).toBe(Math.min(365, Math.max(28, Math.round(2.5 * median(gaps)))))
  })

  it.each([
    [30, 41, 75],
    [2, 41, 28],
    [200, 41, 365],
    [30, 40, 90],
  ])('with a purchase every %d days by five times %d customers is %d days', async (gap, customers, expected) => {
    const tenantId = newId()
    // Five gaps of each: 40 customers have 200, and one of them is taken away below.
    const shop = Array.from({ length: customers }, (_, index) => every(gap, customers === 40 && index === 0 ? 5 : 6))
    await fill(tenantId, shop)
    await measure(tenantId)
    expect(await horizonOf(tenantId)).toBe(expected)
  })

  it('stays between two trainings, and then moves everybody’s insight; one of the tenant’s own goes first', async () => {
    const tenantId = newId()
    await fill(
      tenantId,
      Array.from({ length: 50 }, () => every(30, 6)),
    )
    expect(await horizonOf(tenantId)).toBe(90)
    await world.rows('DELETE FROM stale_customer WHERE tenant_id = $1', tenantId)
    await measure(tenantId)
    expect([await horizonOf(tenantId), await stateOf(world, tenantId)]).toMatchObject([
      75,
      { marks: 50, modelsVersion: 1 },
    ])
    await measure(tenantId)
    expect(await stateOf(world, tenantId)).toMatchObject({ modelsVersion: 1 })
    await world.rows('UPDATE tenant_profile SET churn_horizon_days = 45 WHERE tenant_id = $1', tenantId)
    expect(await horizonOf(tenantId)).toBe(45)
  })
})

const look = (at: Date) => {
  world.clock.set(at)
  const job = retraining({ database: world.database, clock: world.clock, log })
  return job.run({ tenantId: NIL_TENANT }, { jobId: '1', attempt: 1, signal: new AbortController().signal })
}
const jobsOf = (tenantId: string) =>
  world.rows<{ status: string; input: { asOf: string } }>(
    'SELECT status, input FROM job WHERE tenant_id = $1',
    tenantId,
  )
/** As the owner: the application may not look into the library's schema. */
async function queued(tenantId: string): Promise<number | null> {
  const owner = new pg.Client(world.url)
  await owner.connect()
  const { rowCount } = await owner.query('SELECT FROM graphile_worker.jobs WHERE key LIKE $1', [
    `%${tenantId}:intelligence.train:train`,
  ])
  await owner.end()
  return rowCount
}
const late = (at: Date, days: number) => new Date(at.getTime() + days * dayMs)

describe('training by schedule', () => {
  it('is asked for when it is due, once however often it is looked for, or however many times were missed', async () => {
    const tenantId = newId()
    await fill(
      tenantId,
      Array.from({ length: 500 }, () => [200, 3]),
    )
    await look(new Date(startOfTime))
    const { dueAt } = await profileOf(tenantId)
    expect(dueAt!.getTime() - now).toBeLessThanOrEqual(7 * dayMs)
    await look(late(dueAt!, -0.001))
    expect(await jobsOf(tenantId)).toEqual([])

    const missed = late(dueAt!, 30)
    await Promise.all([look(missed), look(missed)])
    expect(await jobsOf(tenantId)).toMatchObject([{ status: 'QUEUED', input: { asOf: missed.toISOString() } }])
    expect(await queued(tenantId)).toBe(1)
    await look(late(missed, 0.01))
    expect(await jobsOf(tenantId)).toHaveLength(1)
    const next = (await profileOf(tenantId)).dueAt!
    expect(next > missed && next <= late(missed, 7)).toBe(true)

    // A week later nobody has run it: it died with its process, and the next one takes its place.
    await look(next)
    const statuses = (await jobsOf(tenantId)).map(({ status }) => status).sort()
    expect([statuses, await queued(tenantId)]).toEqual([['FAILED', 'QUEUED'], 1])
  })

  it('passes over who has too little to learn from, and measures their horizon', async () => {
    const tenantId = newId()
    await fill(
      tenantId,
      Array.from({ length: 50 }, () => every(30, 6)),
    )
    await look(new Date(startOfTime))
    const { dueAt } = await profileOf(tenantId)
    await look(dueAt!)
    expect(await jobsOf(tenantId)).toEqual([])
    expect(await profileOf(tenantId)).toMatchObject({ horizon: 75, dueAt: late(dueAt!, 7) })
  })
})

const save = `mutation ($input: IntelligenceSettingsInput!) {
  saveIntelligenceSettings(input: $input) { updated userErrors { code path } }
}`
type Saved = { saveIntelligenceSettings: { updated: number; userErrors: { code: string; path: string[] | null }[] } }

async function set(tenantId: string, input: object, role: 'MANAGER' | 'AGENT' = 'MANAGER') {
  const { data } = await world.ask<Saved>(save, { input }, await world.agent(tenantId, role))
  return data!.saveIntelligenceSettings
}

describe('settings', () => {
  it('of the horizon have every customer computed anew, when they differ', async () => {
    const tenantId = newId()
    await fill(tenantId, [[3], [4]])
    await world.rows('DELETE FROM stale_customer WHERE tenant_id = $1', tenantId)
    expect(await set(tenantId, { churnHorizonDays: 60 })).toEqual({ updated: 1, userErrors: [] })
    expect([await horizonOf(tenantId), await stateOf(world, tenantId)]).toMatchObject([
      60,
      { marks: 2, modelsVersion: 1 },
    ])
    await set(tenantId, { churnHorizonDays: 60, retrainSchedule: 'off' })
    expect(await stateOf(world, tenantId)).toMatchObject({ modelsVersion: 1 })
    await set(tenantId, { churnHorizonDays: null })
    expect([await horizonOf(tenantId), await profileOf(tenantId)]).toMatchObject([90, { schedule: 'off' }])
  })

  it('of the schedule say when the next training is', async () => {
    const tenantId = newId()
    await fill(tenantId, [[3]])
    await set(tenantId, { retrainSchedule: '30 2 * * 1' })
    expect((await profileOf(tenantId)).dueAt).toEqual(new Date('2026-11-23T02:30:00.000Z'))
    await set(tenantId, { retrainSchedule: 'off' })
    await look(new Date('2027-06-01T00:00:00Z'))
    expect(await profileOf(tenantId)).toMatchObject({ schedule: 'off', dueAt: null })
    await set(tenantId, { retrainSchedule: null })
    expect((await profileOf(tenantId)).dueAt).not.toBeNull()
  })

  it.each([
    [{ churnHorizonDays: 27 }, 'INVALID', ['input', 'churnHorizonDays']],
    [{ churnHorizonDays: 366 }, 'INVALID', ['input', 'churnHorizonDays']],
    [{ retrainSchedule: 'weekly' }, 'INVALID', ['input', 'retrainSchedule']],
    [{ retrainSchedule: '0 0 31 2 *' }, 'INVALID', ['input', 'retrainSchedule']],
    [{ retrainSchedule: '' }, 'INVALID', ['input', 'retrainSchedule']],
    [{ retrainSchedule: '1,'.repeat(60) }, 'TOO_LONG', ['input', 'retrainSchedule']],
    [{}, 'REQUIRED', ['input']],
  ])('%j are %s', async (input, code, path) => {
    const tenantId = newId()
    await fill(tenantId, [[3]])
    expect(await set(tenantId, input)).toEqual({ updated: 0, userErrors: [{ code, path }] })
  })

  it('are for managers, of a tenant that is known', async () => {
    const tenantId = newId()
    const input = { churnHorizonDays: 60 }
    expect((await set(tenantId, input)).userErrors).toEqual([{ code: 'NOT_FOUND', path: null }])
    expect((await set(tenantId, input, 'AGENT')).userErrors).toEqual([{ code: 'FORBIDDEN', path: null }])
  })
})
