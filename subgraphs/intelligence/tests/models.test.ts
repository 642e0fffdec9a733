import { newId } from '@quimbi/database/ids.ts'
import { prepareJobs } from '@quimbi/database/jobs.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { features } from '../src/features/catalogue.ts'
import { imagineShop } from '../src/models/imagine.ts'
import { modelsOf } from '../src/models/registry.ts'
import { trainJob } from '../src/models/train-job.ts'
import type { CustomerOrder } from '../src/orders/types.ts'
import { openWorld, startOfTime, type World } from './kit.ts'

let world: World
const log = createLogger({ service: 'intelligence', level: 'silent' })

beforeAll(async () => {
  world = await openWorld()
  await prepareJobs(world.url, log)
})
afterAll(() => world.close())

const now = Date.parse(startOfTime)

/** Orders of imagined customers, as a shop would send them. */
async function fill(tenantId: string, customers: number): Promise<void> {
  const shop = imagineShop(customers, { asOf: now, value: 40, seed: 11 })
  const orders = shop.flatMap(({ customerId, orders: own }) =>
    own.flatMap(({ at, amount, isReturn }, index): CustomerOrder[] => [
      {
        customer: { externalId: customerId },
        order: {
          externalId: `${customerId}-${index}`,
          placedAt: new Date(at),
          total: isReturn ? '0' : amount.toFixed(2),
          currencyCode: 'USD',
          status: isReturn ? 'RETURNED' : 'PAID',
          refunded: isReturn ? amount.toFixed(2) : null,
        },
      },
    ]),
  )
  for (let from = 0; from < orders.length; from += 1_000) await world.ingest(tenantId, orders.slice(from, from + 1_000))
}

async function request(tenantId: string): Promise<string> {
  const id = newId()
  const [input, createdAt] = [{}, world.clock.now()]
  await world.database
    .forTenant(tenantId)
    .job.create({ data: { tenantId, id, kind: 'TRAIN', status: 'QUEUED', input, createdAt } })
  return id
}

async function run(tenantId: string, signal = new AbortController().signal) {
  const jobId = await request(tenantId)
  const { database, clock } = world
  const job = trainJob({ database, clock, log })
  await job.run({ tenantId, jobId, asOf: startOfTime, seed: 1 }, { jobId: '1', attempt: 1, signal })
  return database.forTenant(tenantId).job.findFirstOrThrow({ where: { tenantId, id: jobId } })
}

const train = `mutation ($input: TrainModelsInput!) { trainModels(input: $input) { jobId userErrors { code path } } }`
type Trained = { trainModels: { jobId: string | null; userErrors: { code: string; path: string[] | null }[] } }
const listed = '{ models { kind role version trainedOn metrics trafficShare } jobs { kind status progress error } }'
type Listed = { models: { kind: string; role: string; metrics: { customers: number } }[]; jobs: { status: string }[] }

describe('training', { timeout: 240_000 }, () => {
  it('makes models of the tenant’s own customers, judges them on a holdout, and uses them where they are better', async () => {
    const tenantId = newId()
    await fill(tenantId, 900)
    const manager = await world.agent(tenantId)
    const before = await modelsOf(world.database.forTenant(tenantId), tenantId)
    expect(before.bundle.source).toBe('PRIOR')

    expect(await run(tenantId)).toMatchObject({ status: 'DONE', progress: 1, error: null })

    const { data } = await world.ask<Listed>(listed, {}, manager)
    expect(data?.models.map(({ kind }) => kind).sort()).toEqual([
      'CHURN',
      'ENGAGEMENT',
      'LTV',
      'REPURCHASE',
      'SEGMENTATION',
    ])
    const [row] = await world.rows<{
      metrics: { brier: number; champion: { brier: number } }
      role: string
      spread: number
    }>(
      `SELECT metrics, role, jsonb_array_length(spread) AS spread FROM model WHERE tenant_id = $1 AND kind = 'CHURN'`,
      tenantId,
    )
    const isBetter = (row?.metrics.brier ?? 1) <= (row?.metrics.champion.brier ?? 0)
    expect(row?.spread).toBe(features.length)
    const { bundle, modelsVersion } = await modelsOf(world.database.forTenant(tenantId), tenantId)
    // It goes up once for the horizon that the training measured.
    expect([row?.role, bundle.source, modelsVersion]).toEqual(
      isBetter ? ['CHAMPION', 'OWN', 2] : ['CHALLENGER', 'PRIOR', 1],
    )
    const [marks] = await world.rows<{ n: number }>(
      'SELECT count(*)::int AS n FROM stale_customer WHERE tenant_id = $1',
      tenantId,
    )
    expect(marks?.n).toBe(900)

    // A body that cannot be read is no model: the shipped ones serve until the next training.
    await world.rows(`UPDATE model SET body = '\\x00' WHERE tenant_id = $1`, tenantId)
    await world.rows('UPDATE tenant_profile SET models_version = models_version + 1 WHERE tenant_id = $1', tenantId)
    expect((await modelsOf(world.database.forTenant(tenantId), tenantId)).bundle.source).toBe('PRIOR')

    const other = await world.ask<Listed>(listed, {}, await world.agent(newId()))
    expect(other.data).toEqual({ models: [], jobs: [] })
  })

  it('leaves the shipped models where there is too little to learn from, and says so', async () => {
    const tenantId = newId()
    await fill(tenantId, 40)
    expect(await run(tenantId)).toMatchObject({ status: 'FAILED', error: 'INSUFFICIENT_DATA' })
    expect((await modelsOf(world.database.forTenant(tenantId), tenantId)).bundle.source).toBe('PRIOR')
  })

  it('that is stopped says so', async () => {
    const tenantId = newId()
    await fill(tenantId, 600)
    const stopped = new AbortController()
    stopped.abort()
    expect(await run(tenantId, stopped.signal)).toMatchObject({ status: 'FAILED', error: 'STOPPED' })
  })
})

describe('asking for a training', () => {
  it('is queued once at a time', async () => {
    const manager = await world.agent(newId())
    const first = await world.ask<Trained>(train, { input: { kinds: ['CHURN'] } }, manager)
    expect(first.data?.trainModels.userErrors).toEqual([])
    const second = await world.ask<Trained>(train, { input: { kinds: ['LTV'] } }, manager)
    expect(second.data?.trainModels.userErrors).toEqual([{ code: 'CONFLICT', path: null }])
    const { data } = await world.ask<Listed>(listed, {}, manager)
    expect(data?.jobs).toMatchObject([{ kind: 'TRAIN', status: 'QUEUED', progress: 0, error: null }])
  })

  it.each([
    [{ kinds: [] }, 'REQUIRED', ['input', 'kinds']],
    [{ kinds: ['TRIAGE'] }, 'INVALID', ['input', 'kinds']],
    [{ kinds: ['CHURN'], asOf: '2027-01-01T00:00:00Z' }, 'INVALID', ['input', 'asOf']],
  ])('%j is %s at %s', async (input, code, path) => {
    const { data } = await world.ask<Trained>(train, { input }, await world.agent(newId()))
    expect(data?.trainModels).toEqual({ jobId: null, userErrors: [{ code, path }] })
  })

  it('is for managers', async () => {
    const agent = await world.agent(newId(), 'AGENT')
    const { data } = await world.ask<Trained>(train, { input: { kinds: ['CHURN'] } }, agent)
    expect(data?.trainModels.userErrors).toEqual([{ code: 'FORBIDDEN', path: null }])
  })
})
