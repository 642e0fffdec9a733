import { derivedId } from '@quimbi/database/ids.ts'
import { refuse } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import { instant } from '../common/instant.ts'
import { labels, text } from '../common/text.ts'
import { checkRef, type GivenRef } from '../customers/given-refs.ts'
import type { Ref } from '../customers/refs.ts'
import type { TicketPriority } from '../scoring/score.ts'

type Optional<T> = T | null | undefined

/** A ticket with its messages to import. The customer is named by our id or by a reference. */
export type TicketRecord = {
  id?: Optional<string>
  number?: Optional<number>
  subject: string
  status?: Optional<string>
  waitingOn?: Optional<string>
  priority?: Optional<string>
  channel: string
  tags?: Optional<readonly string[]>
  customer: { id?: Optional<string>; source?: Optional<string>; externalId?: Optional<string> }
  assigneeEmail?: Optional<string>
  externalRef?: Optional<GivenRef>
  isDemo?: Optional<boolean>
  createdAt: Date
  updatedAt?: Optional<Date>
  closedAt?: Optional<Date>
  messages?: Optional<readonly MessageRecord[]>
}

export type MessageRecord = {
  id?: Optional<string>
  fromAgent?: Optional<boolean>
  authorName: string
  authorEmail?: Optional<string>
  content: string
  createdAt?: Optional<Date>
}

type CheckedMessage = {
  id: string
  fromAgent: boolean
  authorName: string
  authorEmail: string | null
  content: string
  createdAt: Date
}

export type CheckedTicket = {
  id: string
  number: number | null
  subject: string
  status: string
  waitingOn: string | null
  priority: TicketPriority
  channel: string
  tags: string[]
  customer: { id: string } | Ref
  assigneeEmail: string | null
  externalRef: Ref | null
  isDemo: boolean
  createdAt: Date
  updatedAt: Date
  closedAt: Date | null
  messages: CheckedMessage[]
}

const priorities: readonly TicketPriority[] = ['URGENT', 'HIGH', 'NORMAL', 'LOW']
const statuses = ['OPEN', 'PENDING', 'CLOSED']
const waits = ['CUSTOMER', 'THIRD_PARTY', 'SNOOZE']
const channels = ['EMAIL', 'SMS', 'PHONE', 'CHAT', 'FORM']
/** A number above would leave too few for the tickets to come. */
const maxNumber = 1_000_000_000

/** Checks one record and derives what it leaves out; throws UserErrors. Pure. */
export function checkTicket(tenantId: string, record: TicketRecord, path: string[]): CheckedTicket {
  const at = (field: string) => [...path, field]
  const externalRef = record.externalRef ? checkRef(record.externalRef, at('externalRef')) : null
  const id = idOf(tenantId, record.id, externalRef, at('id'))
  const createdAt = instant(record.createdAt, at('createdAt'))
  const updatedAt = instant(record.updatedAt ?? createdAt, at('updatedAt'))
  const status = oneOf(statuses, record.status ?? 'OPEN', at('status'))
  const { number = null } = record
  if (number !== null && !(Number.isInteger(number) && number >= 1 && number <= maxNumber)) {
    refuse('INVALID', 'number is a whole number between 1 and 1,000,000,000.', at('number'))
  }
  if (status === 'PENDING' && !record.waitingOn)
    refuse('REQUIRED', 'A PENDING ticket needs waitingOn.', at('waitingOn'))
  if (status !== 'PENDING' && record.waitingOn) refuse('INVALID', 'Only a PENDING ticket waits.', at('waitingOn'))
  if (status !== 'CLOSED' && record.closedAt) refuse('INVALID', 'Only a CLOSED ticket has closedAt.', at('closedAt'))
  return {
    id,
    number,
    subject: text(record.subject, { path: at('subject'), max: 300 }),
    status,
    waitingOn: record.waitingOn ? oneOf(waits, record.waitingOn, at('waitingOn')) : null,
    priority: oneOf(priorities, (record.priority ?? 'NORMAL') as TicketPriority, at('priority')),
    channel: oneOf(channels, record.channel, at('channel')),
    tags: labels(record.tags, at('tags')),
    customer: customerOf(record.customer, at('customer')),
    assigneeEmail: record.assigneeEmail?.trim().toLowerCase() || null,
    externalRef,
    isDemo: record.isDemo ?? false,
    createdAt,
    updatedAt,
    closedAt: status === 'CLOSED' ? instant(record.closedAt ?? updatedAt, at('closedAt')) : null,
    messages: (record.messages ?? []).map((message, index) => ({
      id: message.id ? uuid(message.id, at('messages')) : derivedId(tenantId, 'message', id, String(index)),
      fromAgent: message.fromAgent ?? false,
      authorName: text(message.authorName, { path: at('authorName'), max: 200 }),
      authorEmail: message.authorEmail
        ? text(message.authorEmail, { path: at('authorEmail'), max: 320 }).toLowerCase()
        : null,
      content: text(message.content, { path: at('content'), max: 50_000 }),
      createdAt: instant(message.createdAt ?? createdAt, at('createdAt')),
    })),
  }
}

function idOf(tenantId: string, id: Optional<string>, externalRef: Ref | null, path: string[]): string {
  if (id) return uuid(id, path)
  if (externalRef) return derivedId(tenantId, 'ticket', externalRef.source, externalRef.externalId)
  return refuse('REQUIRED', 'A ticket needs an id or an external reference, so that a second run adds nothing.', path)
}

function customerOf({ id, source, externalId }: TicketRecord['customer'], path: string[]): { id: string } | Ref {
  if (id) return { id: uuid(id, path) }
  if (source && externalId) return checkRef({ source, id: externalId }, path)
  return refuse('REQUIRED', 'A ticket needs its customer: id, or source and externalId.', path)
}

const uuid = (id: string, path: string[]): string =>
  isUuid(id) ? id.toLowerCase() : refuse('INVALID', 'This is no UUID.', path)

function oneOf<T extends string>(values: readonly T[], value: T, path: string[]): T {
  return values.includes(value) ? value : refuse('INVALID', `${path.at(-1)} is one of ${values.join(', ')}.`, path)
}
