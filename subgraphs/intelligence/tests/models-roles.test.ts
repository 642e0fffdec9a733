import { newId } from '@quimbi/database/ids.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Judgement } from '../src/models/judge.ts'
import { keepTrained } from '../src/models/keep.ts'
import { priorOf } from '../src/models/priors.ts'
import { modelsOf } from '../src/models/registry.ts'
import { isChallenged } from '../src/models/traffic.ts'
import { anOrder, openWorld, startOfTime, type World } from './kit.ts'
import { keepModels, stateOf } from './models-kit.ts'

let world: World

beforeAll(async () => {
  world = await openWorld()
  // Before anything waits for them: of no orders yet, and of orders as the kit makes them.
  await Promise.all([priorOf(50), priorOf(25)])
})
afterAll(() => world.close())

/** A tenant of some customers whose insight is up to date. */
async function aTenant(customers = 3): Promise<string> {
  const tenantId = newId()
  const externalIds = Array.from({ length: customers }, (_, index) => `C-${index}`)
  await world.ingest(
    tenantId,
    externalIds.map((externalId) => anOrder({ customer: { externalId } })),
  )
  await world.rows('DELETE FROM stale_customer WHERE tenant_id = $1', tenantId)
  return tenantId
}

const promote = `mutation ($input: PromoteModelInput!) {
  promoteModel(input: $input) { model { id version role trafficShare } userErrors { code path } }
}`
type Promoted = {
  promoteModel: {
    model: { id: string; role: string; trafficShare: number } | null
    userErrors: { code: string; path: string[] | null }[]
  }
}

async function ask(tenantId: string, input: object, role: 'MANAGER' | 'AGENT' = 'MANAGER') {
  const { data } = await world.ask<Promoted>(promote, { input }, await world.agent(tenantId, role))
  return data!.promoteModel
}

const serving = async (tenantId: string) =>
  (await modelsOf(world.database.forTenant(tenantId), tenantId)).bundle.version

