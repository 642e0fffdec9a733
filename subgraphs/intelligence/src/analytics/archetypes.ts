import type { Viewer } from '@quimbi/service/viewer.ts'
import { pageSize } from '@quimbi/service/pagination.ts'
import type { Db } from '../database.ts'
import type { ArchetypeLevel, ArchetypeTree } from '../dna/model.ts'
import { requireScope } from '../keys/service.ts'
import { modelsOf } from '../models/registry.ts'
import type { ArchetypeOf } from '../profiles/insight.ts'

/** What the customers of an archetype add up to. */
export type Sums = { count: number; ltv: number; churn: number }

// Of an index alone: it holds all three.
const sumArchetypes = `
  SELECT archetype_leaf_id AS id, count(*)::int AS count, sum(ltv_12m)::float8 AS ltv, sum(churn_risk) AS churn
  FROM customer_insight WHERE tenant_id = $1::uuid AND archetype_leaf_id IS NOT NULL GROUP BY archetype_leaf_id`

/** Sums by archetype of each level, out of those of the finest: a customer counts in the whole path. Pure. */
export function rollUp({ archetypes }: ArchetypeTree, leaves: readonly ({ id: string } & Sums)[]): Map<string, Sums> {
  const byId = new Map(archetypes.map((one) => [one.id, one]))
  const sums = new Map<string, Sums>()
  for (const { id, count, ltv, churn } of leaves) {
    for (let one = byId.get(id); one; one = archetypes[one.parent]) {
      const before = sums.get(one.id) ?? { count: 0, ltv: 0, churn: 0 }
      sums.set(one.id, { count: before.count + count, ltv: before.ltv + ltv, churn: before.churn + churn })
    }
  }
  return sums
}

/** All archetypes with counts and averages of now: one statement besides the models'. */
async function archetypesNow(db: Db, tenantId: string): Promise<ArchetypeOf[]> {
  const { bundle, currencyCode } = await modelsOf(db, tenantId)
  const { segmentation } = bundle
  const leaves = await db.$queryRawUnsafe<({ id: string } & Sums)[]>(sumArchetypes, tenantId)
  const sums = rollUp(segmentation.tree, leaves)
  // Nobody's archetype is missing in the sum: a share is of all who have one.
  const total = segmentation.tree.archetypes.reduce(
    (all, { id, parent }) => all + (parent < 0 ? (sums.get(id)?.count ?? 0) : 0),
    0,
  )
  return segmentation.tree.archetypes.map((archetype) => {
    const { count, ltv, churn } = sums.get(archetype.id) ?? { count: 0, ltv: 0, churn: 0 }
    return {
      ...archetype,
      ...{ segmentation, currencyCode, memberCount: count, share: total === 0 ? 0 : count / total },
      averageLtv: count === 0 ? null : ltv / count,
      averageChurnRisk: count === 0 ? null : churn / count,
    }
  })
}

type Page = { level: ArchetypeLevel | null; first: number | null | undefined }

/** The largest first. */
export async function listArchetypes(db: Db, viewer: Viewer, { level, first }: Page): Promise<ArchetypeOf[]> {
  requireScope(viewer, 'insight:read')
  const size = pageSize(first, { default: 20 })
  const all = await archetypesNow(db, viewer.tenantId)
  return all
    .filter((one) => level === null || one.level === level)
    .sort((a, b) => b.memberCount - a.memberCount || (a.id < b.id ? -1 : 1))
    .slice(0, size)
}

/** Null for an id of no archetype of the models in use. */
export async function findArchetype(db: Db, viewer: Viewer, id: string): Promise<ArchetypeOf | null> {
  requireScope(viewer, 'insight:read')
  const all = await archetypesNow(db, viewer.tenantId)
  return all.find((one) => one.id === id.toLowerCase()) ?? null
}
