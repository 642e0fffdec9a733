import type { ExportedTicket } from '@quimbi/support/tickets/export.ts'
import type { TicketRecord } from '@quimbi/support/tickets/record.ts'
import { z } from 'zod'
import { formatList, parseList } from '../lists.ts'
import {
  booleanCell,
  byColumn,
  instant,
  jsonCell,
  numberCell,
  optionalInstant,
  optionalString,
  string,
} from './shape.ts'

const systemAuthor = z.object({ kind: string, name: string }).nullish()

const message = z.object({
  id: optionalString,
  fromAgent: z.boolean().nullish(),
  authorName: string,
  authorEmail: optionalString,
  authorSystem: systemAuthor,
  content: string,
  contentHtml: optionalString,
  channel: optionalString,
  externalId: optionalString,
  inReplyToId: optionalString,
  isAutomatic: z.boolean().nullish(),
  deliveryStatus: optionalString,
  sentAt: optionalInstant,
  createdAt: optionalInstant,
  editedAt: optionalInstant,
  deletedAt: optionalInstant,
})

const note = z.object({
  id: optionalString,
  authorEmail: optionalString,
  authorSystem: systemAuthor,
  content: string,
  mentions: z.array(string).nullish(),
  createdAt: optionalInstant,
})

const record: z.ZodType<TicketRecord> = z.object({
  id: optionalString,
  number: z.number().nullish(),
  subject: string,
  status: optionalString,
  waitingOn: optionalString,
  snoozedUntil: optionalInstant,
  priority: optionalString,
  channel: string,
  tags: z.array(string).nullish(),
  category: optionalString,
  intent: optionalString,
  sentiment: z.number().nullish(),
  difficulty: z.number().nullish(),
  resolution: optionalString,
  orderNumbers: z.array(string).nullish(),
  customer: z.object({ id: optionalString, source: optionalString, externalId: optionalString }),
  assigneeEmail: optionalString,
  queue: optionalString,
  team: optionalString,
  externalRef: z.object({ source: string, id: string }).nullish(),
  isDemo: z.boolean().nullish(),
  followUpAt: optionalInstant,
  followUpNote: optionalString,
  mergedIntoId: optionalString,
  createdAt: instant,
  updatedAt: optionalInstant,
  closedAt: optionalInstant,
  messages: z.array(message).nullish(),
  notes: z.array(note).nullish(),
})

const customerColumns = ['customerId', 'customerSource', 'customerExternalId'] as const
const columns = [
  ...[
    'id',
    'number',
    'subject',
    'status',
    'waitingOn',
    'snoozedUntil',
    'priority',
    'channel',
    'tags',
    'category',
    'intent',
  ],
  ...['sentiment', 'difficulty', 'resolution', 'orderNumbers', ...customerColumns, 'assigneeEmail', 'queue', 'team'],
  ...['externalSource', 'externalId', 'isDemo', 'followUpAt', 'followUpNote', 'mergedIntoId'],
  ...['createdAt', 'updatedAt', 'closedAt', 'messages', 'notes'],
] as const

/** In place of `messages`, one message of the customer in columns of its own. */
const oneMessage = ['message', 'authorName', 'authorEmail'] as const

/** Tickets as canonical records: JSON lines, or CSV with tags as `a|b` and the messages as JSON, or one in columns. */
export const tickets = {
  record,
  columns: [...columns, ...oneMessage] as readonly string[],
  written: columns as readonly string[],
  /** columns without which a CSV file is of another kind */
  required: ['subject', 'channel', 'createdAt'] as readonly string[],
  fromCells(header: readonly string[], cells: readonly string[]): object | string {
    const row = byColumn(header, cells)
    if (typeof row === 'string') return row
    const { number, tags, orderNumbers, sentiment, difficulty, isDemo, ...others } = row
    const { customerId, customerSource, customerExternalId, externalSource, externalId, ...rest } = others
    const { messages, notes, message, authorName, authorEmail, ...ticket } = rest
    const own = message ? [{ content: message, authorName: authorName ?? 'Unknown', authorEmail }] : undefined
    try {
      return {
        ...ticket,
        number: numberCell(number),
        tags: parseList(tags ?? ''),
        orderNumbers: parseList(orderNumbers ?? ''),
        sentiment: numberCell(sentiment),
        difficulty: numberCell(difficulty),
        customer: { id: customerId, source: customerSource, externalId: customerExternalId },
        externalRef: externalSource || externalId ? { source: externalSource ?? '', id: externalId ?? '' } : null,
        isDemo: booleanCell(isDemo),
        messages: jsonCell(messages) ?? own,
        notes: jsonCell(notes),
      }
    } catch {
      return 'messages or notes: no JSON'
    }
  },
  cells: (ticket: ExportedTicket): (string | null)[] => {
    const { tags, orderNumbers, customer, externalRef, messages, notes, ...plain } = ticket
    const cells: Record<string, string | number | boolean | null> = {
      ...plain,
      tags: formatList(tags),
      orderNumbers: formatList(orderNumbers),
      customerId: customer.id,
      externalSource: externalRef?.source ?? null,
      externalId: externalRef?.id ?? null,
      messages: JSON.stringify(messages),
      notes: JSON.stringify(notes),
    }
    return columns.map((column) =>
      cells[column] === null || cells[column] === undefined ? null : String(cells[column]),
    )
  },
}
