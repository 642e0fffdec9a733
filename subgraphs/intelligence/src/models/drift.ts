import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Db } from '../database.ts'
import { features, featureVersion } from '../features/catalogue.ts'
import { requireManager } from './permissions.ts'
import { stabilityIndex, type Spread } from './spread.ts'

export type DriftReport = { feature: string; populationStabilityIndex: number; alarm: boolean }

/** From here on the customers are others than those that were learnt from: a usual mark for the index. */
const alarming = 0.2
/** Customers looked at, or up to twice as many; drawn by the hash of their ids. */
const sampled = 20_000

// Counted here, as 66 numbers of each customer would be much to send: 20,000 customers take about a second. Not materialized, the edges would be
// read anew for each of their million numbers (minutes). A bin's number is how many edges a value reaches; a missing value has the one after.
const countBins = `
  WITH known AS (
    SELECT features, customer_id FROM customer_insight WHERE tenant_id = $1::uuid AND status = 'READY' AND feature_version = $2
  ), every AS (
    SELECT greatest(1, (SELECT count(*) FROM known) / $4::int) AS nth
  ), sample AS MATERIALIZED (
    SELECT features FROM known, every WHERE mod(abs(uuid_hash(customer_id)::bigint), nth) = 0
  ), bins AS MATERIALIZED (
    SELECT (place - 1)::int AS feature, ARRAY(SELECT jsonb_array_elements_text(edges)::float8) AS edges
    FROM jsonb_array_elements($3::jsonb) WITH ORDINALITY AS given (edges, place)
  )
  SELECT b.feature, CASE WHEN v.value IS NULL OR v.value IN ('NaN', 'Infinity', '-Infinity') THEN cardinality(b.edges) + 1
      ELSE width_bucket(v.value, b.edges) END AS bin, count(*)::int AS customers
  FROM sample CROSS JOIN bins b CROSS JOIN LATERAL (SELECT sample.features[b.feature + 1] AS value) AS v
  GROUP BY 1, 2`

/** What reads the features; the others read histories, or texts. */
const readers: ReadonlySet<string> = new Set(['CHURN', 'LTV', 'SEGMENTATION'])

/**
 * How far the features of today's customers are from those that the champion learnt from, the farthest first. Empty while the shipped models
 * serve, which learnt from nobody, and for kinds that read no features.
 */
export async function driftOf(db: Db, viewer: Viewer, kind: string): Promise<DriftReport[]> {
  requireManager(viewer)
  const { tenantId } = viewer
  if (!readers.has(kind)) return []
  const champion = await db.model.findFirst({
    where: { tenantId, kind: 'CHURN', role: 'CHAMPION', featureVersion },
    select: { spread: true },
  })
  const spread = (champion?.spread ?? []) as unknown as Spread
  if (spread.length !== features.length) return []
  const rows = await countIn(db, tenantId, spread)
  const now = spread.map(({ shares }) => new Array<number>(shares.length).fill(0))
  for (const { feature, bin, customers } of rows) now[feature]![bin] = customers
  if (rows.length === 0) return []
  return spread
    .map(({ shares }, column) => report(features[column]?.name ?? '', shares, now[column] ?? []))
    .sort((a, b) => b.populationStabilityIndex - a.populationStabilityIndex)
}

type Counted = { feature: number; bin: number; customers: number }

const countIn = (db: Db, tenantId: string, spread: Spread): Promise<Counted[]> =>
  db.$queryRawUnsafe<Counted[]>(
    countBins,
    tenantId,
    featureVersion,
    JSON.stringify(spread.map(({ edges }) => edges)),
    sampled,
  )

function report(feature: string, then: readonly number[], counts: readonly number[]): DriftReport {
  const all = counts.reduce((sum, count) => sum + count, 0)
  const populationStabilityIndex = stabilityIndex(
    then,
    counts.map((count) => count / all),
  )
  return { feature, populationStabilityIndex, alarm: populationStabilityIndex >= alarming }
}
