import { newId } from '@quimbi/database/ids.ts'
import { RetryTransaction } from '@quimbi/database/outcomes.ts'
import { refuse } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Message, Ticket } from '../../generated/prisma/client.ts'
import { maySee, mayUpdate, need } from '../agents/permissions.ts'
import { linkAttachments } from '../attachments/link.ts'
import { indexableId } from '../channels/addresses.ts'
import { text } from '../common/text.ts'
import type { Db } from '../database.ts'
import { doerOf, type Doer } from '../log/actors.ts'
import { configOf } from '../tenants/config.ts'
import { lockTickets, type LockedTicket } from '../tickets/change-store.ts'
import { changeTicket } from '../tickets/change.ts'
import { createTicket } from '../tickets/create.ts'
import { contentOf, followUpSubject, subjectOf } from './content.ts'
import { sanitised } from './html.ts'
import { placeOf, type Place } from './place.ts'
import { receivedSteps } from './steps.ts'
import { writeMessage } from './write.ts'

type Optional<T> = T | null | undefined

/** What a customer said. */
export type Inbound = {
  /** The ticket that it belongs to; one that was merged stands for its target. */
  ticketId?: Optional<string>
  /** Who said it; needed without `ticketId`. With it only to be refused (CONFLICT) if the ticket is another's. */
  customerId?: Optional<string>
  channel: string
  /** Plain text, up to 50,000 characters; control characters are refused. */
  content: string
  /** Of the ticket that it may open, up to 300 characters; the first line unless given. */
  subject?: Optional<string>
  /** The channel's own id, up to 1,000 characters. */
  externalId: string
  attachmentIds?: Optional<readonly string[]>
}

/** What a channel knows beyond that. */
export type InboundFacts = {
  /** An auto-reply or a bounce: recorded, but it reopens nothing and asks for no answer. */
  isAutomatic?: boolean
  /** As it came; sanitised here. */
  contentHtml?: Optional<string>
  /** The customer's own unless given. */
  authorName?: Optional<string>
  authorEmail?: Optional<string>
  /** The message that it answers; left out if that is of another ticket. */
  inReplyToId?: Optional<string>
  /** False: it lands on whatever ticket the customer has on the channel, and is refused with LIMIT_EXCEEDED if there is none. */
  mayOpen?: boolean
}

export type Received = {
  message: Message
  /** The last event written; null when the message was here already. */
  eventId: string | null
}

/**
 * Takes in what a customer said: on the ticket that is named, else the customer's newest open one on the channel, else one
 * closed within the reopen window, else a new one. Idempotent by channel and external id, also concurrently.
 * To be run in a transaction that is retried (`transact`).
 */
export async function receive(
  tx: Db,
  viewer: Viewer,
  input: Inbound,
  now: Date,
  facts: InboundFacts = {},
): Promise<Received> {
  need(viewer, 'ticket:update_own')
  const { tenantId } = viewer
  const content = contentOf(input.content)
  const subject = input.subject?.trim() ? text(input.subject, { path: ['input', 'subject'], max: 300 }) : null
  const externalId = indexableId(text(input.externalId, { path: ['input', 'externalId'], max: 1_000 }))
  const { ticketId, customerId, channel } = input
  // Sent together: each is read after the one before it, and answered in one round trip.
  const before = receivedBefore(tx, viewer, channel, externalId)
  const config = configOf(tx, tenantId)
  // Of a closed one it is decided first whether the message belongs there at all.
  const taking = ticketId ? lockTickets(tx, tenantId, [ticketId].filter(isUuid), { isStanding: true }) : undefined
  for (const reading of [config, taking]) reading?.catch(() => {})
  const known = await before
  if (known) return { message: known, eventId: null }

  const { tenant } = await config
  const { isAutomatic = false, mayOpen = true } = facts
  const isQuiet = isAutomatic || !mayOpen
  const [taken] = (await taking) ?? []
  const asked = { tenant, now, ticketId, customerId, channel, isQuiet, ...(taken && { taken: taken.ticket }) }
  const place = await placeOf(tx, viewer, asked)
  if (!('ticketId' in place) && !mayOpen) refuse('LIMIT_EXCEEDED', 'It belongs to no ticket, and may open none.')
  const arrival: Arrival = { id: newId(), content, subject, channel, externalId, isAutomatic, facts, now }
  const arrived =
    'ticketId' in place ? await append(tx, viewer, place, arrival, taken) : await open(tx, viewer, place, arrival)
  await linkAttachments(tx, viewer, { ...arrived, ids: input.attachmentIds ?? [] })
  const message = arrived.message ?? (await tx.message.findFirstOrThrow({ where: { tenantId, id: arrived.messageId } }))
  return { message, eventId: arrived.eventId }
}

type Arrival = {
  id: string
  content: string
  subject: string | null
  channel: string
  externalId: string
  isAutomatic: boolean
  facts: InboundFacts
  now: Date
}
type Arrived = { messageId: string; ticketId: string; eventId: string | null; message?: Message | undefined }

