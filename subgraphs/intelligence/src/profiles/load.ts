import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Db } from '../database.ts'
import { requireScope } from '../keys/service.ts'
import { inSlices, insightOf, unknownInsight } from './compute.ts'
import { historiesOf } from './histories.ts'
import type { Insight } from './insight.ts'
import type { Look } from './look.ts'

/**
 * What is thought of these customers, in the order of the ids: as it was computed last or, where that has not happened yet, computed now from
 * all that is known. Four statements at most, whatever their number, and `look`'s one.
 */
export async function loadInsights(
  db: Db,
  viewer: Viewer,
  ids: readonly string[],
  { look, now }: { look(id: string): Promise<Look>; now: Date },
): Promise<Insight[]> {
  requireScope(viewer, 'insight:read')
  const looks = await Promise.all(ids.map(look))
  const missing = new Map(
    looks.flatMap(({ lens, known }) => (known && !known.profile ? [[known.customerId, lens]] : [])),
  )
  const histories = await historiesOf(db, viewer.tenantId, [...missing.keys()])
  const asOf = now.getTime()
  const computed = new Map<string, Insight>()
  await inSlices(histories, (history) => {
    const lens = missing.get(history.customerId)
    if (lens) computed.set(history.customerId, insightOf(lens, history, asOf))
  })
  return looks.map(
    (one, index) =>
      stored(one) ?? computed.get(one.known?.customerId ?? '') ?? unknownInsight(one.lens, ids[index] ?? '', asOf),
  )
}

function stored({ lens, known }: Look): Insight | null {
  if (!known?.profile) return null
  const { customerId, isStale, profile } = known
  const fresh = profile.isReady ? 'READY' : 'INSUFFICIENT_DATA'
  const { horizonDays, currencyCode } = lens
  return { status: isStale ? 'STALE' : fresh, profile, bundle: lens.bundleFor(customerId), horizonDays, currencyCode }
}
