import type { PageRequest } from '@quimbi/service/pagination.ts'
import { byKey, groupBy } from '@quimbi/service/loaders.ts'
import { Prisma, type Message } from '../../generated/prisma/client.ts'
import { oldestFirst } from '../common/oldest-first.ts'
import type { Db } from '../database.ts'
import type { Loaders } from '../loaders.ts'

// Every column of the table, as the generated client names them.
const selectMessage = Prisma.raw(`
  m.tenant_id AS "tenantId", m.id, m.ticket_id AS "ticketId", m.from_agent AS "fromAgent", m.author_agent_id AS "authorAgentId",
  m.author_system AS "authorSystem", m.author_name AS "authorName", m.author_email AS "authorEmail", m.content,
  m.content_html AS "contentHtml", m.channel, m.external_id AS "externalId", m.in_reply_to_id AS "inReplyToId",
  m.is_automatic AS "isAutomatic", m.draft_id AS "draftId", m.delivery_status AS "deliveryStatus", m.recipient, m.attempts,
  m.last_error AS "lastError", m.undo_until AS "undoUntil", m.next_attempt_at AS "nextAttemptAt", m.sent_at AS "sentAt",
  m.created_at AS "createdAt", m.edited_at AS "editedAt", m.deleted_at AS "deletedAt"`)

// Lateral joins read so many entries of the index a ticket; a window function would read every message of each.
// The ids by a sub-select: PostgreSQL else plans the statement anew for every list.

/** The first messages of each ticket, one statement for all of them. */
export async function firstMessages(
  db: Db,
  tenantId: string,
  ticketIds: readonly string[],
  limit: number,
): Promise<Message[][]> {
  const rows = await db.$queryRaw<Message[]>`
    SELECT ${selectMessage}
    FROM unnest((SELECT ${[...ticketIds]}::uuid[])) AS wanted (ticket_id) CROSS JOIN LATERAL (
      SELECT * FROM message WHERE tenant_id = ${tenantId}::uuid AND ticket_id = wanted.ticket_id
      ORDER BY created_at, id LIMIT ${limit}
    ) AS m`
  return groupBy(ticketIds, rows, ({ ticketId }) => ticketId)
}

/** What was said last on each ticket: what was recalled was never said, and what was deleted says nothing any more. */
export async function lastMessages(
  db: Db,
  tenantId: string,
  ticketIds: readonly string[],
): Promise<(Message | null)[]> {
  const rows = await db.$queryRaw<Message[]>`
    SELECT ${selectMessage}
    FROM unnest((SELECT ${[...ticketIds]}::uuid[])) AS wanted (ticket_id) CROSS JOIN LATERAL (
      SELECT * FROM message WHERE tenant_id = ${tenantId}::uuid AND ticket_id = wanted.ticket_id AND deleted_at IS NULL
      ORDER BY created_at DESC, id DESC LIMIT 1
    ) AS m`
  return byKey(ticketIds, rows, ({ ticketId }) => ticketId)
}

/** What was said on a ticket, oldest first. */
export async function listMessages(
  { db, loaders, tenantId, ticketId }: { db: Db; loaders: Loaders; tenantId: string; ticketId: string },
  page: PageRequest,
) {
  return oldestFirst(page, {
    first: (limit) => loaders.firstMessages(limit).load(ticketId),
    after: ({ where, ...rows }) => db.message.findMany({ where: { tenantId, ticketId, ...where }, ...rows }),
  })
}
