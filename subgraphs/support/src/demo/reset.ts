import { refuse } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Ticket } from '../../generated/prisma/client.ts'
import type { Db } from '../database.ts'
import { doerOf } from '../log/actors.ts'
import type { SlaFact } from '../sla/clock.ts'
import { configOf } from '../tenants/config.ts'
import { changeTicket, type Changed } from '../tickets/change.ts'
import type { TicketPatch } from '../tickets/steps.ts'
import { lockTickets } from '../tickets/change-store.ts'
import { needToChange } from '../tickets/edit.ts'
import type { TagOrigin } from '../tickets/tags.ts'
import { waitingSinceOf } from '../tickets/waiting.ts'
import { addedSince, firstContents, firstState, type Past } from './first-state.ts'
import { needDemoMode, needDemoTicket } from './needs.ts'

const path = ['input', 'ticketId']

/**
 * Puts a demo ticket back to where it began, by its history: what was said, noted and decided since goes, its fields become what they were, and
 * its clocks begin again. The history itself stays, and tells of it. INVALID on a real ticket and while the demo mode is off, CONFLICT on a merged one.
 */
export async function resetDemoConversation(
  tx: Db,
  viewer: Viewer,
  { ticketId }: { ticketId: string },
  now: Date,
): Promise<Changed> {
  const { tenantId } = viewer
  const [locked] = await lockTickets(tx, tenantId, [ticketId].filter(isUuid))
  if (!locked) return refuse('NOT_FOUND', 'There is no such ticket.', path)
  const { ticket, sla, configVersion } = locked
  needToChange(viewer, ticket, path)
  needDemoTicket(ticket, path)
  needDemoMode((await configOf(tx, tenantId, configVersion)).tenant, path)
  if (ticket.mergedIntoId !== null) refuse('CONFLICT', 'The ticket became part of another.', path)
  const past = await historyOf(tx, tenantId, ticket.id)
  await removeSince(tx, ticket, past)
  const gone = new Set(addedSince(past).messageIds)
  const facts = sla.history.filter((fact) => isFirst(fact, gone))
  const set = await patchOf(tx, ticket, past, now)
  const call = { tenantId, who: doerOf(viewer), now, id: ticket.id, path }
  return changeTicket(tx, call, () => [{ type: 'DEMO_RESET', set, facts }])
}

const isFirst = (fact: SlaFact, gone: ReadonlySet<string>): boolean =>
  fact.kind === 'opened' ||
  ((fact.kind === 'customer_message' || fact.kind === 'agent_message') && !gone.has(fact.messageId))

/** What happened to the ticket so far, also what is not in the log yet. */
const historyOf = (tx: Db, tenantId: string, ticketId: string): Promise<Past[]> =>
  tx.$queryRaw<Past[]>`
    SELECT type, payload FROM (
      SELECT 0 AS part, sequence AS place, type, payload FROM event_log WHERE tenant_id = ${tenantId}::uuid AND ticket_id = ${ticketId}::uuid
      UNION ALL SELECT 1, id, type, payload FROM outbox WHERE tenant_id = ${tenantId}::uuid AND ticket_id = ${ticketId}::uuid
    ) AS past WHERE jsonb_typeof(payload) = 'object' ORDER BY part, place`

async function removeSince(tx: Db, { tenantId, id: ticketId }: Ticket, past: readonly Past[]): Promise<void> {
  const where = { tenantId, ticketId }
  const { messageIds, noteIds } = addedSince(past)
  await tx.message.deleteMany({ where: { ...where, id: { in: messageIds } } })
  await tx.note.deleteMany({ where: { ...where, id: { in: noteIds } } })
  for (const [id, content] of firstContents(past))
    await tx.message.updateMany({ where: { ...where, id, deletedAt: null }, data: { content, editedAt: null } })
  await tx.decision.deleteMany({ where })
  await tx.actionItem.deleteMany({ where })
  await tx.satisfaction.deleteMany({ where })
  await tx.notification.deleteMany({ where })
  // The clocks are computed anew from the facts that are left.
  await tx.ticketSla.deleteMany({ where })
}

async function patchOf(tx: Db, ticket: Ticket, past: readonly Past[], now: Date): Promise<TicketPatch> {
  const { tenantId, id } = ticket
  const first = await withWhoIsThere(tx, tenantId, firstState(past))
  const { status, tags } = { ...ticket, ...first }
  const replied = await tx.message.findFirst({
    where: { tenantId, ticketId: id, fromAgent: true, isAutomatic: false, deletedAt: null },
    orderBy: { createdAt: 'asc' },
    select: { createdAt: true },
  })
  const isClosed = status === 'CLOSED'
  const origins = Object.entries(ticket.tagOrigins as Record<string, TagOrigin>)
  return {
    ...first,
    tagOrigins: Object.fromEntries(origins.filter(([tag]) => tags.includes(tag))),
    stateSince: now,
    closedAt: isClosed ? (first.closedAt ?? ticket.closedAt ?? now) : null,
    resolution: isClosed ? ticket.resolution : null,
    waitingSince: isClosed ? null : ((await waitingSinceOf(tx, tenantId, [id])).get(id) ?? null),
    firstRepliedAt: replied?.createdAt ?? null,
    reopenCount: 0,
    revision: ticket.revision + 1,
  }
}

/** A colleague who left, a team or a queue that is no more, cannot have the ticket again. */
async function withWhoIsThere(tx: Db, tenantId: string, first: TicketPatch): Promise<TicketPatch> {
  const { assigneeId, teamId, queueId } = first
  const agent = assigneeId && (await tx.agent.findFirst({ where: { tenantId, id: assigneeId, isActive: true } }))
  const team = teamId && (await tx.team.findFirst({ where: { tenantId, id: teamId } }))
  const queue = queueId && (await tx.queue.findFirst({ where: { tenantId, id: queueId } }))
  return {
    ...first,
    ...(assigneeId && !agent && { assigneeId: null }),
    ...(teamId && !team && { teamId: null }),
    ...(queueId && !queue && { queueId: null }),
  }
}