/** The message of that external id, if it is here. Until the transaction ends nobody else takes it in. */
async function receivedBefore(tx: Db, viewer: Viewer, channel: string, externalId: string): Promise<Message | null> {
  const { tenantId } = viewer
  const key = JSON.stringify([tenantId, 'receive', channel, externalId])
  // Sent together; the second begins when the first has its lock, and sees what its former holder committed.
  const [, [found]] = await Promise.all([
    tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${key}, 0))`,
    tx.$queryRaw<{ id: string }[]>`
      SELECT id FROM message WHERE tenant_id = ${tenantId}::uuid AND channel = ${channel} AND external_id = ${externalId}`,
  ])
  if (!found) return null
  const message = await tx.message.findFirstOrThrow({ where: { tenantId, id: found.id } })
  if (message.fromAgent) refuse('CONFLICT', 'A message of ours has this external id.', ['input', 'externalId'])
  const where = { tenantId, id: message.ticketId }
  const ticket = await tx.ticket.findFirstOrThrow({ where, select: { assigneeId: true } })
  return maySee(viewer, ticket) ? message : refuse('NOT_FOUND', 'There is no such ticket.', ['input', 'ticketId'])
}

async function append(
  tx: Db,
  viewer: Viewer,
  place: Extract<Place, { ticketId: string }>,
  arrival: Arrival,
  taken: LockedTicket | undefined,
): Promise<Arrived> {
  const { tenantId } = viewer
  const id = place.ticketId
  const by = { tenantId, who: speaker(viewer, place), now: arrival.now }
  const call = { ...by, id, path: ['input', 'ticketId'], ...(taken && { locked: [taken] }) }
  let message: Message | undefined
  const { eventId } = await changeTicket(tx, call, async ({ ticket, customer, now }) => {
    // It was merged or handed over between the look and the lock.
    if (ticket.mergedIntoId !== null) throw new RetryTransaction('The ticket was just merged.')
    needHearing(viewer, ticket)
    // Erased between the look and the lock: what they say now is nobody's we know.
    if (customer.erasedAt !== null) refuse('CONFLICT', 'The customer was erased.', ['input', 'ticketId'])
    message = await writeMessage(tx, {
      ...(await ofArrival(tx, ticket, arrival)),
      tenantId,
      id: arrival.id,
      ticketId: id,
      fromAgent: false,
      authorName: nameOf(arrival.facts.authorName) ?? customer.name ?? 'Unknown',
      authorEmail: arrival.facts.authorEmail ?? customer.email,
      content: arrival.content,
      createdAt: now,
    })
    return receivedSteps(ticket, { messageId: arrival.id, now, isAutomatic: arrival.isAutomatic })
  })
  return { messageId: arrival.id, ticketId: id, eventId, message }
}

/** An automatic message that belongs nowhere opens a ticket like any other: who wrote it may be a person after all. */
async function open(
  tx: Db,
  viewer: Viewer,
  { customerId, followUpOf }: Extract<Place, { followUpOf: Ticket | null }>,
  arrival: Arrival,
): Promise<Arrived> {
  const { tenantId } = viewer
  const { content, channel, now } = arrival
  const subject = followUpOf ? followUpSubject(followUpOf.subject) : (arrival.subject ?? subjectOf(content))
  const opening = { customerId, subject, channel, initialMessage: content }
  const { ticket, eventId } = await createTicket(tx, viewer, opening, now)
  const first = await tx.message.findFirstOrThrow({ where: { tenantId, ticketId: ticket.id } })
  const { authorName, authorEmail } = arrival.facts
  await tx.message.updateMany({
    where: { tenantId, id: first.id },
    data: {
      ...(await ofArrival(tx, ticket, arrival)),
      ...(nameOf(authorName) && { authorName: nameOf(authorName) ?? '' }),
      ...(authorEmail && { authorEmail }),
    },
  })
  const arrived = { messageId: first.id, ticketId: ticket.id, eventId }
  return followUpOf ? { ...arrived, eventId: await linkFollowUp(tx, viewer, followUpOf, ticket, now) } : arrived
}

/** Columns that only what came through a channel has. */
async function ofArrival(tx: Db, ticket: Ticket, { channel, externalId, isAutomatic, facts }: Arrival) {
  const { contentHtml, inReplyToId } = facts
  const where = { tenantId: ticket.tenantId, ticketId: ticket.id, id: inReplyToId ?? '' }
  const answered = inReplyToId ? await tx.message.findFirst({ where, select: { id: true } }) : null
  return { channel, externalId, isAutomatic, contentHtml: sanitised(contentHtml), inReplyToId: answered?.id ?? null }
}

const nameOf = (name: Optional<string>): string | null =>
  name
    ?.replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 200)
    .toWellFormed() || null

/** Says on either ticket which is the other. Answers with the new one's event. */
async function linkFollowUp(tx: Db, viewer: Viewer, from: Ticket, to: Ticket, now: Date): Promise<string | null> {
  const call = { tenantId: viewer.tenantId, who: speaker(viewer, to), now }
  const link = (field: string, other: Ticket, reason: string) => [
    { type: 'TICKET_UPDATED' as const, changes: [{ field, from: null, to: other.id }], reason },
  ]
  await changeTicket(tx, { ...call, id: from.id }, () =>
    link('followedUpBy', to, `The customer wrote again: #${to.number} goes on.`),
  )
  const linked = await changeTicket(tx, { ...call, id: to.id }, () =>
    link('followUpOf', from, `Goes on where #${from.number} ended.`),
  )
  return linked.eventId
}

/** An agent who writes down a call is named; what a channel brings in is the customer's own doing. */
const speaker = (viewer: Viewer, { customerId }: { customerId: string }): Doer =>
  viewer.kind === 'agent' ? doerOf(viewer) : { actor: { kind: 'customer', id: customerId } }

/** What a customer said may also be written down on a ticket of nobody's. */
function needHearing(viewer: Viewer, ticket: Ticket): void {
  if (!maySee(viewer, ticket)) refuse('NOT_FOUND', 'There is no such ticket.', ['input', 'ticketId'])
  if (ticket.assigneeId !== null && !mayUpdate(viewer, ticket))
    refuse('FORBIDDEN', 'The ticket is not yours to change.', ['input', 'ticketId'])
}
