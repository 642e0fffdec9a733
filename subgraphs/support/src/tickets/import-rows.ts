import { writeLater } from '@quimbi/database/transaction.ts'
import type { Db } from '../database.ts'

/** A table's columns with their types by the fields of what is imported. `others` have a default: null, false, or an empty list. */
type Table = { name: string; always: Readonly<Record<string, string>>; others: Readonly<Record<string, string>> }

export const ticketTable: Table = {
  name: 'ticket',
  always: {
    id: 'id uuid',
    number: 'number int',
    subject: 'subject text',
    status: 'status text',
    priority: 'priority text',
    channel: 'channel text',
    customerId: 'customer_id uuid',
    rank: 'rank float8',
    createdAt: 'created_at timestamptz',
    updatedAt: 'updated_at timestamptz',
  },
  others: {
    waitingOn: 'waiting_on text',
    snoozedUntil: 'snoozed_until timestamptz',
    assigneeId: 'assignee_id uuid',
    queueId: 'queue_id uuid',
    teamId: 'team_id uuid',
    tags: 'tags text[]',
    category: 'category text',
    intent: 'intent text',
    sentiment: 'sentiment float8',
    difficulty: 'difficulty float8',
    resolution: 'resolution text',
    orderNumbers: 'order_numbers text[]',
    externalSource: 'external_source text',
    externalId: 'external_id text',
    isDemo: 'is_demo boolean',
    followUpAt: 'follow_up_at timestamptz',
    followUpNote: 'follow_up_note text',
    mergedIntoId: 'merged_into_id uuid',
    nextTimerAt: 'next_timer_at timestamptz',
    closedAt: 'closed_at timestamptz',
  },
}

export const messageTable: Table = {
  name: 'message',
  always: {
    id: 'id uuid',
    ticketId: 'ticket_id uuid',
    fromAgent: 'from_agent boolean',
    authorName: 'author_name text',
    content: 'content text',
    createdAt: 'created_at timestamptz',
  },
  others: {
    authorAgentId: 'author_agent_id uuid',
    authorEmail: 'author_email text',
    authorSystem: 'author_system jsonb',
    contentHtml: 'content_html text',
    channel: 'channel text',
    externalId: 'external_id text',
    inReplyToId: 'in_reply_to_id uuid',
    isAutomatic: 'is_automatic boolean',
    deliveryStatus: 'delivery_status text',
    sentAt: 'sent_at timestamptz',
    editedAt: 'edited_at timestamptz',
    deletedAt: 'deleted_at timestamptz',
  },
}

export const noteTable: Table = {
  name: 'note',
  always: {
    id: 'id uuid',
    ticketId: 'ticket_id uuid',
    author: 'author jsonb',
    content: 'content text',
    createdAt: 'created_at timestamptz',
  },
  others: { mentionIds: 'mention_ids uuid[]' },
}

/**
 * Adds rows with one statement and one parameter. Only columns that some row fills: what a record set costs the database grows with its
 * columns (1,000 tickets: 41 ms with all thirty, of 157), and most imports fill less than half.
 */
export async function insertRows(
  tx: Db,
  { name, always, others }: Table,
  tenantId: string,
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  if (rows.length === 0) return
  const filled = Object.entries(others).filter(([field]) => rows.some((row) => !isEmpty(row[field])))
  const columns = [...Object.entries(always), ...filled].map(([field, definition]) => {
    const [column = ''] = definition.split(' ', 1)
    return { field, column, definition }
  })
  const names = columns.map(({ column }) => column).join(', ')
  const record = columns.map(({ definition }) => definition).join(', ')
  const given = rows.map((row) => {
    const values: Record<string, unknown> = {}
    for (const { field, column } of columns) values[column] = row[field]
    return values
  })
  const sql = `INSERT INTO ${name} (tenant_id, ${names}) SELECT $1::uuid, ${names} FROM json_to_recordset($2::json) AS r (${record})`
  await writeLater(tx, sql, tenantId, JSON.stringify(given))
}

const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || value === false || (Array.isArray(value) && value.length === 0)
