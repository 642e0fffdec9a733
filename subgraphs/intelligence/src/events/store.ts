import type { Written } from '../common/intake.ts'
import type { Db } from '../database.ts'
import type { CheckedEvent } from './validate.ts'

export type StoredEvent = CheckedEvent & { id: string; source: string; customerId: string }

// As interactions are written, see there.
const upsertEvents = `
  WITH given AS (
    SELECT * FROM jsonb_to_recordset($2::jsonb) AS r (id uuid, "customerId" uuid, source text, "externalId" text, at timestamptz,
      name text, properties jsonb)
  ), before AS (
    SELECT e.id, e.customer_id FROM given JOIN customer_event e ON e.tenant_id = $1::uuid AND e.id = given.id
  ), written AS (
    INSERT INTO customer_event AS e (tenant_id, id, customer_id, source, external_id, at, name, properties, created_at)
    SELECT $1::uuid, id, "customerId", source, "externalId", at, name, properties, $3::timestamptz FROM given ORDER BY id
    ON CONFLICT (tenant_id, id) DO UPDATE SET customer_id = excluded.customer_id, at = excluded.at, name = excluded.name,
      properties = excluded.properties
    WHERE (e.customer_id, e.at, e.name, e.properties)
      IS DISTINCT FROM (excluded.customer_id, excluded.at, excluded.name, excluded.properties)
    RETURNING id, customer_id, xmax = 0 AS inserted
  )
  SELECT w.customer_id AS "customerId", CASE WHEN NOT w.inserted THEN coalesce(b.customer_id, w.customer_id) END AS former
  FROM written w LEFT JOIN before b USING (id)`

/** Writes events; those that are known and unchanged are neither written nor returned. */
export function storeEvents(tx: Db, tenantId: string, rows: readonly StoredEvent[], now: Date): Promise<Written[]> {
  return tx.$queryRawUnsafe<Written[]>(upsertEvents, tenantId, JSON.stringify(rows), now)
}
