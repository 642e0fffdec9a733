/** A ticket with its messages as it is exported and may be imported again. */
export type ExportedTicket = {
  id: string
  number: number
  subject: string
  status: string
  waitingOn: string | null
  priority: string
  channel: string
  tags: string[]
  customer: { id: string }
  assigneeEmail: string | null
  externalRef: { source: string; id: string } | null
  isDemo: boolean
  createdAt: string
  updatedAt: string
  closedAt: string | null
  messages: {
    id: string
    fromAgent: boolean
    authorName: string
    authorEmail: string | null
    content: string
    createdAt: string
  }[]
}

/** A row of `ticketsQuery`. */
export type ExportedTicketRow = Omit<
  ExportedTicket,
  'customer' | 'externalRef' | 'createdAt' | 'updatedAt' | 'closedAt'
> & {
  customerId: string
  externalSource: string | null
  externalId: string | null
  createdAt: Date
  updatedAt: Date
  closedAt: Date | null
}

/** All tickets of the tenant that the connection is bound to, by id, for a cursor. */
export const ticketsQuery = `
  SELECT t.id, t.number, t.subject, t.status, t.waiting_on AS "waitingOn", t.priority, t.channel, t.tags,
    t.customer_id AS "customerId", (SELECT a.email FROM agent a WHERE a.tenant_id = t.tenant_id AND a.id = t.assignee_id) AS "assigneeEmail",
    t.external_source AS "externalSource", t.external_id AS "externalId", t.is_demo AS "isDemo",
    t.created_at AS "createdAt", t.updated_at AS "updatedAt", t.closed_at AS "closedAt",
    coalesce((SELECT json_agg(json_build_object('id', m.id, 'fromAgent', m.from_agent, 'authorName', m.author_name,
        'authorEmail', coalesce(m.author_email, a.email), 'content', m.content,
        'createdAt', to_char(m.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) ORDER BY m.created_at, m.id)
      FROM message m LEFT JOIN agent a ON a.tenant_id = m.tenant_id AND a.id = m.author_agent_id
      WHERE m.tenant_id = t.tenant_id AND m.ticket_id = t.id), '[]') AS messages
  FROM (SELECT * FROM ticket WHERE tenant_id = app.current_tenant() ORDER BY id OFFSET 0) AS t`

export const ticketRecord = (row: ExportedTicketRow): ExportedTicket => ({
  id: row.id,
  number: row.number,
  subject: row.subject,
  status: row.status,
  waitingOn: row.waitingOn,
  priority: row.priority,
  channel: row.channel,
  tags: row.tags,
  customer: { id: row.customerId },
  assigneeEmail: row.assigneeEmail,
  externalRef:
    row.externalSource !== null && row.externalId !== null ? { source: row.externalSource, id: row.externalId } : null,
  isDemo: row.isDemo,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
  closedAt: row.closedAt?.toISOString() ?? null,
  messages: row.messages,
})
