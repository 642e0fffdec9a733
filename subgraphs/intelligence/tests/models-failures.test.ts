import { newId } from '@quimbi/database/ids.ts'
import { prepareJobs } from '@quimbi/database/jobs.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { priorOf } from '../src/models/priors.ts'
import { modelsOf, unreadableModels, type UnreadableModel } from '../src/models/registry.ts'
import { trainJob } from '../src/models/train-job.ts'
import { logUnreadable } from '../src/models/unreadable.ts'
import { anOrder, openWorld, startOfTime, type World } from './kit.ts'
import { bodyOf, keepModels, stateOf } from './models-kit.ts'

let world: World
const log = createLogger({ service: 'intelligence', level: 'silent' })

beforeAll(async () => {
  world = await openWorld()
  await prepareJobs(world.url, log)
  await Promise.all([priorOf(50), priorOf(25)]) // before anything waits for them
})
afterAll(() => world.close())

const serving = async (tenantId: string) => (await modelsOf(world.database.forTenant(tenantId), tenantId)).bundle

describe('a stored model that cannot be read', () => {
  it.each([
    ['is damaged', 'MODEL_DAMAGED', async () => (await bodyOf('a')).fill(7, 400, 500)],
    ['is empty', 'MODEL_DAMAGED', async () => Buffer.alloc(0)],
    ['reads other features', 'MODEL_FEATURES', () => bodyOf('a', '0')],
  ])('since it %s is replaced by the shipped ones, and told of once', async (_, reason, body) => {
    const tenantId = newId()
    await world.ingest(tenantId, [anOrder()])
    const { id: modelId } = await keepModels(world, tenantId, { body: await body() })
    const told: unknown[] = []
    const logged: unknown[] = []
    const listen = (message: unknown) => told.push(message)
    const background = logUnreadable({ ...log, error: (facts: object) => logged.push(facts) } as unknown as typeof log)
    unreadableModels.subscribe(listen)
    await background.start()
    const bundles = [await serving(tenantId), await serving(tenantId)]
    await background.stop()
    unreadableModels.unsubscribe(listen)
    expect(bundles.map(({ source }) => source)).toEqual(['PRIOR', 'PRIOR'])
    expect(told).toEqual([{ tenantId, modelId, reason } satisfies UnreadableModel])
    expect(logged).toEqual(told)
  })
})

describe('the shipped models of a tenant', () => {
  it('are made anew when its orders come, and when ten times as many have come', async () => {
    const tenantId = newId()
    await world.database.forTenant(tenantId).tenantProfile.create({ data: { tenantId, currencyCode: 'USD' } })
    const units = [(await serving(tenantId)).ltv.unit]
    for (const [orders, total] of [
      [1, '25.00'],
      [8, '50.00'],
      [3, '50.00'],
    ] as const) {
      await world.ingest(
        tenantId,
        Array.from({ length: orders }, () => anOrder({ total })),
      )
      units.push((await serving(tenantId)).ltv.unit)
    }
    // (25 + 11 × 50) / 12 is 48 in two digits.
    expect(units).toEqual([50, 25, 25, 48])
  })

  it('do not follow one absurd order', async () => {
    const tenantId = newId()
    const orders = Array.from({ length: 11 }, () => anOrder({ total: '50.00' }))
    await world.ingest(tenantId, [...orders, anOrder({ total: '1000000000' })])
    // As dear as ten of the others, among twelve: (11 × 50 + 500) / 12 in two digits.
    expect((await serving(tenantId)).ltv.unit).toBe(88)
  })
})

