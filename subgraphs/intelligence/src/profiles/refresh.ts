import { publish, type NewEvent } from '@quimbi/events/outbox.ts'
import { headlineOf } from '../analysis/analyse.ts'
import type { Db } from '../database.ts'
import type { CustomerHistory } from '../features/history.ts'
import { inSlices, insightOf } from './compute.ts'
import { historiesOf } from './histories.ts'
import type { Insight } from './insight.ts'
import { lensOf } from './lens.ts'
import { isNews, movesOf, type Told } from './moves.ts'
import { noteRevised } from './revised.ts'
import { storeInsights, toldOf, withinColumns, type Computed } from './store.ts'

export type Batch = {
  tenantId: string
  now: Date
  limit: number
  /** A customer who could not be computed; they are tried again in an hour, and keep nobody waiting. */
  onFailure(customerId: string, error: unknown): void
  look?: typeof insightOf
}

// Nobody waits here: what another instance works on, a batch of orders has just marked, or a merge holds, is skipped. The customer is held
// too, so that a merge that deletes them waits before it comes to the mark.
export const takeMarks = `
  SELECT s.customer_id AS id FROM stale_customer s JOIN customer c ON c.tenant_id = s.tenant_id AND c.id = s.customer_id
  WHERE s.tenant_id = $1::uuid AND (s.since <= $2::timestamptz OR s.since = 'infinity')
  ORDER BY s.since, s.customer_id LIMIT $3::int
  FOR UPDATE OF s SKIP LOCKED FOR KEY SHARE OF c SKIP LOCKED`

// What is to be looked at again later stays marked, for then.
export const settleMarks = `
  WITH done AS (
    DELETE FROM stale_customer WHERE tenant_id = $1::uuid AND customer_id = ANY ($2::uuid[]) AND customer_id <> ALL ($3::uuid[])
  )
  UPDATE stale_customer s SET since = later.at FROM unnest($3::uuid[], $4::timestamptz[]) AS later (id, at)
  WHERE s.tenant_id = $1::uuid AND s.customer_id = later.id`

const hourMs = 3_600_000

/**
 * Computes the insight of some of the tenant's stale customers, in the caller's transaction: stores it, tells whoever listens what has moved,
 * and takes the marks away. How many it was; 0 when none is left that nobody holds.
 */
export async function refreshSome(
  tx: Db,
  { tenantId, now, limit, onFailure, look = insightOf }: Batch,
): Promise<number> {
  const marks = await tx.$queryRawUnsafe<{ id: string }[]>(takeMarks, tenantId, now, limit)
  if (marks.length === 0) return 0
  const ids = marks.map(({ id }) => id)
  noteRevised(tx, tenantId, ids)
  const lens = await lensOf(tx, tenantId)
  const [histories, told] = [await historiesOf(tx, tenantId, ids), await toldOf(tx, tenantId, ids)]
  const later = new Map<string, Date>()
  const computed: Computed[] = []
  const news: NewEvent[] = []
  await inSlices(histories, (history) => {
    const { customerId } = history
    try {
      const before = told.get(customerId) ?? null
      const insight = look(lens, history, now.getTime())
      const [one, event] = tellable(insight, { customerId, before, tenantId, now })
      computed.push(one)
      if (event) news.push(event)
      const ahead = nextAhead(history, now.getTime())
      if (ahead !== null) later.set(customerId, new Date(ahead + 1))
    } catch (error) {
      onFailure(customerId, error)
      later.set(customerId, new Date(now.getTime() + hourMs))
    }
  })
  await storeInsights(tx, { tenantId, modelsVersion: lens.modelsVersion }, computed)
  await publish(tx, news)
  await tx.$executeRawUnsafe(settleMarks, tenantId, ids, [...later.keys()], [...later.values()])
  return marks.length
}

type One = { customerId: string; before: Told | null; tenantId: string; now: Date }

function tellable(
  { profile, bundle, horizonDays }: Insight,
  { customerId, before, tenantId, now }: One,
): [Computed, NewEvent | null] {
  const headline = headlineOf(bundle, profile, horizonDays)
  const { churnRisk, ltv, archetype } = headline
  const known = { churnRisk, ltv: ltv === null ? null : withinColumns(ltv), archetype }
  const current: Told = { ...known, engagement: profile.engagement?.score ?? null }
  if (!isNews(before, current)) return [{ customerId, profile, headline, told: before }, null]
  const payload = { customerId, ...known, asOf: now, moves: movesOf(before, current) }
  const event: NewEvent = { tenantId, type: 'insight.changed', occurredAt: now, payload }
  return [{ customerId, profile, headline, told: current }, event]
}

/** The first instant at which something becomes known that lies ahead: a shop's clock may be fast, and today's figures have not seen it. */
function nextAhead({ orders, interactions, events }: CustomerHistory, now: number): number | null {
  const ahead = [orders, interactions, events].flatMap((facts) => facts.find(({ at }) => at >= now)?.at ?? [])
  return ahead.length > 0 ? Math.min(...ahead) : null
}