describe('promoting models', () => {
  it('puts all of a training to use in the place of those in use, and has every customer computed anew', async () => {
    const tenantId = await aTenant()
    const old = await keepModels(world, tenantId, { version: 'a' })
    const young = await keepModels(world, tenantId, { version: 'b', role: 'CHALLENGER' })
    expect(await serving(tenantId)).toBe('a')

    const answer = await ask(tenantId, { modelId: young.ids['LTV'], role: 'CHAMPION' })

    expect(answer).toEqual({
      model: { id: young.ids['LTV'], version: 'b', role: 'CHAMPION', trafficShare: 1 },
      userErrors: [],
    })
    expect(await stateOf(world, tenantId)).toEqual({
      roles: { [old.version]: ['RETIRED', 0], [young.version]: ['CHAMPION', 1] },
      marks: 3,
      modelsVersion: 1,
    })
    expect(await serving(tenantId)).toBe('b')
    const champions = await world.rows(
      `SELECT kind FROM model WHERE tenant_id = $1 AND role = 'CHAMPION' AND version = 'b'`,
      tenantId,
    )
    expect(champions).toHaveLength(5)
  })

  it('that are in use already changes nothing', async () => {
    const tenantId = await aTenant()
    const { id } = await keepModels(world, tenantId)
    expect((await ask(tenantId, { modelId: id, role: 'CHAMPION' })).userErrors).toEqual([])
    expect(await stateOf(world, tenantId)).toMatchObject({ marks: 0, modelsVersion: 0 })
  })

  it('brings the shipped models back when those in use retire, and them again when they are promoted', async () => {
    const tenantId = await aTenant()
    const { id } = await keepModels(world, tenantId, { version: 'a' })
    await ask(tenantId, { modelId: id, role: 'RETIRED' })
    expect(await serving(tenantId)).toMatch(/^prior/)
    await ask(tenantId, { modelId: id, role: 'CHAMPION' })
    expect(await serving(tenantId)).toBe('a')
  })

  it('is one at a time: of two at once one serves in the end', async () => {
    const tenantId = await aTenant()
    const models = [await keepModels(world, tenantId, { role: 'CHALLENGER' }), await keepModels(world, tenantId)]
    const answers = await Promise.all(models.map(({ id }) => ask(tenantId, { modelId: id, role: 'CHAMPION' })))
    expect(answers.flatMap(({ userErrors }) => userErrors)).toEqual([])
    const { roles } = await stateOf(world, tenantId)
    expect(Object.values(roles).filter(([role]) => role === 'CHAMPION')).toHaveLength(1)
  })

  it('refuses what cannot be', async () => {
    const tenantId = await aTenant()
    const { id } = await keepModels(world, tenantId)
    const foreign = await keepModels(world, await aTenant())
    const strange = await keepModels(world, tenantId, { role: 'RETIRED', featureVersion: '0' })
    const refused = async (input: object) => (await ask(tenantId, input)).userErrors
    const share = ['input', 'trafficShare']
    for (const modelId of [newId(), 'no id', foreign.id])
      expect(await refused({ modelId, role: 'CHAMPION' })).toEqual([{ code: 'NOT_FOUND', path: ['input', 'modelId'] }])
    for (const trafficShare of [-0.1, 1.1])
      expect(await refused({ modelId: id, role: 'CHALLENGER', trafficShare })).toEqual([
        { code: 'INVALID', path: share },
      ])
    for (const role of ['CHAMPION', 'RETIRED'])
      expect(await refused({ modelId: id, role, trafficShare: 0.5 })).toEqual([{ code: 'INVALID', path: share }])
    expect(await refused({ modelId: id, role: 'CHALLENGER' })).toEqual([{ code: 'CONFLICT', path: ['input', 'role'] }])
    expect(await refused({ modelId: strange.id, role: 'CHAMPION' })).toEqual([
      { code: 'CONFLICT', path: ['input', 'modelId'] },
    ])
    expect((await ask(tenantId, { modelId: id, role: 'RETIRED' }, 'AGENT')).userErrors).toEqual([
      { code: 'FORBIDDEN', path: null },
    ])
    expect(await stateOf(world, tenantId)).toMatchObject({ marks: 0, modelsVersion: 0 })
  })
})

const judgement = (brier: number, mae: number): Judgement => ({
  customers: 900,
  churn: { auc: 0.7, brier, ece: 0.02 },
  ltv: { mae, spearman: 0.5, biasPercent: 1 },
})

describe('what a training made', () => {
  const keep = async (tenantId: string, version: string, candidate: Judgement, asOf = Date.parse(startOfTime)) => {
    const bundle = { ...(await priorOf(50)), source: 'OWN' as const, version, asOf }
    const trained = {
      bundle,
      spread: [],
      judgements: { candidate, champion: judgement(0.15, 30), hasSeenHoldout: false },
    }
    return world.database.transact(tenantId, (tx) => keepTrained(tx, tenantId, trained, world.clock.now()))
  }

  it('serves if it is better than what is in use, in its place', async () => {
    const tenantId = await aTenant()
    await keepModels(world, tenantId, { version: 'a' })
    expect(await keep(tenantId, 'b', judgement(0.14, 30))).toBe(true)
    expect(await stateOf(world, tenantId)).toEqual({
      roles: { a: ['RETIRED', 0], b: ['CHAMPION', 1] },
      marks: 3,
      modelsVersion: 1,
    })
    expect(await serving(tenantId)).toBe('b')
  })

  it('is a challenger, however good, if what is in use has learnt from later days', async () => {
    const tenantId = await aTenant()
    await keepModels(world, tenantId, { version: 'a' })
    expect(await keep(tenantId, 'b', judgement(0.1, 20), Date.parse(startOfTime) - 1)).toBe(false)
    expect((await stateOf(world, tenantId)).roles).toEqual({ a: ['CHAMPION', 1], b: ['CHALLENGER', 0] })
  })

  it.each([
    ['churn', judgement(0.16, 20)],
    ['spend', judgement(0.14, 31)],
  ])('is a challenger in the place of the last idle one if it is worse at %s', async (_, candidate) => {
    const tenantId = await aTenant()
    await keepModels(world, tenantId, { version: 'a', share: 0.9 })
    await keepModels(world, tenantId, { version: 'b', role: 'CHALLENGER', share: 0.1 })
    await keepModels(world, tenantId, { version: 'c', role: 'CHALLENGER' })
    expect(await keep(tenantId, 'd', candidate)).toBe(false)
    expect(await stateOf(world, tenantId)).toEqual({
      roles: { a: ['CHAMPION', 0.9], b: ['CHALLENGER', 0.1], c: ['RETIRED', 0], d: ['CHALLENGER', 0] },
      marks: 0,
      modelsVersion: 0,
    })
  })
})

