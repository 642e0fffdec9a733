import { newId } from '@quimbi/database/ids.ts'
import { refuse } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Ticket } from '../../generated/prisma/client.ts'
import { text } from '../common/text.ts'
import type { Db } from '../database.ts'
import { needDemoMode } from '../demo/needs.ts'
import { configOf } from '../tenants/config.ts'
import { doerOf } from '../log/actors.ts'
import { changeTicket, changeTickets, type Changed } from './change.ts'
import { openedFact, type Step } from './steps.ts'
import { lockTickets, type LockedTicket } from './change-store.ts'
import { needStanding, needToChange } from './edit.ts'
import { leftFacts, movedFacts } from './moved-facts.ts'
import { takeNumbers } from './numbers.ts'
import { waitingSinceOf } from './waiting.ts'

export type SplitInput = { id: string; messageIds: readonly string[]; subject: string }

/** At most so many messages at once. */
const most = 500
const atMessages = ['input', 'messageIds']

/** Moves messages, not all, to a new ticket of the same customer, and answers with that. */
export async function splitTicket(tx: Db, viewer: Viewer, input: SplitInput, now: Date): Promise<Changed> {
  const { tenantId } = viewer
  const subject = text(input.subject, { path: ['input', 'subject'], max: 300 })
  const source = await lockSource(tx, viewer, input.id)
  const messageIds = await movable(tx, source.ticket, input.messageIds)
  const ticket = await openLike(tx, source.ticket, subject, now)
  const where = { tenantId, ticketId: source.ticket.id, id: { in: [...messageIds] } }
  await tx.message.updateMany({ where, data: { ticketId: ticket.id } })
  const waiting = await waitingSinceOf(tx, tenantId, [source.ticket.id, ticket.id])
  const call = { tenantId, who: doerOf(viewer), now }
  const about = { messageIds: [...messageIds] }
  await changeTickets(tx, { ...call, ids: [source.ticket.id] }, ({ ticket: left }) => [
    {
      type: 'SPLIT',
      set: {
        revision: left.revision + 1,
        waitingSince: left.status === 'CLOSED' ? null : (waiting.get(left.id) ?? null),
      },
      facts: leftFacts(source.sla.history, now, messageIds),
      data: { intoId: ticket.id, intoNumber: ticket.number, ...about },
    },
  ])
  return changeTicket(tx, { ...call, id: ticket.id }, (scene) => [
    { type: 'TICKET_CREATED', facts: [openedFact(scene)] },
    {
      type: 'SPLIT',
      set: { revision: 1, waitingSince: waiting.get(ticket.id) ?? null },
      facts: movedFacts(source.sla.history, now, messageIds),
      data: { fromId: source.ticket.id, fromNumber: source.ticket.number, ...about },
    },
    ...assignedLike(source.ticket),
  ])
}

/** Whoever has the one has the other. */
function assignedLike({ assigneeId, number }: Ticket): Step[] {
  if (assigneeId === null) return []
  const assignment = { strategy: 'SPLIT', explanation: `Has #${number}, which it was part of.` }
  return [{ type: 'ASSIGNED', set: { assigneeId }, assignment }]
}

async function lockSource(tx: Db, viewer: Viewer, id: string): Promise<LockedTicket> {
  const path = ['input', 'id']
  const [source] = await lockTickets(tx, viewer.tenantId, [id].filter(isUuid))
  if (!source) return refuse('NOT_FOUND', 'There is no such ticket.', path)
  needToChange(viewer, source.ticket, path)
  needStanding(source.ticket, path)
  if (source.ticket.isDemo) needDemoMode((await configOf(tx, viewer.tenantId, source.configVersion)).tenant, path)
  return source
}

/** The messages named: all of that ticket, and not all that it has. */
async function movable(tx: Db, { tenantId, id: ticketId }: Ticket, given: readonly string[]): Promise<Set<string>> {
  const ids = new Set(given.map((id) => id.toLowerCase()))
  if (ids.size === 0) refuse('REQUIRED', 'Name the messages to move.', atMessages)
  if (ids.size > most) refuse('LIMIT_EXCEEDED', `At most ${most} messages at once.`, atMessages)
  const found = await tx.message.count({ where: { tenantId, ticketId, id: { in: [...ids].filter(isUuid) } } })
  if (found !== ids.size) refuse('NOT_FOUND', 'Not all of these are messages of that ticket.', atMessages)
  const stays = await tx.message.findFirst({ where: { tenantId, ticketId, id: { notIn: [...ids] } } })
  if (!stays) refuse('INVALID', 'At least one message stays.', atMessages)
  return ids
}

async function openLike(tx: Db, source: Ticket, subject: string, now: Date): Promise<Ticket> {
  const { tenantId, priority, channel, customerId, queueId, teamId, tags, category, isDemo } = source
  const like = { tenantId, priority, channel, customerId, queueId, teamId, tags, category, isDemo }
  const number = await takeNumbers(tx, tenantId, 1)
  const times = { stateSince: now, createdAt: now, updatedAt: now }
  const tagOrigins = source.tagOrigins as object
  return tx.ticket.create({ data: { ...like, ...times, id: newId(), number, subject, tagOrigins, rank: 0 } })
}
