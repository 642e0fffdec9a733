import { refuse } from '@quimbi/service/errors.ts'
import { instant } from '../common/instant.ts'
import { labels, text } from '../common/text.ts'
import { checkRef, type GivenRef } from '../customers/given-refs.ts'
import type { Ref } from '../customers/refs.ts'
import type { TicketPriority } from '../scoring/score.ts'
import { timedId } from './record-ids.ts'
import { checkMessage, checkNote, type CheckedMessage, type CheckedNote } from './record-said.ts'
import type { MessageRecord, NoteRecord } from './record-said.ts'
import { address, channels, oneOf, share, uuid, when, words } from './record-values.ts'

type Optional<T> = T | null | undefined

/** A ticket with its messages and notes to import. The customer is named by our id or by a reference, colleagues by their address. */
export type TicketRecord = {
  id?: Optional<string>
  number?: Optional<number>
  subject: string
  status?: Optional<string>
  waitingOn?: Optional<string>
  /** Of a ticket that waits on SNOOZE. */
  snoozedUntil?: Optional<Date>
  priority?: Optional<string>
  channel: string
  tags?: Optional<readonly string[]>
  category?: Optional<string>
  intent?: Optional<string>
  /** 0 negative to 1 positive. */
  sentiment?: Optional<number>
  /** 0 easy to 1 hard. */
  difficulty?: Optional<number>
  resolution?: Optional<string>
  orderNumbers?: Optional<readonly string[]>
  customer: { id?: Optional<string>; source?: Optional<string>; externalId?: Optional<string> }
  assigneeEmail?: Optional<string>
  /** By name. */
  queue?: Optional<string>
  team?: Optional<string>
  externalRef?: Optional<GivenRef>
  isDemo?: Optional<boolean>
  followUpAt?: Optional<Date>
  followUpNote?: Optional<string>
  /** The ticket that this one became part of. */
  mergedIntoId?: Optional<string>
  createdAt: Date
  updatedAt?: Optional<Date>
  closedAt?: Optional<Date>
  messages?: Optional<readonly MessageRecord[]>
  notes?: Optional<readonly NoteRecord[]>
}

export type CheckedTicket = {
  id: string
  number: number | null
  subject: string
  status: string
  waitingOn: string | null
  snoozedUntil: Date | null
  priority: TicketPriority
  channel: string
  tags: string[]
  category: string | null
  intent: string | null
  sentiment: number | null
  difficulty: number | null
  resolution: string | null
  orderNumbers: string[]
  customer: { id: string } | Ref
  assigneeEmail: string | null
  queue: string | null
  team: string | null
  externalRef: Ref | null
  isDemo: boolean
  followUpAt: Date | null
  followUpNote: string | null
  mergedIntoId: string | null
  createdAt: Date
  updatedAt: Date
  closedAt: Date | null
  messages: CheckedMessage[]
  notes: CheckedNote[]
}

const priorities: readonly TicketPriority[] = ['URGENT', 'HIGH', 'NORMAL', 'LOW']
const statuses = ['OPEN', 'PENDING', 'CLOSED']
const waits = ['CUSTOMER', 'THIRD_PARTY', 'SNOOZE']
/** A number above would leave too few for the tickets to come. */
const maxNumber = 1_000_000_000

