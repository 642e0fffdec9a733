import type { ActorRef, SystemActorKind } from '../log/actors.ts'

/** A ticket with its messages and notes as it is exported and may be imported again. */
export type ExportedTicket = {
  id: string
  number: number
  subject: string
  status: string
  waitingOn: string | null
  snoozedUntil: string | null
  priority: string
  channel: string
  tags: string[]
  category: string | null
  intent: string | null
  sentiment: number | null
  difficulty: number | null
  resolution: string | null
  orderNumbers: string[]
  customer: { id: string }
  assigneeEmail: string | null
  queue: string | null
  team: string | null
  externalRef: { source: string; id: string } | null
  isDemo: boolean
  followUpAt: string | null
  followUpNote: string | null
  mergedIntoId: string | null
  createdAt: string
  updatedAt: string
  closedAt: string | null
  messages: ExportedMessage[]
  notes: ExportedNote[]
}

type SystemAuthor = { kind: SystemActorKind; name: string }

export type ExportedMessage = {
  id: string
  fromAgent: boolean
  authorName: string
  authorEmail: string | null
  authorSystem: SystemAuthor | null
  content: string
  contentHtml: string | null
  channel: string | null
  externalId: string | null
  inReplyToId: string | null
  isAutomatic: boolean
  deliveryStatus: string | null
  sentAt: string | null
  createdAt: string
  editedAt: string | null
  deletedAt: string | null
}

export type ExportedNote = {
  id: string
  authorEmail: string | null
  authorSystem: SystemAuthor | null
  content: string
  mentions: string[]
  createdAt: string
}

type Instants = 'snoozedUntil' | 'followUpAt' | 'createdAt' | 'updatedAt' | 'closedAt'

/** A row of `ticketsQuery`. */
export type ExportedTicketRow = Omit<ExportedTicket, 'customer' | 'externalRef' | 'notes' | Instants> & {
  customerId: string
  externalSource: string | null
  externalId: string | null
  snoozedUntil: Date | null
  followUpAt: Date | null
  createdAt: Date
  updatedAt: Date
  closedAt: Date | null
  notes: (Omit<ExportedNote, 'authorSystem'> & { author: ActorRef })[]
}

const iso = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/**
 * All tickets of the tenant that the connection is bound to, by id, for a cursor. What is still to go out is exported as said, without a
 * delivery: another system must not send it again.
 */
export const ticketsQuery = `
  SELECT t.id, t.number, t.subject, t.status, t.waiting_on AS "waitingOn", t.snoozed_until AS "snoozedUntil", t.priority, t.channel, t.tags,
    t.category, t.intent, t.sentiment, t.difficulty, t.resolution, t.order_numbers AS "orderNumbers", t.customer_id AS "customerId",
    (SELECT a.email FROM agent a WHERE a.tenant_id = t.tenant_id AND a.id = t.assignee_id) AS "assigneeEmail",
    (SELECT q.name FROM queue q WHERE q.tenant_id = t.tenant_id AND q.id = t.queue_id) AS queue,
    (SELECT m.name FROM team m WHERE m.tenant_id = t.tenant_id AND m.id = t.team_id) AS team,
    t.external_source AS "externalSource", t.external_id AS "externalId", t.is_demo AS "isDemo", t.follow_up_at AS "followUpAt",
    t.follow_up_note AS "followUpNote", t.merged_into_id AS "mergedIntoId",
    t.created_at AS "createdAt", t.updated_at AS "updatedAt", t.closed_at AS "closedAt",
    coalesce((SELECT json_agg(json_build_object('id', m.id, 'fromAgent', m.from_agent, 'authorName', m.author_name,
        'authorEmail', coalesce(m.author_email, a.email), 'authorSystem', m.author_system, 'content', m.content,
        'contentHtml', m.content_html, 'channel', m.channel, 'externalId', m.external_id, 'inReplyToId', m.in_reply_to_id,
        'isAutomatic', m.is_automatic,
        'deliveryStatus', CASE WHEN m.delivery_status IN ('SENT', 'FAILED', 'RECALLED') THEN m.delivery_status END,
        'sentAt', ${iso('m.sent_at')}, 'createdAt', ${iso('m.created_at')}, 'editedAt', ${iso('m.edited_at')},
        'deletedAt', ${iso('m.deleted_at')}) ORDER BY m.created_at, m.id)
      FROM message m LEFT JOIN agent a ON a.tenant_id = m.tenant_id AND a.id = m.author_agent_id
      WHERE m.tenant_id = t.tenant_id AND m.ticket_id = t.id), '[]') AS messages,
    coalesce((SELECT json_agg(json_build_object('id', n.id, 'author', n.author, 'authorEmail', a.email, 'content', n.content,
        'mentions', ARRAY(SELECT b.email FROM unnest(n.mention_ids) WITH ORDINALITY AS mentioned (id, place)
          JOIN agent b ON b.tenant_id = n.tenant_id AND b.id = mentioned.id ORDER BY place),
        'createdAt', ${iso('n.created_at')}) ORDER BY n.created_at, n.id)
      FROM note n LEFT JOIN agent a ON a.tenant_id = n.tenant_id AND a.id = (n.author ->> 'id')::uuid
      WHERE n.tenant_id = t.tenant_id AND n.ticket_id = t.id), '[]') AS notes
  FROM (SELECT * FROM ticket WHERE tenant_id = app.current_tenant() ORDER BY id OFFSET 0) AS t`

export const ticketRecord = (row: ExportedTicketRow): ExportedTicket => ({
  id: row.id,
  number: row.number,
  subject: row.subject,
  status: row.status,
  waitingOn: row.waitingOn,
  snoozedUntil: row.snoozedUntil?.toISOString() ?? null,
  priority: row.priority,
  channel: row.channel,
  tags: row.tags,
  category: row.category,
  intent: row.intent,
  sentiment: row.sentiment,
  difficulty: row.difficulty,
  resolution: row.resolution,
  orderNumbers: row.orderNumbers,
  customer: { id: row.customerId },
  assigneeEmail: row.assigneeEmail,
  queue: row.queue,
  team: row.team,
  externalRef:
    row.externalSource !== null && row.externalId !== null ? { source: row.externalSource, id: row.externalId } : null,
  isDemo: row.isDemo,
  followUpAt: row.followUpAt?.toISOString() ?? null,
  followUpNote: row.followUpNote,
  mergedIntoId: row.mergedIntoId,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
  closedAt: row.closedAt?.toISOString() ?? null,
  messages: row.messages,
  notes: row.notes.map(noteRecord),
})

/** A record names people by their addresses; who has none is no person. */
const noteRecord = ({ author, authorEmail, ...note }: ExportedTicketRow['notes'][number]): ExportedNote => ({
  id: note.id,
  authorEmail,
  authorSystem:
    authorEmail !== null
      ? null
      : author.kind === 'system'
        ? { kind: author.system, name: author.name }
        : { kind: 'IMPORT', name: author.kind },
  content: note.content,
  mentions: note.mentions,
  createdAt: note.createdAt,
})
