import type { Written } from '../common/intake.ts'
import type { Db } from '../database.ts'
import type { CheckedInteraction } from './validate.ts'

export type StoredInteraction = CheckedInteraction & { id: string; source: string; customerId: string }

// One JSON parameter: an array parameter a column costs the driver more than the rest. Rows in one order everywhere, so that two batches with
// the same interactions wait for each other and do not deadlock.
const upsertInteractions = `
  WITH given AS (
    SELECT * FROM jsonb_to_recordset($2::jsonb) AS r (id uuid, "customerId" uuid, source text, "externalId" text, channel text,
      kind text, at timestamptz, sentiment float8, "resolvedHours" float8)
  ), before AS (
    SELECT i.id, i.customer_id FROM given JOIN interaction i ON i.tenant_id = $1::uuid AND i.id = given.id
  ), written AS (
    INSERT INTO interaction AS i (tenant_id, id, customer_id, source, external_id, channel, kind, at, sentiment, resolved_hours, created_at)
    SELECT $1::uuid, id, "customerId", source, "externalId", channel, kind, at, sentiment, "resolvedHours", $3::timestamptz
    FROM given ORDER BY id
    ON CONFLICT (tenant_id, id) DO UPDATE SET customer_id = excluded.customer_id, channel = excluded.channel, kind = excluded.kind,
      at = excluded.at, sentiment = excluded.sentiment, resolved_hours = excluded.resolved_hours
    WHERE (i.customer_id, i.channel, i.kind, i.at, i.sentiment, i.resolved_hours)
      IS DISTINCT FROM (excluded.customer_id, excluded.channel, excluded.kind, excluded.at, excluded.sentiment, excluded.resolved_hours)
    RETURNING id, customer_id, xmax = 0 AS inserted
  )
  SELECT w.customer_id AS "customerId", CASE WHEN NOT w.inserted THEN coalesce(b.customer_id, w.customer_id) END AS former
  FROM written w LEFT JOIN before b USING (id)`

/** Writes interactions; those that are known and unchanged are neither written nor returned. */
export function storeInteractions(
  tx: Db,
  tenantId: string,
  rows: readonly StoredInteraction[],
  now: Date,
): Promise<Written[]> {
  return tx.$queryRawUnsafe<Written[]>(upsertInteractions, tenantId, JSON.stringify(rows), now)
}
