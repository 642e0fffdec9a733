import { writeLater } from '@quimbi/database/transaction.ts'
import type { Tenant } from '../../generated/prisma/client.ts'
import type { Db } from '../database.ts'
import { systemActor, type ActorRef, type SystemActorKind } from '../log/actors.ts'
import { rankOf, type Formula } from '../scoring/score.ts'
import type { CustomerInsight } from './import-customers.ts'
import { insertRows, messageTable, noteTable, ticketTable } from './import-rows.ts'
import type { CheckedTicket } from './record.ts'

/** A checked ticket with what it refers to. */
export type StoredTicket = Omit<
  CheckedTicket,
  'number' | 'customer' | 'assigneeEmail' | 'queue' | 'team' | 'externalRef'
> & {
  number: number
  customerId: string
  assigneeId: string | null
  queueId: string | null
  teamId: string | null
  externalSource: string | null
  externalId: string | null
}

type Agents = ReadonlyMap<string, string>

/** Has tables that hold their first rows looked at, so that what follows is planned by what is in them. To be called after many rows. */
export const firstStatistics = (tx: Db): Promise<void> => writeLater(tx, 'SELECT app.first_statistics()')

const nothingKnown: CustomerInsight = { churnRisk: null, lifetimeValue: null }

type Ranking = {
  tenant: Pick<Tenant, 'id' | 'clockOffsetSeconds'>
  formula: Formula
  insights: ReadonlyMap<string, CustomerInsight>
}

/** Adds tickets that are not there yet. They have no SLA clocks until something happens to them. */
export function storeTickets(tx: Db, tickets: readonly StoredTicket[], ranking: Ranking): Promise<void> {
  const { tenant, formula, insights } = ranking
  const rows = tickets.map(({ messages: _messages, notes: _notes, ...ticket }) => ({
    ...ticket,
    nextTimerAt: timerOf(ticket, tenant),
    rank: rankOf({ ...ticket, ...(insights.get(ticket.customerId) ?? nothingKnown), slaStatus: null }, formula),
  }))
  return insertRows(tx, ticketTable, tenant.id, rows)
}

/** The soonest instant at which something happens by itself, on the real clock. */
function timerOf(
  { snoozedUntil, followUpAt }: Pick<StoredTicket, 'snoozedUntil' | 'followUpAt'>,
  { clockOffsetSeconds }: Ranking['tenant'],
): Date | null {
  const instants = [snoozedUntil, followUpAt].filter((instant) => instant !== null).map((instant) => instant.getTime())
  return instants.length === 0 ? null : new Date(Math.min(...instants) - clockOffsetSeconds * 1_000)
}

/** Adds the messages of new tickets. `agents` are authors' ids by address. */
export async function storeMessages(
  tx: Db,
  tenantId: string,
  tickets: readonly StoredTicket[],
  agents: Agents,
): Promise<void> {
  const rows = tickets.flatMap(({ id, messages }) =>
    messages.map((message) => ({
      ...message,
      ticketId: id,
      authorAgentId: (message.fromAgent && message.authorEmail !== null && agents.get(message.authorEmail)) || null,
    })),
  )
  await insertRows(tx, messageTable, tenantId, rows)
}

/** Adds the notes of new tickets. */
export async function storeNotes(
  tx: Db,
  tenantId: string,
  tickets: readonly StoredTicket[],
  agents: Agents,
): Promise<void> {
  const rows = tickets.flatMap(({ id: ticketId, notes }) =>
    notes.map(({ id, content, mentions, createdAt, ...author }) => ({
      ...{ id, ticketId, content, createdAt },
      author: authorOf(author, agents),
      mentionIds: mentions.flatMap((email) => agents.get(email) ?? []),
    })),
  )
  await insertRows(tx, noteTable, tenantId, rows)
}

function authorOf(
  { authorEmail, authorSystem }: Pick<CheckedTicket['notes'][number], 'authorEmail' | 'authorSystem'>,
  agents: Agents,
): ActorRef {
  const id = authorEmail === null ? undefined : agents.get(authorEmail)
  if (id !== undefined) return { kind: 'agent', id }
  return authorSystem
    ? systemActor(authorSystem.kind as SystemActorKind, authorSystem.name)
    : systemActor('IMPORT', authorEmail ?? 'notes')
}

// Locked in one order: another import's batch may hold some of the same customers.
const contactsSql = `
  WITH contact AS MATERIALIZED (SELECT id, at FROM jsonb_to_recordset($2::jsonb) AS r (id uuid, at timestamptz)),
    held AS MATERIALIZED (
      SELECT c.id, contact.at FROM customer c JOIN contact ON c.id = contact.id
      WHERE c.tenant_id = $1::uuid AND c.last_contact_at IS DISTINCT FROM greatest(c.last_contact_at, contact.at)
      ORDER BY c.id FOR NO KEY UPDATE OF c)
  UPDATE customer c SET last_contact_at = greatest(c.last_contact_at, held.at)
  FROM held WHERE c.tenant_id = $1::uuid AND c.id = held.id`

/** Moves the customers' last contact on, by what they wrote. */
export async function storeContacts(tx: Db, tenantId: string, tickets: readonly StoredTicket[]): Promise<void> {
  const contacts = new Map<string, number>()
  for (const { customerId, messages } of tickets) {
    for (const { fromAgent, createdAt } of messages) {
      if (!fromAgent) contacts.set(customerId, Math.max(contacts.get(customerId) ?? 0, createdAt.getTime()))
    }
  }
  const last = [...contacts].map(([id, at]) => ({ id, at: new Date(at) }))
  if (last.length > 0) await writeLater(tx, contactsSql, tenantId, JSON.stringify(last))
}
