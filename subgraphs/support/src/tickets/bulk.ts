import { refuse, userErrorsOf, type UserError } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Ticket } from '../../generated/prisma/client.ts'
import { findAssignable } from '../agents/find.ts'
import { need } from '../agents/permissions.ts'
import { labels } from '../common/text.ts'
import type { Db } from '../database.ts'
import { doerOf, type ActorRef } from '../log/actors.ts'
import { placedIn, queueOf } from '../queues/place.ts'
import type { TicketPriority } from '../scoring/score.ts'
import { changeTickets } from './change.ts'
import { nowOn, type Step, type TicketPatch } from './steps.ts'
import { lockTickets } from './change-store.ts'
import { needToChange } from './edit.ts'
import { resolutionsOf } from './resolution.ts'
import { statusSteps, type State, type TicketStatus } from './status.ts'
import { tagSteps, untagSteps } from './tags.ts'
import { updateSteps } from './update.ts'

type Optional<T> = T | null | undefined

export type BulkInput = {
  ids: readonly string[]
  errorPolicy?: Optional<'REJECT_ALL' | 'SKIP_FAILED'>
  /** PENDING waits for the customer. */
  status?: Optional<TicketStatus>
  priority?: Optional<TicketPriority>
  /** Null takes them from everybody. */
  assigneeId?: Optional<string>
  /** Null takes them from their queues. */
  queueId?: Optional<string>
  addTags?: Optional<readonly string[]>
  removeTags?: Optional<readonly string[]>
}

export type BulkResult = { id: string; ticket: Ticket | null; userErrors: UserError[] }
export type BulkOutcome = { results: BulkResult[]; updatedCount: number; userErrors: UserError[] }

const most = 100

/** Changes tickets alike, each as far as its caller may; the same id twice is one ticket with two results. */
export async function bulkUpdateTickets(tx: Db, viewer: Viewer, input: BulkInput, now: Date): Promise<BulkOutcome> {
  const { ids, errorPolicy } = input
  if (ids.length === 0) refuse('REQUIRED', 'Name the tickets to change.', ['input', 'ids'])
  if (ids.length > most) refuse('LIMIT_EXCEEDED', `At most ${most} tickets at once.`, ['input', 'ids'])
  const { tenantId } = viewer
  const wanted = await prepare(tx, viewer, input, now)
  const locked = await lockTickets(tx, tenantId, ids.filter(isUuid))
  if (wanted.assigneeId) await findAssignable(tx, tenantId, wanted.assigneeId, ['input', 'assigneeId'])
  const tickets = new Map(locked.map(({ ticket }) => [ticket.id, ticket]))
  const rows = ids.map((id, index) =>
    decide(viewer, tickets.get(id.toLowerCase()), wanted, ['input', 'ids', `${index}`]),
  )
  const refused = rows.flatMap(({ userErrors }) => userErrors)
  if (refused.length > 0 && errorPolicy !== 'SKIP_FAILED') return rejected(ids, rows, refused)

  const steps = new Map(rows.flatMap(({ ticket, steps }) => (ticket ? [[ticket.id, steps] as const] : [])))
  const call = { tenantId, who: doerOf(viewer), now, ids: [...steps.keys()] }
  const changed = await changeTickets(tx, call, ({ ticket }) => steps.get(ticket.id) ?? [])
  const after = new Map(changed.map(({ ticket }) => [ticket.id, ticket]))
  return {
    results: rows.map(({ ticket, userErrors }, index) => ({
      id: ids[index] ?? '',
      ticket: (ticket && after.get(ticket.id)) ?? null,
      userErrors,
    })),
    updatedCount: changed.filter(({ eventId }) => eventId !== null).length,
    userErrors: [],
  }
}

type Wanted = {
  by: ActorRef
  now: Date
  state: State | null
  resolutions: ReadonlyMap<string, string>
  plain: TicketPatch
  /** Undefined leaves it. */
  assigneeId: string | null | undefined
  addTags: string[]
  removeTags: string[]
}

/** Checks what is the same for every ticket. */
async function prepare(tx: Db, viewer: Viewer, input: BulkInput, now: Date): Promise<Wanted> {
  const { tenantId } = viewer
  const { ids, status, priority, queueId, assigneeId } = input
  if (assigneeId !== undefined) need(viewer, 'ticket:assign')
  const queue = queueId ? await queueOf(tx, tenantId, queueId, ['input', 'queueId']) : null
  return {
    by: doerOf(viewer).actor,
    now,
    state: status ? (status === 'PENDING' ? { status, waitingOn: 'CUSTOMER' } : { status }) : null,
    resolutions: status === 'CLOSED' ? await resolutionsOf(tx, tenantId, ids.filter(isUuid)) : new Map(),
    plain: { ...(priority && { priority }), ...(queueId !== undefined && placedIn(queue)) },
    assigneeId: assigneeId?.toLowerCase() ?? assigneeId,
    addTags: labels(input.addTags, ['input', 'addTags']),
    removeTags: labels(input.removeTags, ['input', 'removeTags']),
  }
}

type Row = { ticket: Ticket | null; steps: Step[]; userErrors: UserError[] }

/** What happens to one ticket, or why nothing may. */
function decide(viewer: Viewer, ticket: Ticket | undefined, wanted: Wanted, path: string[]): Row {
  try {
    if (!ticket) return refuse('NOT_FOUND', 'There is no such ticket.', path)
    needToChange(viewer, ticket, path)
    return { ticket, steps: stepsOf(ticket, wanted, path), userErrors: [] }
  } catch (error) {
    return { ticket: null, steps: [], userErrors: userErrorsOf(error) }
  }
}

function stepsOf(ticket: Ticket, wanted: Wanted, path: string[]): Step[] {
  const { by, now, state, resolutions, plain, assigneeId, addTags, removeTags } = wanted
  const to = state?.status === 'CLOSED' ? { ...state, resolution: resolutions.get(ticket.id) ?? null } : state
  const untagged = untagSteps(ticket, removeTags)
  const tagged = tagSteps({ ...ticket, ...untagged[0]?.set }, addTags, { by, confidence: null }, path)
  return [
    ...updateSteps(ticket, plain),
    ...(assigneeId === undefined ? [] : assignSteps(ticket, assigneeId)),
    ...untagged,
    ...tagged,
    ...(to ? statusSteps(ticket, to, nowOn(ticket, now), { path }) : []),
  ]
}

function assignSteps(ticket: Ticket, assigneeId: string | null): Step[] {
  if (ticket.assigneeId === assigneeId) return []
  if (assigneeId === null) return [{ type: 'UNASSIGNED', set: { assigneeId } }]
  const assignment = { strategy: 'MANUAL', explanation: 'Assigned by hand, with others.' }
  return [{ type: 'ASSIGNED', set: { assigneeId }, assignment }]
}

const notDone: UserError = { code: 'CONFLICT', message: 'Not done: another ticket was refused.', path: null }

const rejected = (ids: readonly string[], rows: readonly Row[], userErrors: UserError[]): BulkOutcome => ({
  results: rows.map((row, index) => ({
    id: ids[index] ?? '',
    ticket: null,
    userErrors: row.userErrors.length > 0 ? row.userErrors : [{ ...notDone, path: ['input', 'ids', `${index}`] }],
  })),
  updatedCount: 0,
  userErrors,
})

/** The answer also where the input as a whole is refused. */
export async function bulkPayload(run: () => Promise<BulkOutcome>): Promise<BulkOutcome> {
  try {
    return await run()
  } catch (error) {
    return { results: [], updatedCount: 0, userErrors: userErrorsOf(error) }
  }
}
