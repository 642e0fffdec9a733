import { createMemory } from '../../advice/remember.ts'
import type { Asking } from '../../advice/subject.ts'
import type { Db } from '../../database.ts'
import type { Loaders } from '../../loaders.ts'
import { lensOf } from '../../profiles/lens.ts'
import { actionKinds, type ActionKind } from './advice.ts'
import { effectOf, type Effect, type Group } from './effect.ts'

export type Effects = ReadonlyMap<ActionKind, Effect>
type Measured = { effects: Effects; customers: number }
type Counted = { kind: ActionKind; outcome: 'TAKEN' | 'DISMISSED' } & Group

const minuteMs = 60_000
const dayMs = 86_400_000
/** Older outcomes tell of another shop. */
const oldestDays = 730
/** Of fewer customers outcomes are read anew for each request. */
const fewCustomers = 1_000
const recall = createMemory<Measured>({
  max: 1_000,
  ttlMs: 10 * minuteMs,
  isKept: (it) => it.customers >= fewCustomers,
})

// A customer counts once a kind, by the first outcome: what came later was already changed by it. Each one's orders come by index.
export const countsQuery = `
  SELECT first.kind, first.outcome, count(*)::int AS customers, count(later.placed_at)::int AS ordered
  FROM (
    SELECT DISTINCT ON (kind, customer_id) kind, customer_id, outcome, at FROM (
      SELECT kind, customer_id, outcome, at FROM action_outcome
      WHERE tenant_id = $1::uuid AND kind = ANY ($2::text[]) AND at <= $3::timestamptz AND at > $4::timestamptz AND customer_id IS NOT NULL
      ORDER BY at DESC LIMIT 50000
    ) AS newest ORDER BY kind, customer_id, at
  ) AS first
  LEFT JOIN LATERAL (
    SELECT placed_at FROM customer_order
    WHERE tenant_id = $1::uuid AND customer_id = first.customer_id AND placed_at > first.at AND placed_at <= first.at + $5 * interval '1 day'
      AND status <> 'CANCELLED' AND NOT (status = 'RETURNED' AND total = 0)
    ORDER BY placed_at DESC, id LIMIT 1
  ) AS later ON true
  GROUP BY first.kind, first.outcome`

const ofRequest = new WeakMap<Loaders, Promise<Measured>>()

/** What each kind of action was measured to change at this tenant; read once a request at most. */
export async function effectsFor({ db, viewer, loaders, now }: Asking): Promise<Effects> {
  const known = ofRequest.get(loaders)
  const measured = known ?? recall(viewer.tenantId, now, () => measure(db, viewer.tenantId, now))
  if (!known) ofRequest.set(loaders, measured)
  return (await measured).effects
}

async function measure(db: Db, tenantId: string, now: Date): Promise<Measured> {
  const { horizonDays } = await lensOf(db, tenantId)
  const until = now.getTime() - horizonDays * dayMs
  const [to, from] = [new Date(until), new Date(until - oldestDays * dayMs)]
  const rows = await db.$queryRawUnsafe<Counted[]>(countsQuery, tenantId, actionKinds, to, from, horizonDays)
  const nobody: Group = { customers: 0, ordered: 0 }
  const groupOf = (kind: ActionKind, outcome: Counted['outcome']): Group =>
    rows.find((row) => row.kind === kind && row.outcome === outcome) ?? nobody
  const effects = actionKinds.flatMap((kind): [ActionKind, Effect][] => {
    const groups = { taken: groupOf(kind, 'TAKEN'), dismissed: groupOf(kind, 'DISMISSED') }
    const effect = effectOf({ ...groups, horizonDays })
    return effect ? [[kind, effect]] : []
  })
  return { effects: new Map(effects), customers: rows.reduce((sum, { customers }) => sum + customers, 0) }
}
