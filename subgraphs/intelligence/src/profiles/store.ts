import type { Headline, Profile } from '../analysis/analyse.ts'
import type { Db } from '../database.ts'
import { featureVersion } from '../features/catalogue.ts'
import type { Told } from './moves.ts'

/** What the features alone do not give. */
type Rest = Pick<Profile, 'nextPurchase' | 'engagement' | 'trajectory'> & { told: Told | null }

/** A customer as they are known; the insight is null where none was computed yet, or by another list of features. */
export type Known = {
  customerId: string
  /** Something has become known, or the models changed, since it was computed. */
  isStale: boolean
  profile: Profile | null
}

export type KnownRow = {
  customerId: string
  isMarked: boolean
  status: string | null
  asOf: Date
  modelsVersion: number
  featureVersion: string
  orders: number
  events: number
  features: number[]
  lifecycle: Profile['lifecycle']
  lastOrderAt: Date | null
  profile: Rest
}

// By key for each id, three index look-ups a customer. LIMIT keeps it so: a plan that is made while a table is empty, and kept by its
// connection, would otherwise read the whole table once it is full. And it has to be kept: to plan it costs three times what running it
// costs (0.50 ms against 0.14). For an array that PostgreSQL can count it would plan each time anew; out of a SELECT it cannot.
export const knownQuery = `
  SELECT c.id AS "customerId", s.since IS NOT NULL AND (s.since <= $3::timestamptz OR s.since = 'infinity') AS "isMarked", i.status, i.as_of AS "asOf",
    i.models_version AS "modelsVersion", i.feature_version AS "featureVersion", i.orders, i.events, i.features, i.lifecycle,
    i.last_order_at AS "lastOrderAt", i.profile
  FROM unnest((SELECT $2::uuid[])) AS wanted (id)
  CROSS JOIN LATERAL (SELECT id FROM customer WHERE tenant_id = $1::uuid AND id = wanted.id LIMIT 1) AS c
  LEFT JOIN LATERAL (SELECT * FROM customer_insight WHERE tenant_id = $1::uuid AND customer_id = wanted.id LIMIT 1) AS i ON true
  LEFT JOIN LATERAL (SELECT since FROM stale_customer WHERE tenant_id = $1::uuid AND customer_id = wanted.id LIMIT 1) AS s ON true`

/** Figures that depend on the day are computed anew each night; older ones were missed. */
export const freshMs = 36 * 3_600_000

/** A row of `knownQuery`. */
export function knownFrom(row: KnownRow, modelsVersion: number, now: Date): Known {
  const { customerId } = row
  if (row.status === null || row.featureVersion !== featureVersion) return { customerId, isStale: false, profile: null }
  const isOld = now.getTime() - row.asOf.getTime() > freshMs
  const isStale = row.isMarked || isOld || row.modelsVersion !== modelsVersion
  return { customerId, isStale, profile: profileFrom(row) }
}

const profileFrom = ({
  status,
  asOf,
  orders,
  events,
  features,
  lifecycle,
  lastOrderAt,
  profile,
}: KnownRow): Profile => ({
  features: Float64Array.from(features),
  isReady: status === 'READY',
  asOf: asOf.getTime(),
  orders,
  events,
  lastOrderAt: lastOrderAt && lastOrderAt.getTime(),
  nextPurchase: profile.nextPurchase,
  engagement: profile.engagement,
  lifecycle,
  trajectory: profile.trajectory,
})

export const toldQuery = `
  SELECT wanted.id, i.told FROM unnest((SELECT $2::uuid[])) AS wanted (id)
  CROSS JOIN LATERAL (
    SELECT profile -> 'told' AS told FROM customer_insight WHERE tenant_id = $1::uuid AND customer_id = wanted.id LIMIT 1
  ) AS i`

/** What others were last told of these customers. */
export async function toldOf(db: Db, tenantId: string, ids: readonly string[]): Promise<Map<string, Told>> {
  const rows = await db.$queryRawUnsafe<{ id: string; told: Told | null }[]>(toldQuery, tenantId, ids)
  return new Map(rows.flatMap(({ id, told }) => (told ? [[id, told] as const] : [])))
}

