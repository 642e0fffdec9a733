import { writeLater } from '@quimbi/database/transaction.ts'
import { refuse } from '@quimbi/service/errors.ts'
import { groupBy, isUuid } from '@quimbi/service/loaders.ts'
import type { PageRequest } from '@quimbi/service/pagination.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Note } from '../../generated/prisma/client.ts'
import { maySee, mayUpdate, need } from '../agents/permissions.ts'
import { once, stillThere } from '../common/idempotency.ts'
import { text } from '../common/text.ts'
import { oldestFirst } from '../common/oldest-first.ts'
import type { Db } from '../database.ts'
import type { Loaders } from '../loaders.ts'
import { doerOf } from '../log/actors.ts'
import { changeTicket } from '../tickets/change.ts'

const maxMentions = 50

type Optional<T> = T | null | undefined

export type NewNote = {
  ticketId: string
  /** Up to 50,000 characters. */
  content: string
  /** Active agents; a name in the text mentions nobody. */
  mentionIds?: Optional<readonly string[]>
  idempotencyKey?: Optional<string>
}

/** Writes a note for agents. It reaches no customer, and neither SLA clocks nor the conversation's revision notice it. */
export async function addNote(
  tx: Db,
  viewer: Viewer,
  input: NewNote,
  now: Date,
): Promise<{ note: Note; eventId: string | null }> {
  need(viewer, 'ticket:update_own')
  const { tenantId } = viewer
  const { idempotencyKey: key, ...note } = input
  const said = [viewer.kind === 'agent' ? viewer.agentId : viewer.kind, note]
  const content = text(input.content.toWellFormed(), { path: ['input', 'content'], max: 50_000 })
  let fresh: { note: Note; eventId: string | null } | undefined
  const id = await once(tx, { tenantId, operation: 'addNote', key, input: said, now }, async (noteId) => {
    let written: Note | undefined
    const mentionIds = await mentioned(tx, tenantId, input.mentionIds ?? [])
    const who = doerOf(viewer)
    const call = { tenantId, who, now, id: input.ticketId, path: ['input', 'ticketId'] }
    const changed = await changeTicket(tx, call, async ({ ticket }) => {
      if (!maySee(viewer, ticket)) refuse('NOT_FOUND', 'There is no such ticket.', ['input', 'ticketId'])
      if (!mayUpdate(viewer, ticket))
        refuse('FORBIDDEN', 'Take the ticket first: it is nobody’s.', ['input', 'ticketId'])
      written = { tenantId, id: noteId, ticketId: ticket.id, author: who.actor, content, mentionIds, createdAt: now }
      await write(tx, written)
      return [{ type: 'NOTE_ADDED', noteId, data: { mentionIds } }]
    })
    if (written) fresh = { note: written, eventId: changed.eventId }
    return noteId
  })
  return fresh ?? { note: stillThere(await tx.note.findFirst({ where: { tenantId, id } })), eventId: null }
}

const write = (tx: Db, { tenantId, id, ticketId, author, content, mentionIds, createdAt }: Note): Promise<void> =>
  writeLater(
    tx,
    `INSERT INTO note (tenant_id, id, ticket_id, author, content, mention_ids, created_at)
    VALUES ($1::uuid, $2::uuid, $3::uuid, $4::jsonb, $5, $6::uuid[], $7::timestamptz)`,
    ...[tenantId, id, ticketId, JSON.stringify(author), content, mentionIds, createdAt],
  )

async function mentioned(tx: Db, tenantId: string, ids: readonly string[]): Promise<string[]> {
  const path = ['input', 'mentionIds']
  const wanted = [...new Set(ids.map((id) => id.toLowerCase()))]
  if (wanted.length > maxMentions) refuse('LIMIT_EXCEEDED', `At most ${maxMentions} agents.`, path)
  if (wanted.length === 0) return []
  const where = { tenantId, id: { in: wanted.filter(isUuid) }, isActive: true }
  const found = await tx.agent.count({ where })
  if (found < wanted.length) refuse('NOT_FOUND', 'There is no such active agent.', path)
  return wanted
}

/** The first notes of each ticket, one statement for all of them. */
export async function notePages(
  db: Db,
  tenantId: string,
  ticketIds: readonly string[],
  limit: number,
): Promise<Note[][]> {
  const rows = await db.$queryRaw<Note[]>`
    SELECT n.tenant_id AS "tenantId", n.id, n.ticket_id AS "ticketId", n.author, n.content, n.mention_ids AS "mentionIds",
      n.created_at AS "createdAt"
    FROM unnest((SELECT ${[...ticketIds]}::uuid[])) AS wanted (ticket_id) CROSS JOIN LATERAL (
      SELECT * FROM note WHERE tenant_id = ${tenantId}::uuid AND ticket_id = wanted.ticket_id
      ORDER BY created_at, id LIMIT ${limit}
    ) AS n`
  return groupBy(ticketIds, rows, ({ ticketId }) => ticketId)
}

/** What agents told each other on a ticket, oldest first. */
export async function listNotes(
  { db, loaders, tenantId, ticketId }: { db: Db; loaders: Loaders; tenantId: string; ticketId: string },
  page: PageRequest,
) {
  return oldestFirst(page, {
    first: (limit) => loaders.firstNotes(limit).load(ticketId),
    after: ({ where, ...rows }) => db.note.findMany({ where: { tenantId, ticketId, ...where }, ...rows }),
  })
}
