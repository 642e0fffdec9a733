import type { Db } from '../database.ts'
import type { Happening } from './happening.ts'

/** The chain of automations that a thing stands in; empty where a person, a customer or a timer began it. */
export type Chain = Pick<Happening['payload'], 'causedBy' | 'depth'>

type Row = { causedBy: string; depth: number }

// The ticket's own entries backwards, by their index.
const chainOfState = `
  SELECT wanted.id, e.payload ->> 'causedBy' AS "causedBy", (e.payload ->> 'depth')::int AS depth
  FROM unnest($2::uuid[]) AS wanted (id) CROSS JOIN LATERAL (
    SELECT payload FROM event_log WHERE tenant_id = $1::uuid AND ticket_id = wanted.id
      AND type IN ('STATUS_CHANGED', 'SNOOZED', 'WOKE', 'MERGED') ORDER BY sequence DESC LIMIT 1
  ) AS e WHERE (e.payload ->> 'depth')::int > 0`

/** What brought tickets into their state, where that was a rule: what time in it brings about is its doing. Others are missing. */
export async function chainsOfStates(db: Db, tenantId: string, ids: readonly string[]): Promise<Map<string, Chain>> {
  const rows = await db.$queryRawUnsafe<(Row & { id: string })[]>(chainOfState, tenantId, [...ids])
  return new Map(rows.map(({ id, causedBy, depth }) => [id, { causedBy, depth }]))
}

const chainOfPlan = `
  SELECT payload ->> 'causedBy' AS "causedBy", (payload ->> 'depth')::int AS depth FROM event_log
  WHERE tenant_id = $1::uuid AND ticket_id = $2::uuid AND payload -> 'changes' @> '[{"field": "followUpAt"}]'
    AND sequence < (SELECT sequence FROM event_log WHERE tenant_id = $1::uuid AND event_id = $3::uuid)
  ORDER BY sequence DESC LIMIT 1`

/** An event with the chain that it stands in: a follow-up that is due is the doing of who planned it. */
export async function withChain(tx: Db, tenantId: string, happening: Happening): Promise<Happening> {
  if (happening.type !== 'FOLLOW_UP_DUE') return happening
  const { ticketId, eventId, payload } = happening
  const [planned] = await tx.$queryRawUnsafe<Row[]>(chainOfPlan, tenantId, ticketId, eventId)
  if (!planned || !(planned.depth > 0)) return happening
  return { ...happening, payload: { ...payload, causedBy: planned.causedBy, depth: planned.depth } }
}