export type Computed = { customerId: string; profile: Profile; headline: Headline; told: Told | null }

/** Beyond any shop's figures, and still within the columns here and at who is told. */
const largest = 999_999_999_999
export const withinColumns = (amount: number): number => Math.min(largest, Math.max(0, amount))

const writeInsights = `
  INSERT INTO customer_insight (tenant_id, customer_id, status, as_of, models_version, feature_version, orders, events, features,
    churn_risk, ltv_12m, revenue_at_risk, lifecycle, engagement, archetype_id, archetype_leaf_id, segment_ids, last_order_at, profile)
  SELECT $1::uuid, "customerId", status, "asOf", $3::int, $4, orders, events, features,
    "churnRisk", ltv, "revenueAtRisk", lifecycle, engagement, "archetypeId", "archetypeLeafId", "segmentIds", "lastOrderAt", profile
  FROM jsonb_to_recordset($2::jsonb) AS r ("customerId" uuid, status text, "asOf" timestamptz, orders int, events int, features float8[],
    "churnRisk" float8, ltv numeric, "revenueAtRisk" numeric, lifecycle text, engagement float8, "archetypeId" uuid, "archetypeLeafId" uuid, "segmentIds" uuid[],
    "lastOrderAt" timestamptz, profile jsonb)
  ON CONFLICT (tenant_id, customer_id) DO UPDATE SET status = excluded.status, as_of = excluded.as_of,
    models_version = excluded.models_version, feature_version = excluded.feature_version, orders = excluded.orders,
    events = excluded.events, features = excluded.features, churn_risk = excluded.churn_risk, ltv_12m = excluded.ltv_12m,
    revenue_at_risk = excluded.revenue_at_risk, lifecycle = excluded.lifecycle, engagement = excluded.engagement,
    archetype_id = excluded.archetype_id, archetype_leaf_id = excluded.archetype_leaf_id, segment_ids = excluded.segment_ids, last_order_at = excluded.last_order_at,
    profile = excluded.profile`

const writePoints = `
  INSERT INTO insight_point (tenant_id, customer_id, metric, day, value)
  SELECT $1::uuid, "customerId", metric, ("asOf" AT TIME ZONE 'UTC')::date, value
  FROM jsonb_to_recordset($2::jsonb) AS r ("customerId" uuid, "asOf" timestamptz, "churnRisk" float8, ltv float8, engagement float8)
  CROSS JOIN LATERAL (VALUES ('CHURN_RISK', "churnRisk"), ('LTV_12M', ltv), ('ENGAGEMENT', engagement)) AS point (metric, value)
  WHERE value IS NOT NULL
  ON CONFLICT (tenant_id, customer_id, metric, day) DO UPDATE SET value = excluded.value`

/** Keeps what was computed, and the day's point of each metric: two statements whatever their number. */
export async function storeInsights(
  tx: Db,
  { tenantId, modelsVersion }: { tenantId: string; modelsVersion: number },
  computed: readonly Computed[],
): Promise<void> {
  const rows = JSON.stringify(computed.map(rowOf))
  await tx.$executeRawUnsafe(writeInsights, tenantId, rows, modelsVersion, featureVersion)
  await tx.$executeRawUnsafe(writePoints, tenantId, rows)
}

function rowOf({ customerId, profile, headline, told }: Computed) {
  const { isReady, features, asOf, orders, events, lifecycle, engagement, lastOrderAt, nextPurchase, trajectory } =
    profile
  const { churnRisk, ltv, revenueAtRisk, archetypeId, archetypeLeafId, segmentIds } = headline
  const rest: Rest = { nextPurchase, engagement, trajectory, told }
  return {
    ...{ customerId, orders, events, lifecycle, churnRisk, archetypeId, archetypeLeafId, segmentIds, profile: rest },
    status: isReady ? 'READY' : 'INSUFFICIENT_DATA',
    asOf: new Date(asOf),
    features: Array.from(features),
    ltv: ltv === null ? null : withinColumns(ltv),
    revenueAtRisk: revenueAtRisk === null ? null : withinColumns(revenueAtRisk),
    engagement: engagement?.score ?? null,
    lastOrderAt: lastOrderAt === null ? null : new Date(lastOrderAt),
  }
}