const insights = `query ($ids: [ID!]!) { customerInsights(customerIds: $ids) { id churnRisk { basis { modelVersion } } } }`
type Insights = { customerInsights: { id: string; churnRisk: { basis: { modelVersion: string } } | null }[] }

describe('a challenger', () => {
  it('computes the insight of its share of the customers, and says so, before they are stored and after', async () => {
    const tenantId = await aTenant(20)
    await keepModels(world, tenantId, { version: 'champion' })
    const { id } = await keepModels(world, tenantId, { version: 'challenger', role: 'CHALLENGER' })
    const answer = await ask(tenantId, { modelId: id, role: 'CHALLENGER', trafficShare: 0.5 })
    expect(answer.model).toMatchObject({ role: 'CHALLENGER', trafficShare: 0.5 })
    const state = await stateOf(world, tenantId)
    expect(state).toMatchObject({
      roles: { champion: ['CHAMPION', 0.5], challenger: ['CHALLENGER', 0.5] },
      marks: 20,
      modelsVersion: 1,
    })

    const customers = await world.rows<{ id: string }>('SELECT id FROM customer WHERE tenant_id = $1', tenantId)
    const ids = customers.map((customer) => customer.id)
    const expected = ids.map((one) => (isChallenged(one, 0.5) ? 'challenger' : 'champion'))
    expect(new Set(expected).size).toBe(2)
    const told = async () => {
      const { data } = await world.ask<Insights>(insights, { ids }, await world.agent(tenantId))
      return data!.customerInsights.map(({ churnRisk }) => churnRisk?.basis.modelVersion)
    }
    expect(await told()).toEqual(expected)
    await world.module.settle()
    expect(await told()).toEqual(expected)
  })

  it('has a share alone, and keeps it when another becomes champion', async () => {
    const tenantId = await aTenant()
    await keepModels(world, tenantId, { version: 'a' })
    const b = await keepModels(world, tenantId, { version: 'b', role: 'CHALLENGER', share: 0.2 })
    const c = await keepModels(world, tenantId, { version: 'c', role: 'CHALLENGER' })
    const share = ['input', 'trafficShare']
    expect((await ask(tenantId, { modelId: c.id, role: 'CHALLENGER', trafficShare: 0.1 })).userErrors).toEqual([
      { code: 'CONFLICT', path: share },
    ])
    await ask(tenantId, { modelId: c.id, role: 'CHAMPION' })
    expect((await stateOf(world, tenantId)).roles).toEqual({
      a: ['RETIRED', 0],
      b: ['CHALLENGER', 0.2],
      c: ['CHAMPION', 0.8],
    })
    await ask(tenantId, { modelId: b.id, role: 'RETIRED' })
    expect((await stateOf(world, tenantId)).roles).toMatchObject({ b: ['RETIRED', 0], c: ['CHAMPION', 1] })
  })
})
