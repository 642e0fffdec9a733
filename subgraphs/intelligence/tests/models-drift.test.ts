import { newId } from '@quimbi/database/ids.ts'
import { createRandom, type Random } from '@quimbi/service/random.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { features, featureVersion } from '../src/features/catalogue.ts'
import { spreadOf, stabilityIndex } from '../src/models/spread.ts'
import { openWorld, startOfTime, type World } from './kit.ts'
import { keepModels, type Kept } from './models-kit.ts'

let world: World

beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const d = features.length
const random = createRandom(11)

/** Since the training the first feature has moved, the second is missing for half of the customers; the third is mostly 0, the fourth has moved a little, the fifth less. */
function customer(isNow: boolean, draw: Random = random): number[] {
  return Array.from({ length: d }, (_, column) => {
    const value = draw() + draw() + draw()
    if (column === 0) return value + (isNow ? 1 : 0)
    if (column === 1) return isNow && draw() < 0.5 ? NaN : value
    if (column === 3 || column === 4) return value + (isNow ? (column === 3 ? 0.3 : 0.15) : 0)
    return column === 2 && draw() < 0.7 ? 0 : value
  })
}

const shop = (size: number, isNow: boolean) => Array.from({ length: size }, () => customer(isNow))
const spread = (rows: readonly number[][]) => spreadOf({ x: Float64Array.from(rows.flat()), n: rows.length, d })

/** Drift looks at no model. */
const keep = (tenantId: string, kept: Kept) => keepModels(world, tenantId, { ...kept, body: Buffer.alloc(0) })

type Stored = { status?: string; version?: string }

async function store(
  tenantId: string,
  rows: readonly number[][],
  { status = 'READY', version = featureVersion }: Stored = {},
) {
  // What is missing may be null or no number: both are one.
  const given = rows.map((row, place) => ({
    id: newId(),
    features: row.map((value) => (Number.isNaN(value) ? (place % 2 === 0 ? 'NaN' : null) : value)),
  }))
  await world.rows(
    `WITH given AS (SELECT * FROM jsonb_to_recordset($2::jsonb) AS r (id uuid, features float8[])),
       met AS (INSERT INTO customer (tenant_id, id, created_at) SELECT $1::uuid, id, $3::timestamptz FROM given)
     INSERT INTO customer_insight
       (tenant_id, customer_id, status, as_of, models_version, feature_version, orders, events, features, profile)
     SELECT $1::uuid, id, $4, $3::timestamptz, 0, $5, 1, 0, features, '{}' FROM given`,
    ...[tenantId, JSON.stringify(given), startOfTime, status, version],
  )
}

const query = `query ($kind: ModelKind!) { drift(kind: $kind) { feature populationStabilityIndex alarm } }`
type Report = { feature: string; populationStabilityIndex: number; alarm: boolean }

async function driftOf(tenantId: string, kind = 'CHURN', role: 'MANAGER' | 'AGENT' = 'MANAGER') {
  return world.ask<{ drift: Report[] }>(query, { kind }, await world.agent(tenantId, role))
}

describe('drift', () => {
  it('tells which features have moved since the training, as an index over its bins', async () => {
    const tenantId = newId()
    const [then, now] = [spread(shop(2_000, false)), shop(600, true)]
    await keep(tenantId, { spread: then })
    await store(tenantId, now)
    // None of these counts: they have not ordered, are of another list of features, or another tenant's.
    await store(tenantId, shop(100, false), { status: 'INSUFFICIENT_DATA' })
    await store(tenantId, shop(100, false), { version: '0' })
    await store(newId(), shop(100, false))

    const { data } = await driftOf(tenantId)

    const expected = features.map(({ name }, column) => {
      const { edges, shares } = then[column]!
      const counts = shares.map(() => 0)
      for (const row of now) {
        const value = row[column]!
        counts[Number.isNaN(value) ? shares.length - 1 : edges.filter((edge) => edge <= value).length]! +=
          1 / now.length
      }
      return [name, stabilityIndex(shares, counts)] as const
    })
    const told = new Map(data!.drift.map((report) => [report.feature, report]))
    expect(told.size).toBe(d)
    for (const [name, index] of expected) expect(told.get(name)?.populationStabilityIndex).toBeCloseTo(index, 9)
    const alarms = data!.drift.filter(({ alarm }) => alarm).map(({ feature }) => feature)
    expect(alarms.toSorted()).toEqual([0, 1, 3].map((column) => features[column]!.name).toSorted())
    const [little, less] = [3, 4].map((column) => told.get(features[column]!.name)!.populationStabilityIndex)
    expect([0.2 <= little! && little! < 0.5, 0.05 < less! && less! < 0.2]).toEqual([true, true])
    const indexes = data!.drift.map(({ populationStabilityIndex }) => populationStabilityIndex)
    expect(indexes).toEqual(indexes.toSorted((a, b) => b - a))
    expect((await driftOf(tenantId, 'SEGMENTATION')).data).toEqual(data)
  })

  it('is none while the shipped models serve, without customers, and of models that read no features', async () => {
    const tenantId = newId()
    await store(tenantId, shop(50, true))
    expect((await driftOf(tenantId)).data).toEqual({ drift: [] })
    await keep(tenantId, { spread: spread(shop(50, false)) })
    expect((await driftOf(tenantId)).data?.drift).toHaveLength(d)
    for (const kind of ['REPURCHASE', 'ENGAGEMENT', 'TRIAGE'])
      expect((await driftOf(tenantId, kind)).data).toEqual({ drift: [] })
    const empty = newId()
    await keep(empty, { spread: spread(shop(50, false)) })
    expect((await driftOf(empty)).data).toEqual({ drift: [] })
  })

  it('is for managers', async () => {
    const { data, codes } = await driftOf(newId(), 'CHURN', 'AGENT')
    expect([data, codes]).toEqual([null, ['FORBIDDEN']])
  })
})
