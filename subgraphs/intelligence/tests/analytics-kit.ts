import { newId } from '@quimbi/database/ids.ts'
import { createRandom, pick } from '@quimbi/service/random.ts'
import pg from 'pg'
import type { SegmentationModel } from '../src/dna/model.ts'
import type { LifecycleStage } from '../src/insight/lifecycle.ts'
import { modelsOf } from '../src/models/registry.ts'
import { anOrder, dayMs, startOfTime, type World } from './kit.ts'

/** What is kept of a customer's insight, as lists and counts read it. */
export type Row = {
  customerId: string
  status: 'READY' | 'INSUFFICIENT_DATA'
  churnRisk: number | null
  ltv: number | null
  revenueAtRisk: number | null
  lifecycle: string | null
  leaf: string | null
  segmentIds: string[]
  lastOrderAt: string | null
}

export const now = new Date(startOfTime)
export const stages: [LifecycleStage, ...LifecycleStage[]] = ['NEW', 'ACTIVE', 'LOYAL', 'AT_RISK', 'LAPSED', 'WON_BACK']

/** A tenant that has sold something, so that its currency and its models are known. */
export async function aTenant(world: World) {
  const tenantId = newId()
  await world.ingest(tenantId, [anOrder()])
  await world.rows('DELETE FROM stale_customer WHERE tenant_id = $1', tenantId)
  await world.rows('DELETE FROM customer WHERE tenant_id = $1', tenantId)
  const { bundle } = await modelsOf(world.database.forTenant(tenantId), tenantId)
  return { tenantId, model: bundle.segmentation }
}

/** Customers with figures of few different values, so that many share one; every eighth without an order. */
export function randomRows(count: number, { axes, tree }: SegmentationModel, seed: number): Row[] {
  const random = createRandom(seed)
  const under = (limit: number) => Math.floor(random() * limit)
  return Array.from({ length: count }, () => {
    const customerId = newId()
    if (random() < 1 / 8)
      return {
        ...{ customerId, status: 'INSUFFICIENT_DATA', churnRisk: null, ltv: null, revenueAtRisk: null },
        ...{ lifecycle: null, leaf: null, segmentIds: [], lastOrderAt: null },
      }
    const leaf = tree.leaf[under(tree.leaf.length)] ?? 0
    return {
      ...{
        customerId,
        status: 'READY',
        churnRisk: under(11) / 10,
        ltv: under(8) * 12.5,
        revenueAtRisk: under(5) * 7.25,
      },
      lifecycle: pick(random, stages),
      leaf: tree.archetypes[leaf]?.id ?? null,
      segmentIds: axes.map(
        ({ segments, unknown }) => ([...segments, unknown][under(segments.length + 1)] ?? unknown).id,
      ),
      lastOrderAt: new Date(now.getTime() - under(400) * (dayMs / 4)).toISOString(),
    }
  })
}

export async function insertRows({ rows }: World, tenantId: string, all: readonly Row[]): Promise<void> {
  const json = JSON.stringify(all)
  const from = `jsonb_to_recordset($2::jsonb) AS r ("customerId" uuid, status text, "churnRisk" float8, ltv numeric, "revenueAtRisk" numeric,
    lifecycle text, leaf uuid, "segmentIds" uuid[], "lastOrderAt" timestamptz)`
  await rows(
    `INSERT INTO customer (tenant_id, id, created_at) SELECT $1, "customerId", $3 FROM ${from}`,
    tenantId,
    json,
    now,
  )
  await rows(
    `INSERT INTO customer_insight (tenant_id, customer_id, status, as_of, models_version, feature_version, orders, events, features, profile,
       churn_risk, ltv_12m, revenue_at_risk, lifecycle, archetype_leaf_id, segment_ids, last_order_at)
     SELECT $1, "customerId", status, $3, 0, '1', 1, 0, array_fill(1::float8, ARRAY[66]), '{}', "churnRisk", ltv, "revenueAtRisk", lifecycle, leaf,
       "segmentIds", "lastOrderAt" FROM ${from}`,
    ...[tenantId, json, now],
  )
}

/** As who owns the tables. */
export async function asOwner(world: World, sql: string): Promise<void> {
  const owner = new pg.Client(world.url)
  await owner.connect()
  await owner.query(sql)
  await owner.end()
}

const createKey = `mutation ($input: CreateApiKeyInput!) { key: createApiKey(input: $input) { key } }`

/** The facts of a request with a partner's key of these scopes. */
export async function partner(world: World, tenantId: string, scopes: string[]) {
  const made = await world.ask<{ key: { key: string } }>(
    createKey,
    { input: { name: 'Partner', scopes } },
    await world.agent(tenantId),
  )
  return { apiKey: made.data?.key.key ?? '' }
}
