import { writeLater } from '@quimbi/database/transaction.ts'
import type { Message } from '../../generated/prisma/client.ts'
import type { Db } from '../database.ts'

/** What every message has; the rest is empty unless given. */
type NewMessage = Pick<
  Message,
  'tenantId' | 'id' | 'ticketId' | 'fromAgent' | 'authorName' | 'authorEmail' | 'content' | 'createdAt'
> &
  Partial<Message>

const empty = {
  authorAgentId: null,
  authorSystem: null,
  contentHtml: null,
  channel: null,
  externalId: null,
  inReplyToId: null,
  isAutomatic: false,
  draftId: null,
  deliveryStatus: null,
  recipient: null,
  attempts: 0,
  lastError: null,
  undoUntil: null,
  nextAttemptAt: null,
  sentAt: null,
  editedAt: null,
  deletedAt: null,
} satisfies Partial<Message>

const insertSql = `
  INSERT INTO message (tenant_id, id, ticket_id, from_agent, author_agent_id, author_system, author_name, author_email, content,
    content_html, channel, external_id, in_reply_to_id, is_automatic, draft_id, delivery_status, recipient, attempts, undo_until,
    next_attempt_at, sent_at, created_at)
  VALUES ($1::uuid, $2::uuid, $3::uuid, $4, $5::uuid, $6::jsonb, $7, $8, $9, $10, $11, $12, $13::uuid, $14, $15, $16, $17, $18,
    $19::timestamptz, $20::timestamptz, $21::timestamptz, $22::timestamptz)`

/** Writes what was said. Its ticket's change belongs into the same transaction. */
export async function writeMessage(tx: Db, given: NewMessage): Promise<Message> {
  const message: Message = { ...empty, ...given }
  const { tenantId, id, ticketId, fromAgent, authorAgentId, authorSystem, authorName, authorEmail, content } = message
  const { contentHtml, channel, externalId, inReplyToId, isAutomatic, draftId, deliveryStatus, recipient } = message
  const { attempts, undoUntil, nextAttemptAt, sentAt, createdAt } = message
  await writeLater(
    tx,
    insertSql,
    ...[tenantId, id, ticketId, fromAgent, authorAgentId, authorSystem && JSON.stringify(authorSystem), authorName],
    ...[authorEmail, content, contentHtml, channel, externalId, inReplyToId, isAutomatic, draftId, deliveryStatus],
    ...[recipient, attempts, undoUntil, nextAttemptAt, sentAt, createdAt],
  )
  return message
}