/** Checks one record and derives what it leaves out; throws UserErrors. Pure. */
export function checkTicket(tenantId: string, record: TicketRecord, path: string[]): CheckedTicket {
  const at = (field: string) => [...path, field]
  const createdAt = instant(record.createdAt, at('createdAt'))
  const updatedAt = instant(record.updatedAt ?? createdAt, at('updatedAt'))
  const externalRef = record.externalRef ? checkRef(record.externalRef, at('externalRef')) : null
  const id = idOf(tenantId, { id: record.id, externalRef, createdAt }, at('id'))
  const channel = oneOf(channels, record.channel, at('channel'))
  const status = oneOf(statuses, record.status ?? 'OPEN', at('status'))
  const { number = null } = record
  if (number !== null && !(Number.isInteger(number) && number >= 1 && number <= maxNumber)) {
    refuse('INVALID', 'number is a whole number between 1 and 1,000,000,000.', at('number'))
  }
  checkState(record, status, at)
  const of = { tenantId, ticket: { id, channel, createdAt }, at }
  return {
    id,
    number,
    subject: text(record.subject, { path: at('subject'), max: 300 }),
    status,
    waitingOn: record.waitingOn ? oneOf(waits, record.waitingOn, at('waitingOn')) : null,
    snoozedUntil: when(record.snoozedUntil, at('snoozedUntil')),
    priority: oneOf(priorities, (record.priority ?? 'NORMAL') as TicketPriority, at('priority')),
    channel,
    tags: labels(record.tags, at('tags')),
    category: words(record.category, at('category'), 100),
    intent: words(record.intent, at('intent'), 200),
    sentiment: share(record.sentiment, at('sentiment')),
    difficulty: share(record.difficulty, at('difficulty')),
    resolution: words(record.resolution, at('resolution'), 2_000),
    orderNumbers: labels(record.orderNumbers, at('orderNumbers')),
    customer: customerOf(record.customer, at('customer')),
    assigneeEmail: address(record.assigneeEmail),
    queue: words(record.queue, at('queue'), 100),
    team: words(record.team, at('team'), 100),
    externalRef,
    isDemo: record.isDemo ?? false,
    followUpAt: when(record.followUpAt, at('followUpAt')),
    followUpNote: words(record.followUpNote, at('followUpNote'), 2_000),
    mergedIntoId: record.mergedIntoId ? uuid(record.mergedIntoId, at('mergedIntoId')) : null,
    createdAt,
    updatedAt,
    closedAt: status === 'CLOSED' ? instant(record.closedAt ?? updatedAt, at('closedAt')) : null,
    messages: (record.messages ?? []).map((message, index) => checkMessage(message, index, of)),
    notes: (record.notes ?? []).map((note, index) => checkNote(note, index, of)),
  }
}

/** What belongs to a state stands with it, and with no other. */
function checkState(record: TicketRecord, status: string, at: (field: string) => string[]): void {
  const { waitingOn, snoozedUntil, closedAt, mergedIntoId } = record
  if (status === 'PENDING' && !waitingOn) refuse('REQUIRED', 'A PENDING ticket needs waitingOn.', at('waitingOn'))
  if (status !== 'PENDING' && waitingOn) refuse('INVALID', 'Only a PENDING ticket waits.', at('waitingOn'))
  if (waitingOn !== 'SNOOZE' && snoozedUntil)
    refuse('INVALID', 'Only a ticket that waits on SNOOZE has snoozedUntil.', at('snoozedUntil'))
  if (status !== 'CLOSED' && closedAt) refuse('INVALID', 'Only a CLOSED ticket has closedAt.', at('closedAt'))
  if (status !== 'CLOSED' && mergedIntoId)
    refuse('INVALID', 'A ticket that became part of another is CLOSED.', at('mergedIntoId'))
}

type Named = { id: Optional<string>; externalRef: Ref | null; createdAt: Date }

function idOf(tenantId: string, { id, externalRef, createdAt }: Named, path: string[]): string {
  if (id) return uuid(id, path)
  if (externalRef) return timedId(tenantId, createdAt, 'ticket', externalRef.source, externalRef.externalId)
  return refuse('REQUIRED', 'A ticket needs an id or an external reference, so that a second run adds nothing.', path)
}

function customerOf({ id, source, externalId }: TicketRecord['customer'], path: string[]): { id: string } | Ref {
  if (id) return { id: uuid(id, path) }
  if (source && externalId) return checkRef({ source, id: externalId }, path)
  return refuse('REQUIRED', 'A ticket needs its customer: id, or source and externalId.', path)
}
