import type { ModelBundle } from '../analysis/bundle.ts'
import type { Db } from '../database.ts'
import { behaviorAxes, type BehaviorAxis } from '../dna/model.ts'
import { dnaOf } from '../dna/profile.ts'
import { features } from '../features/catalogue.ts'
import { extractFeatures } from '../features/extract.ts'
import type { CustomerHistory } from '../features/history.ts'
import { inSlices } from '../profiles/compute.ts'
import { historiesOf } from '../profiles/histories.ts'

/** Customers who are looked at: the standard error of a share is then at most 1.1 %. */
export const mostSampled = 2_000
const pageSize = 500

type Past = { bundle: ModelBundle; axis: BehaviorAxis; at: Date }

/** Customers by dominant segment as they stood at an instant: from those who had an order, or from a random sample of all, scaled up. */
export async function countsBefore(db: Db, tenantId: string, { bundle, axis, at }: Past): Promise<Map<string, number>> {
  const { ids, customers } = await sample(db, tenantId)
  const counts = new Map<string, number>()
  for (let from = 0; from < ids.length; from += pageSize) {
    const histories = await historiesOf(db, tenantId, ids.slice(from, from + pageSize))
    const segments = await inSlices(histories, (history) => segmentAt(history, { bundle, axis, at }))
    for (const id of segments) if (id !== null) counts.set(id, (counts.get(id) ?? 0) + 1)
  }
  const scale = customers / Math.max(1, ids.length)
  return new Map(counts.entries().map(([id, count]) => [id, Math.round(count * scale)]))
}

/** The dominant segment; null before the first order. */
function segmentAt(history: CustomerHistory, { bundle, axis, at }: Past): string | null {
  const row = new Float64Array(features.length)
  extractFeatures(history, at.getTime(), row, 0, bundle.reference)
  return dnaOf(bundle.segmentation, row)?.axes[behaviorAxes.indexOf(axis)]?.dominant.id ?? null
}

// By a hash of the id: some ids are in the order of time, and the first of them would be the oldest customers. Always the same ones.
async function sample(db: Db, tenantId: string): Promise<{ ids: string[]; customers: number }> {
  const rows = await db.$queryRaw<{ id: string; customers: number }[]>`
    SELECT id, (count(*) OVER ())::int AS customers FROM customer WHERE tenant_id = ${tenantId}::uuid
    ORDER BY hashtextextended(id::text, 0) LIMIT ${mostSampled}`
  return { ids: rows.map(({ id }) => id), customers: rows[0]?.customers ?? 0 }
}
