import type { Db } from '../database.ts'

// Two entries of the index a ticket at best; automatic messages neither ask nor answer, and an answer that was emptied later did answer.
const oldestUnanswered = `
  SELECT wanted.id, (
    SELECT min(created_at) FROM message m WHERE tenant_id = $1::uuid AND ticket_id = wanted.id AND NOT from_agent AND NOT is_automatic
      AND deleted_at IS NULL AND created_at > coalesce((
        SELECT max(created_at) FROM message WHERE tenant_id = $1::uuid AND ticket_id = wanted.id AND from_agent AND NOT is_automatic
          AND delivery_status IS DISTINCT FROM 'RECALLED'), '-infinity')
  ) AS since FROM unnest($2::uuid[]) AS wanted (id)`

/** Since when a customer waits for an answer on each ticket, by what was said; null where nobody does. */
export async function waitingSinceOf(
  tx: Db,
  tenantId: string,
  ids: readonly string[],
): Promise<Map<string, Date | null>> {
  const rows = await tx.$queryRawUnsafe<{ id: string; since: Date | null }[]>(oldestUnanswered, tenantId, [...ids])
  return new Map(rows.map(({ id, since }) => [id, since]))
}
