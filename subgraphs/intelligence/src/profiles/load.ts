import { isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Db } from '../database.ts'
import { requireScope } from '../keys/service.ts'
import { inSlices, insightOf, unknownInsight } from './compute.ts'
import { historiesOf } from './histories.ts'
import type { Insight } from './insight.ts'
import { lensOf, type Lens } from './lens.ts'
import { knownCustomers, type Known } from './store.ts'

/**
 * What is thought of these customers, in the order of the ids: as it was computed last or, where that has not happened yet, computed now from
 * all that is known. Seven statements at most, whatever their number.
 */
export async function loadInsights(db: Db, viewer: Viewer, ids: readonly string[], now: Date): Promise<Insight[]> {
  requireScope(viewer, 'insight:read')
  const { tenantId } = viewer
  const lens = await lensOf(db, tenantId)
  const uuids = ids.filter(isUuid)
  const known = await knownCustomers(db, { tenantId, modelsVersion: lens.modelsVersion, now }, uuids)
  const insights = new Map(known.flatMap((one) => stored(lens, one)))
  const missing = known.flatMap(({ customerId }) => (insights.has(customerId) ? [] : [customerId]))
  const histories = await historiesOf(db, tenantId, missing)
  const asOf = now.getTime()
  await inSlices(histories, (history) => insights.set(history.customerId, insightOf(lens, history, asOf)))
  return ids.map((id) => insights.get(id.toLowerCase()) ?? unknownInsight(lens, id, asOf))
}

function stored(lens: Lens, { customerId, isStale, profile }: Known): [string, Insight][] {
  if (!profile) return []
  const bundle = lens.bundleFor(customerId)
  const fresh = profile.isReady ? 'READY' : 'INSUFFICIENT_DATA'
  const { horizonDays } = lens
  return [
    [customerId, { status: isStale ? 'STALE' : fresh, profile, bundle, horizonDays, currencyCode: lens.currencyCode }],
  ]
}
