import type { EventOf } from '@quimbi/events/topics.ts'
import type { Db } from '../database.ts'

/** What travels as `insight.changed`, as it stands in the log. */
export const insightChanged = 'insight.changed'

export type InsightEntry = {
  tenantId: string
  sequence: bigint
  occurredAt: Date
  payload: Pick<EventOf<'insight.changed'>['payload'], 'customerId' | 'moves'>
}

// By the index on the type, in its order.
export const entriesQuery = `
  SELECT tenant_id AS "tenantId", sequence, occurred_at AS "occurredAt", payload FROM event_log
  WHERE tenant_id = $1::uuid AND type = '${insightChanged}' AND sequence > $2::bigint AND payload IS NOT NULL
  ORDER BY sequence LIMIT $3::int`

/** Entries after a sequence, in the log's order. What was erased tells nothing. */
export async function listInsightEntries(
  db: Db,
  tenantId: string,
  { after, limit }: { after: bigint; limit: number },
): Promise<InsightEntry[]> {
  const rows = await db.$queryRawUnsafe<InsightEntry[]>(entriesQuery, tenantId, after, limit)
  return rows.map((row) => ({ ...row, sequence: BigInt(row.sequence) }))
}