/** Customers, each with an order on these days ago: straight into the table, as they are many. */
async function fill(tenantId: string, customers: number, days: readonly number[]): Promise<void> {
  await world.rows(
    `WITH profile AS (INSERT INTO tenant_profile (tenant_id, currency_code) VALUES ($1::uuid, 'USD')),
       met AS (INSERT INTO customer (tenant_id, id, created_at)
         SELECT $1::uuid, gen_random_uuid(), $3::timestamptz FROM generate_series(1, $2::int) RETURNING id)
     INSERT INTO customer_order (tenant_id, id, customer_id, source, external_id, placed_at, status, currency_code, total,
       fingerprint, created_at, updated_at)
     SELECT $1::uuid, gen_random_uuid(), met.id, 'shop', met.id || '-' || ago, $3::timestamptz - ago * interval '1 day', 'PAID',
       'USD', 20 + ago % 9, '', $3::timestamptz, $3::timestamptz
     FROM met, unnest($4::int[]) AS ago`,
    ...[tenantId, customers, startOfTime, days],
  )
}

async function jobOf(tenantId: string, status = 'QUEUED'): Promise<string> {
  const id = newId()
  const createdAt = world.clock.now()
  await world.database
    .forTenant(tenantId)
    .job.create({ data: { tenantId, id, kind: 'TRAIN', status, input: {}, createdAt } })
  return id
}

async function run(tenantId: string, jobId: string) {
  const { database, clock } = world
  const input = { tenantId, jobId, asOf: startOfTime, seed: 1 }
  await trainJob({ database, clock, log }).run(input, { jobId: '1', attempt: 1, signal: new AbortController().signal })
  return database.forTenant(tenantId).job.findFirstOrThrow({ where: { tenantId, id: jobId } })
}

const ask = `mutation { trainModels(input: { kinds: [CHURN] }) { jobId userErrors { code } } }`
type Asked = { trainModels: { jobId: string | null; userErrors: { code: string }[] } }
const train = async (tenantId: string) =>
  (await world.ask<Asked>(ask, {}, await world.agent(tenantId))).data!.trainModels

describe('a training', { timeout: 240_000 }, () => {
  it('whose thread is killed says so, leaves the models in use, and may be asked for again', async () => {
    const tenantId = newId()
    await fill(tenantId, 500, [200, 3])
    const { version } = await keepModels(world, tenantId)
    process.once('worker', (worker) => void worker.terminate())
    expect(await run(tenantId, await jobOf(tenantId))).toMatchObject({ status: 'FAILED', error: 'ENDED' })
    expect((await stateOf(world, tenantId)).roles).toEqual({ [version]: ['CHAMPION', 1] })
    expect((await train(tenantId)).userErrors).toEqual([])
  })

  it('whose process died is over after an hour: another takes its place', async () => {
    const tenantId = newId()
    const dead = await jobOf(tenantId, 'RUNNING')
    expect((await train(tenantId)).userErrors).toEqual([{ code: 'CONFLICT' }])
    await world.rows(`UPDATE job SET created_at = created_at - interval '61 minutes' WHERE id = $1`, dead)
    expect((await train(tenantId)).userErrors).toEqual([])
    expect(await world.rows('SELECT status, error FROM job WHERE id = $1', dead)).toEqual([
      { status: 'FAILED', error: 'ENDED' },
    ])
    // Should it wake up, it has nothing left to do.
    expect(await run(tenantId, dead)).toMatchObject({ status: 'FAILED', error: 'ENDED', progress: 0 })
  })

  it('of customers who all left ends with a code', async () => {
    const tenantId = newId()
    await fill(tenantId, 500, [400])
    expect(await run(tenantId, await jobOf(tenantId))).toMatchObject({ status: 'FAILED', error: 'NO_SPEND' })
    expect((await serving(tenantId)).source).toBe('PRIOR')
  })

  it('of customers of whom nobody left tells one class: it is kept, with no figure where there is none', async () => {
    const tenantId = newId()
    await fill(tenantId, 500, [5, 25, 45, 65, 85, 105, 125, 145, 165, 185])
    expect(await run(tenantId, await jobOf(tenantId))).toMatchObject({ status: 'DONE', error: null })
    const [row] = await world.rows<{ metrics: { auc: number | null; brier: number; customers: number } }>(
      `SELECT metrics FROM model WHERE tenant_id = $1 AND kind = 'CHURN'`,
      tenantId,
    )
    expect(row?.metrics).toMatchObject({ auc: null, customers: 500 })
    expect(Number.isFinite(row?.metrics.brier)).toBe(true)
  })
})
