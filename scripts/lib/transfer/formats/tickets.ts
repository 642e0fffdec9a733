import type { ExportedTicket } from '@quimbi/support/tickets/export.ts'
import type { TicketRecord } from '@quimbi/support/tickets/record.ts'
import { z } from 'zod'
import { formatList, parseList } from '../lists.ts'
import { booleanCell, byColumn, instant, jsonCell, optionalInstant, optionalString, string } from './shape.ts'

const record: z.ZodType<TicketRecord> = z.object({
  id: optionalString,
  number: z.number().nullish(),
  subject: string,
  status: optionalString,
  waitingOn: optionalString,
  priority: optionalString,
  channel: string,
  tags: z.array(string).nullish(),
  customer: z.object({ id: optionalString, source: optionalString, externalId: optionalString }),
  assigneeEmail: optionalString,
  externalRef: z.object({ source: string, id: string }).nullish(),
  isDemo: z.boolean().nullish(),
  createdAt: instant,
  updatedAt: optionalInstant,
  closedAt: optionalInstant,
  messages: z
    .array(
      z.object({
        id: optionalString,
        fromAgent: z.boolean().nullish(),
        authorName: string,
        authorEmail: optionalString,
        content: string,
        createdAt: optionalInstant,
      }),
    )
    .nullish(),
})

const columns = [
  ...['id', 'number', 'subject', 'status', 'waitingOn', 'priority', 'channel', 'tags', 'customerId', 'customerSource'],
  ...[
    'customerExternalId',
    'assigneeEmail',
    'externalSource',
    'externalId',
    'isDemo',
    'createdAt',
    'updatedAt',
    'closedAt',
  ],
  'messages',
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
    const {
      number,
      tags,
      customerId,
      customerSource,
      customerExternalId,
      externalSource,
      externalId,
      isDemo,
      ...rest
    } = row
    const { messages, message, authorName, authorEmail, ...ticket } = rest
    const own = message ? [{ content: message, authorName: authorName ?? 'Unknown', authorEmail }] : undefined
    try {
      return {
        ...ticket,
        number: number ? Number(number) : null,
        tags: parseList(tags ?? ''),
        customer: { id: customerId, source: customerSource, externalId: customerExternalId },
        externalRef: externalSource || externalId ? { source: externalSource ?? '', id: externalId ?? '' } : null,
        isDemo: booleanCell(isDemo),
        messages: jsonCell(messages) ?? own,
      }
    } catch {
      return 'messages: no JSON'
    }
  },
  cells: (ticket: ExportedTicket): (string | null)[] => [
    ...[
      ticket.id,
      String(ticket.number),
      ticket.subject,
      ticket.status,
      ticket.waitingOn,
      ticket.priority,
      ticket.channel,
    ],
    ...[formatList(ticket.tags), ticket.customer.id, null, null, ticket.assigneeEmail],
    ...[ticket.externalRef?.source ?? null, ticket.externalRef?.id ?? null, String(ticket.isDemo)],
    ...[ticket.createdAt, ticket.updatedAt, ticket.closedAt, JSON.stringify(ticket.messages)],
  ],
}
