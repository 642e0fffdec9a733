import { behaviorOf, orderSums } from '../customers/behavior.ts'
import type { Db } from '../database.ts'
import type { Engagement } from '../insight/engagement.ts'
import type { LifecycleStage } from '../insight/lifecycle.ts'
import { lensOf, type Lens } from '../profiles/lens.ts'
import { freshMs } from '../profiles/store.ts'
import { createArchetypes, type ExportedArchetype } from './archetypes.ts'

/** A customer's insight as it was computed last. */
export type Row = {
  customerId: string
  status: 'READY' | 'INSUFFICIENT_DATA'
  isMarked: boolean
  asOf: Date
  modelsVersion: number
  churnRisk: number | null
  ltv: string | null
  revenueAtRisk: string | null
  engagement: Engagement | null
  lifecycle: LifecycleStage | null
  archetypeId: string | null
}

/** What a line is made of beside the row. */
export type Around = {
  refs: { source: string; id: string }[]
  behavior: ReturnType<typeof behaviorOf> | null
  archetype: ExportedArchetype | null
  currencyCode: string | null
  horizonDays: number
  isStale: boolean
}

export type Place = { tenantId: string; after: string | null; updatedSince: Date | null }

// By the primary key, so that a page costs the same wherever it lies. Those not computed lately are passed over as they are met.
export const pageQuery = `
  SELECT i.customer_id AS "customerId", i.status, s.since IS NOT NULL AND (s.since <= $5::timestamptz OR s.since = 'infinity') AS "isMarked",
    i.as_of AS "asOf", i.models_version AS "modelsVersion", i.churn_risk AS "churnRisk", i.ltv_12m::text AS ltv,
    i.revenue_at_risk::text AS "revenueAtRisk", i.profile -> 'engagement' AS engagement, i.lifecycle, i.archetype_id AS "archetypeId"
  FROM customer_insight i LEFT JOIN stale_customer s ON s.tenant_id = i.tenant_id AND s.customer_id = i.customer_id
  WHERE i.tenant_id = $1::uuid AND i.customer_id > $2::uuid AND i.as_of >= $3::timestamptz
  ORDER BY i.customer_id LIMIT $4::int`

const firstId = '00000000-0000-0000-0000-000000000000'

export const createPages = (db: Db, now: () => Date) => {
  const archetypes = createArchetypes()

  /** The next so many customers, and whether there are more: four statements. */
  return async function page({ tenantId, after, updatedSince }: Place, size: number) {
    const at = now()
    const rows = await db.$queryRawUnsafe<Row[]>(
      pageQuery,
      ...[tenantId, after ?? firstId, updatedSince ?? new Date(0), size + 1, at],
    )
    const own = rows.slice(0, size)
    const ids = own.map(({ customerId }) => customerId)
    const [lens, refs, sums] = await Promise.all([
      lensOf(db, tenantId),
      db.customerRef.findMany({
        where: { tenantId, customerId: { in: ids } },
        orderBy: [{ source: 'asc' }, { externalId: 'asc' }],
      }),
      orderSums(db, tenantId, ids),
    ])
    const refsOf = Map.groupBy(refs, ({ customerId }) => customerId)
    const sumsOf = new Map(sums.map((one) => [one.customerId, one]))
    const customers = own.map((row): [Row, Around] => {
      const { customerId, archetypeId } = row
      const around: Around = {
        refs: (refsOf.get(customerId) ?? []).map(({ source, externalId }) => ({ source, id: externalId })),
        behavior: lens.currencyCode ? behaviorOf(sumsOf.get(customerId) ?? null, lens.currencyCode, at) : null,
        archetype: archetypeId === null ? null : archetypes(lens.bundleFor(customerId), archetypeId),
        currencyCode: lens.currencyCode,
        horizonDays: lens.horizonDays,
        isStale: isStale(row, lens, at),
      }
      return [row, around]
    })
    return { customers, hasMore: rows.length > size }
  }
}

const isStale = ({ isMarked, asOf, modelsVersion }: Row, lens: Lens, now: Date): boolean =>
  isMarked || modelsVersion !== lens.modelsVersion || now.getTime() - asOf.getTime() > freshMs
