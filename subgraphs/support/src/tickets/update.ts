import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Ticket } from '../../generated/prisma/client.ts'
import { text } from '../common/text.ts'
import type { Db } from '../database.ts'
import { placedIn, queueOf } from '../queues/place.ts'
import type { TicketPriority } from '../scoring/score.ts'
import type { Changed } from './change.ts'
import type { Step, TicketPatch } from './steps.ts'
import { differing, editTicket } from './edit.ts'
import { resolutionsOf } from './resolution.ts'
import { expectRevision } from './revision.ts'
import { stateOf, statusSteps, type TicketStatus, type WaitingOn } from './status.ts'

type Optional<T> = T | null | undefined

export type TicketUpdate = {
  id: string
  subject?: Optional<string>
  priority?: Optional<TicketPriority>
  /** Null takes it from its queue. */
  queueId?: Optional<string>
  /** Null forgets it. */
  category?: Optional<string>
  expectedRevision?: Optional<string>
}

/** Changes what a ticket says of itself; what is so already makes no event. */
export async function updateTicket(tx: Db, viewer: Viewer, input: TicketUpdate, now: Date): Promise<Changed> {
  const { id, subject, priority, queueId, category, expectedRevision } = input
  const queue = queueId ? await queueOf(tx, viewer.tenantId, queueId, ['input', 'queueId']) : null
  const patch: TicketPatch = {
    ...(isGiven(subject) && { subject: text(subject, { path: ['input', 'subject'], max: 300 }) }),
    ...(isGiven(priority) && { priority }),
    ...(queueId !== undefined && placedIn(queue)),
    ...(category !== undefined && { category: category && text(category, { path: ['input', 'category'], max: 100 }) }),
  }
  return editTicket(tx, viewer, { id, now }, ({ ticket }) => {
    expectRevision(ticket, expectedRevision)
    return updateSteps(ticket, patch)
  })
}

const isGiven = <T>(value: Optional<T>): value is T => value !== null && value !== undefined

/** The steps of a change of plain fields: a change of priority is an event of its own. None for what is so already. Pure. */
export function updateSteps(ticket: Ticket, patch: TicketPatch): Step[] {
  // A queue that it is in already hands it to nobody.
  const { teamId, ...rest } = patch
  const { priority, ...plain } =
    differing(ticket, patch.queueId === ticket.queueId ? rest : { ...rest, ...(teamId !== undefined && { teamId }) }) ??
    {}
  const steps: Step[] = []
  if (Object.keys(plain).length > 0) steps.push({ type: 'TICKET_UPDATED', set: plain })
  if (priority !== undefined) steps.push({ type: 'PRIORITY_CHANGED', set: { priority } })
  return steps
}

export type StatusInput = {
  id: string
  status: TicketStatus
  waitingOn?: Optional<WaitingOn>
  expectedRevision?: Optional<string>
}

/** Moves a ticket to another state. Closing says how it was solved, by what the team said last, unless something says so already. */
export async function setTicketStatus(tx: Db, viewer: Viewer, input: StatusInput, now: Date): Promise<Changed> {
  const { id, expectedRevision } = input
  const to = stateOf(input)
  return editTicket(tx, viewer, { id, now }, async ({ ticket, now: at }) => {
    expectRevision(ticket, expectedRevision)
    if (to.status !== 'CLOSED') return statusSteps(ticket, to, at)
    const resolutions = await resolutionsOf(tx, viewer.tenantId, [ticket.id])
    return statusSteps(ticket, { ...to, resolution: resolutions.get(ticket.id) ?? null }, at)
  })
}
