import { refuse } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Ticket } from '../../generated/prisma/client.ts'
import type { Db } from '../database.ts'
import { doerOf } from '../log/actors.ts'
import { changeTickets, type Changed } from './change.ts'
import type { Step, TicketPatch } from './steps.ts'
import { lockTickets, type LockedTicket } from './change-store.ts'
import { needToChange } from './edit.ts'
import { movedFacts } from './moved-facts.ts'
import { statusSteps, transition } from './status.ts'
import type { TagOrigin } from './tags.ts'
import { waitingSinceOf } from './waiting.ts'

export type MergeInput = { fromId: string; intoId: string }

const atFrom = ['input', 'fromId']
const atInto = ['input', 'intoId']

/**
 * Makes one ticket part of another of the same customer: its messages and notes move there, it is closed and points there,
 * and so do those that were part of it. Answers with the ticket that goes on.
 */
export async function mergeTickets(
  tx: Db,
  viewer: Viewer,
  { fromId, intoId }: MergeInput,
  now: Date,
): Promise<Changed> {
  const { tenantId } = viewer
  if (fromId.toLowerCase() === intoId.toLowerCase()) refuse('INVALID', 'A ticket cannot become part of itself.', atInto)
  const { from, into } = await lockBoth(tx, viewer, { fromId, intoId })
  const where = { tenantId, mergedIntoId: from.ticket.id }
  const parts = await tx.ticket.findMany({ where, select: { id: true } })
  await moveConversation(tx, from.ticket, into.ticket)
  const waiting = await waitingSinceOf(tx, tenantId, [into.ticket.id])
  const waitingSince = waiting.get(into.ticket.id) ?? null
  const ids = [from.ticket.id, into.ticket.id, ...parts.map(({ id }) => id)]
  const changed = await changeTickets(tx, { tenantId, who: doerOf(viewer), now, ids }, ({ ticket, now: at }) => {
    if (ticket.id === from.ticket.id) return endingSteps(ticket, into.ticket, at)
    if (ticket.id === into.ticket.id) return goingOnSteps(ticket, from, waitingSince, at)
    return [{ type: 'MERGED', set: { mergedIntoId: into.ticket.id }, data: partOf(into.ticket) }]
  })
  return changed.find(({ ticket }) => ticket.id === into.ticket.id) as Changed
}

async function lockBoth(tx: Db, viewer: Viewer, { fromId, intoId }: MergeInput) {
  const locked = await lockTickets(tx, viewer.tenantId, [fromId, intoId].filter(isUuid))
  const find = (id: string, path: string[]): LockedTicket => {
    const found = locked.find(({ ticket }) => ticket.id === id.toLowerCase())
    if (!found) return refuse('NOT_FOUND', 'There is no such ticket.', path)
    needToChange(viewer, found.ticket, path)
    return found
  }
  const [from, into] = [find(fromId, atFrom), find(intoId, atInto)]
  if (from.ticket.mergedIntoId !== null) refuse('CONFLICT', 'It became part of another ticket already.', atFrom)
  if (into.ticket.mergedIntoId !== null)
    refuse('CONFLICT', 'That ticket became part of another: merge into the one that goes on.', atInto)
  if (from.ticket.customerId !== into.ticket.customerId)
    refuse('CONFLICT', 'The tickets belong to two customers.', atInto)
  if (from.ticket.isDemo !== into.ticket.isDemo) refuse('CONFLICT', 'One of the tickets is only for the demo.', atInto)
  return { from, into }
}

async function moveConversation(tx: Db, from: Ticket, into: Ticket): Promise<void> {
  const where = { tenantId: from.tenantId, ticketId: from.id }
  // A message without a channel has its ticket's.
  if (from.channel !== into.channel)
    await tx.message.updateMany({ where: { ...where, channel: null }, data: { channel: from.channel } })
  await tx.message.updateMany({ where, data: { ticketId: into.id } })
  await tx.note.updateMany({ where, data: { ticketId: into.id } })
}

const partOf = (into: Ticket) => ({ intoId: into.id, intoNumber: into.number })

function endingSteps(ticket: Ticket, into: Ticket, now: Date): Step[] {
  const closing = transition(ticket, { status: 'CLOSED', resolution: `Became part of #${into.number}.` }, now)
  const set: TicketPatch = {
    ...closing,
    mergedIntoId: into.id,
    revision: ticket.revision + 1,
    waitingSince: null,
    followUpAt: null,
    followUpNote: null,
  }
  return [{ type: 'MERGED', set, data: partOf(into) }]
}

function goingOnSteps(ticket: Ticket, from: LockedTicket, waitingSince: Date | null, now: Date): Step[] {
  const other = from.ticket
  const tags = [...new Set([...ticket.tags, ...other.tags])]
  // A matter that is open must not disappear in one that is not.
  const wakes = other.status === 'OPEN' || (other.status === 'PENDING' && ticket.status === 'CLOSED')
  const waking = wakes
    ? statusSteps(ticket, { status: 'OPEN' }, now, { reason: 'An open ticket became part of it.' })
    : []
  const isClosed = ticket.status === 'CLOSED' && waking.length === 0
  const set: TicketPatch = {
    tags,
    tagOrigins: {
      ...(other.tagOrigins as Record<string, TagOrigin>),
      ...(ticket.tagOrigins as Record<string, TagOrigin>),
    },
    orderNumbers: [...new Set([...ticket.orderNumbers, ...other.orderNumbers])],
    revision: ticket.revision + 1,
    waitingSince: isClosed ? null : waitingSince,
    ...(ticket.escalation === null && other.escalation !== null && { escalation: other.escalation }),
    ...(ticket.followUpAt === null && { followUpAt: other.followUpAt, followUpNote: other.followUpNote }),
  }
  const data = { fromId: other.id, fromNumber: other.number }
  return [...waking, { type: 'MERGED', set, facts: movedFacts(from.sla.history, ticket.createdAt), data }]
}
