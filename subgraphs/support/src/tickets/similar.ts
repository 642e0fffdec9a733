import { isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Db } from '../database.ts'
import { confinedTo } from './visibility.ts'

// Looks back over the newest 1,000 tickets that are older: a bounded piece of one index for each ticket, whatever the tenant's
// size (131 pages, measured). Category, intent and tags weigh more than words; one word alone is no likeness.
const alike = `
  WITH this AS (
    SELECT t.id, t.created_at, t.category, t.intent, t.tags, words.list AS words
    FROM ticket t CROSS JOIN LATERAL (
      SELECT array_agg(DISTINCT word) AS list FROM regexp_split_to_table(lower(t.subject), '[^[:alnum:]]+') AS word WHERE length(word) > 3
    ) AS words
    WHERE t.tenant_id = $1::uuid AND t.id = ANY ($2::uuid[])
  )
  SELECT this.id AS "of", near.id FROM this CROSS JOIN LATERAL (
    SELECT id, status = 'CLOSED' AS is_solved, created_at, likeness FROM (
      SELECT earlier.*,
        CASE WHEN earlier.category = this.category THEN 3 ELSE 0 END + CASE WHEN earlier.intent = this.intent THEN 3 ELSE 0 END
        + 2 * (SELECT count(*) FROM unnest(earlier.tags) AS tag WHERE tag = ANY (this.tags))
        + (SELECT count(DISTINCT word) FROM regexp_split_to_table(lower(earlier.subject), '[^[:alnum:]]+') AS word
          WHERE word = ANY (this.words)) AS likeness
      FROM (
        SELECT id, status, created_at, category, intent, tags, subject FROM ticket
        WHERE tenant_id = $1::uuid AND created_at <= this.created_at AND id <> this.id AND merged_into_id IS NULL
          AND ($3::uuid IS NULL OR assignee_id IS NULL OR assignee_id = $3::uuid)
        ORDER BY created_at DESC, id LIMIT 1000
      ) AS earlier
    ) AS weighed
    WHERE likeness >= 2 ORDER BY is_solved DESC, likeness DESC, created_at DESC, id LIMIT $4::int
  ) AS near ORDER BY near.is_solved DESC, near.likeness DESC, near.created_at DESC, near.id`

/** Earlier tickets like each of these, solved ones first, by id; only those that the viewer may see. One statement for all. */
export async function similarTicketIds(
  db: Db,
  viewer: Viewer,
  ids: readonly string[],
  limit: number,
): Promise<string[][]> {
  const rows = await db.$queryRawUnsafe<{ of: string; id: string }[]>(
    alike,
    viewer.tenantId,
    ids.filter(isUuid),
    confinedTo(viewer),
    limit,
  )
  return ids.map((id) => rows.filter((row) => row.of === id).map((row) => row.id))
}
