import type { Db } from '../database.ts'
import { rankOf, type Formula } from '../scoring/score.ts'
import type { CheckedTicket } from './record.ts'

/** A checked ticket with what it refers to. */
export type StoredTicket = Omit<CheckedTicket, 'number' | 'customer' | 'assigneeEmail' | 'externalRef'> & {
  number: number
  customerId: string
  assigneeId: string | null
  externalSource: string | null
  externalId: string | null
}

/** One JSON parameter a statement: an array parameter a column costs the driver more. */
const json = (rows: readonly object[]): string => JSON.stringify(rows)

/** Nothing is known yet of what was imported but what it says. */
const unknown = { churnRisk: null, lifetimeValue: null, difficulty: null, sentiment: null, slaStatus: null }

/** Adds tickets that are not there yet. */
export async function storeTickets(
  tx: Db,
  tenantId: string,
  tickets: readonly StoredTicket[],
  formula: Formula,
): Promise<void> {
  if (tickets.length === 0) return
  const rows = tickets.map(({ messages: _messages, ...ticket }) => ({
    ...ticket,
    rank: rankOf({ ...ticket, ...unknown }, formula),
  }))
  await tx.$executeRaw`
    INSERT INTO ticket (tenant_id, id, number, subject, status, waiting_on, priority, channel, customer_id, assignee_id, tags,
      external_source, external_id, is_demo, rank, created_at, updated_at, closed_at)
    SELECT ${tenantId}::uuid, id, number, subject, status, "waitingOn", priority, channel, "customerId", "assigneeId", tags,
      "externalSource", "externalId", "isDemo", rank, "createdAt", "updatedAt", "closedAt"
    FROM jsonb_to_recordset(${json(rows)}::jsonb) AS r (id uuid, number int, subject text, status text, "waitingOn" text,
      priority text, channel text, "customerId" uuid, "assigneeId" uuid, tags text[], "externalSource" text, "externalId" text,
      "isDemo" boolean, rank double precision, "createdAt" timestamptz, "updatedAt" timestamptz, "closedAt" timestamptz)`
}

/** Adds their messages, and moves the customers' last contact on. `agents` are authors' ids by address. */
export async function storeMessages(
  tx: Db,
  tenantId: string,
  tickets: readonly StoredTicket[],
  agents: ReadonlyMap<string, string>,
): Promise<void> {
  const rows = tickets.flatMap(({ id, messages }) =>
    messages.map((message) => ({
      ...message,
      ticketId: id,
      authorAgentId: (message.fromAgent && message.authorEmail !== null && agents.get(message.authorEmail)) || null,
    })),
  )
  if (rows.length === 0) return
  await tx.$executeRaw`
    INSERT INTO message (tenant_id, id, ticket_id, from_agent, author_agent_id, author_name, author_email, content, created_at)
    SELECT ${tenantId}::uuid, id, "ticketId", "fromAgent", "authorAgentId", "authorName", "authorEmail", content, "createdAt"
    FROM jsonb_to_recordset(${json(rows)}::jsonb) AS r (id uuid, "ticketId" uuid, "fromAgent" boolean, "authorAgentId" uuid,
      "authorName" text, "authorEmail" text, content text, "createdAt" timestamptz)`
  const contacts = new Map<string, number>()
  for (const { customerId, messages } of tickets) {
    for (const { fromAgent, createdAt } of messages) {
      if (!fromAgent) contacts.set(customerId, Math.max(contacts.get(customerId) ?? 0, createdAt.getTime()))
    }
  }
  const last = [...contacts].map(([id, at]) => ({ id, at: new Date(at) }))
  await tx.$executeRaw`
    UPDATE customer c SET last_contact_at = greatest(c.last_contact_at, r.at)
    FROM jsonb_to_recordset(${json(last)}::jsonb) AS r (id uuid, at timestamptz)
    WHERE c.tenant_id = ${tenantId}::uuid AND c.id = r.id AND c.last_contact_at IS DISTINCT FROM greatest(c.last_contact_at, r.at)`
}
