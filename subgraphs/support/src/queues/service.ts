import { newId } from '@quimbi/database/ids.ts'
import { violatedUnique } from '@quimbi/database/outcomes.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import { encodeCursor } from '@quimbi/service/cursors.ts'
import { refuse } from '@quimbi/service/errors.ts'
import { differences } from '@quimbi/service/field-changes.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import { connection, pageSize, type PageRequest } from '@quimbi/service/pagination.ts'
import { placeOf } from '@quimbi/service/places.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Queue } from '../../generated/prisma/client.ts'
import { need, needToRead } from '../agents/permissions.ts'
import { recordAudit } from '../audit/record.ts'
import { labels, text } from '../common/text.ts'
import type { Db } from '../database.ts'
import { doerOf } from '../log/actors.ts'
import { changeTickets } from '../tickets/change.ts'
import { countTickets, type TicketPage } from '../tickets/service.ts'
import type { ReturnTo } from '../tickets/timers.ts'
import { visibleTickets } from '../tickets/visibility.ts'
import { ensureQueues, seedQueues } from './defaults.ts'
import { placedIn, queueOf } from './place.ts'

type Optional<T> = T | null | undefined

/** The tenant's queues in their order. */
export async function listQueues({ db, transact, viewer, clock }: Reader): Promise<Queue[]> {
  needToRead(viewer, 'ticket:read_own')
  const { tenantId } = viewer
  const read = (from: Db) =>
    from.queue.findMany({ where: { tenantId }, orderBy: [{ priorityOrder: 'asc' }, { name: 'asc' }] })
  const queues = await read(db)
  if (queues.length > 0) return queues
  return transact(async (tx) => {
    await seedQueues(tx, tenantId, clock.now())
    return read(tx)
  })
}

type Reader = { db: Db; transact: <T>(run: (tx: Db) => Promise<T>) => Promise<T>; viewer: Viewer; clock: Clock }

/** A queue's OPEN tickets, best first. */
export async function ticketsInQueue(db: Db, viewer: Viewer, queue: Queue, page: PageRequest): Promise<TicketPage> {
  const size = pageSize(page.first, { default: 50 })
  const where = { tenantId: viewer.tenantId, queueId: queue.id, status: 'OPEN', AND: [visibleTickets(viewer)] }
  const from = placeOf(page.after, 'number')
  const rows = await db.ticket.findMany({
    where: from
      ? { AND: [where, { rank: { lte: from[0] } }, { OR: [{ rank: { lt: from[0] } }, { id: { gt: from[1] } }] }] }
      : where,
    orderBy: [{ rank: 'desc' }, { id: 'asc' }],
    take: size + 1,
  })
  const cursorOf = ({ rank, id }: (typeof rows)[number]) => encodeCursor([rank, id])
  return { ...connection(rows, size, cursorOf, page), countAll: () => countTickets(db, where) }
}

export type QueueInput = {
  id?: Optional<string>
  name: string
  description?: Optional<string>
  priorityOrder: number
  teamId?: Optional<string>
  skills?: Optional<readonly string[]>
}

const fields = ['name', 'description', 'priorityOrder', 'teamId', 'skills'] as const

/** Adds a queue, or replaces one: what is not given is not kept. */
export async function saveQueue(tx: Db, viewer: Viewer, input: QueueInput, now: Date): Promise<Queue> {
  need(viewer, 'config:write')
  const { tenantId } = viewer
  await ensureQueues(tx, tenantId, now)
  const known = input.id ? await queueOf(tx, tenantId, input.id, ['input', 'id']) : null
  const data = await checked(tx, tenantId, input)
  const id = known?.id ?? newId()
  const write = known
    ? tx.queue.updateMany({ where: { tenantId, id }, data })
    : tx.queue.create({ data: { tenantId, id, ...data, createdAt: now } })
  await write.catch((error: unknown) => {
    if (violatedUnique(error)?.includes('name')) nameTaken()
    throw error
  })
  const action = known ? 'queue.updated' : 'queue.created'
  const changes = differences<Queue>(known ?? {}, data, fields)
  await recordAudit(tx, { tenantId, who: doerOf(viewer), now, action, subjectType: 'queue', subjectId: id, changes })
  return tx.queue.findFirstOrThrow({ where: { tenantId, id } })
}

const nameTaken = () => refuse('ALREADY_EXISTS', 'There is a queue of this name.', ['input', 'name'])

async function checked(tx: Db, tenantId: string, input: QueueInput) {
  const { description, priorityOrder, teamId } = input
  const order = ['input', 'priorityOrder']
  if (priorityOrder < 0 || priorityOrder > 1_000_000) refuse('INVALID', 'priorityOrder is 0 to 1,000,000.', order)
  const team = teamId
    ? isUuid(teamId) && (await tx.team.findFirst({ where: { tenantId, id: teamId }, select: { id: true } }))
    : null
  if (team === false || (teamId && !team)) refuse('NOT_FOUND', 'There is no such team.', ['input', 'teamId'])
  return {
    name: text(input.name, { path: ['input', 'name'], max: 100 }),
    description: description ? text(description, { path: ['input', 'description'], max: 1_000 }) : null,
    priorityOrder,
    teamId: team ? team.id : null,
    skills: labels(input.skills, ['input', 'skills']),
  }
}

export type QueueDeletion = { id: string; moveTicketsTo?: Optional<string> }

/** Removes a queue. CONFLICT of the last one, and of one with tickets that are not closed unless they are told where to go. */
export async function deleteQueue(tx: Db, viewer: Viewer, input: QueueDeletion, now: Date) {
  need(viewer, 'config:write')
  const { tenantId } = viewer
  const queue = await queueOf(tx, tenantId, input.id, ['input', 'id'])
  const target = input.moveTicketsTo
    ? await queueOf(tx, tenantId, input.moveTicketsTo, ['input', 'moveTicketsTo'])
    : null
  if (target?.id === queue.id) refuse('INVALID', 'That is the queue to delete.', ['input', 'moveTicketsTo'])
  await needAnother(tx, tenantId, queue.id)
  const where = { tenantId, queueId: queue.id }
  const open = await tx.ticket.findMany({ where: { ...where, status: { not: 'CLOSED' } }, select: { id: true } })
  if (open.length > 0 && !target)
    refuse('CONFLICT', `${open.length} tickets wait in it: say where they go.`, ['input', 'moveTicketsTo'])
  const call = { tenantId, who: doerOf(viewer), now }
  const eventId = await moveOpen(tx, call, { open, from: queue.id, target })
  await forgetReturns(tx, call, queue.id, target?.id ?? null)
  // Nothing waits there any more: what is over needs no event, and may be a great many.
  await tx.ticket.updateMany({ where, data: { queueId: target?.id ?? null } })
  await tx.queue.deleteMany({ where: { tenantId, id: queue.id } })
  const changes = [
    ...differences<Queue>(queue, {}, fields),
    { field: 'moveTicketsTo', from: null, to: target?.id ?? null },
  ]
  await recordAudit(tx, { ...call, action: 'queue.deleted', subjectType: 'queue', subjectId: queue.id, changes })
  return { deletedId: queue.id, eventId }
}

/** Locks the tenant's queues, so that two deletions cannot take the last two at once. */
async function needAnother(tx: Db, tenantId: string, id: string): Promise<void> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM queue WHERE tenant_id = ${tenantId}::uuid ORDER BY id FOR UPDATE`
  if (!rows.some((row) => row.id === id)) refuse('NOT_FOUND', 'There is no such queue.', ['input', 'id'])
  if (rows.length < 2) refuse('CONFLICT', 'The last queue stays.', ['input', 'id'])
}

type Call = { tenantId: string; who: ReturnType<typeof doerOf>; now: Date }

type Move = { open: { id: string }[]; from: string; target: Queue | null }

async function moveOpen(tx: Db, call: Call, { open, from, target }: Move): Promise<string | null> {
  let last: string | null = null
  for (let at = 0; at < open.length; at += 500) {
    const ids = open.slice(at, at + 500).map(({ id }) => id)
    const set = placedIn(target)
    const reason = 'Its queue was deleted.'
    // Somebody may have taken it from the queue, or closed it, since it was looked for.
    const changed = await changeTickets(tx, { ...call, ids }, ({ ticket: { queueId, status } }) =>
      queueId === from && status !== 'CLOSED' ? [{ type: 'TICKET_UPDATED', set, reason }] : [],
    )
    last = changed.at(-1)?.eventId ?? last
  }
  return last
}

/** Transfers that would come back to the queue come back to the other one, or to none. */
async function forgetReturns(tx: Db, call: Call, queueId: string, targetId: string | null): Promise<void> {
  // Tickets with a timer are few, and have an index.
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM ticket WHERE tenant_id = ${call.tenantId}::uuid AND next_timer_at IS NOT NULL AND return_at IS NOT NULL
      AND return_to ->> 'queueId' = ${queueId}`
  const ids = rows.map(({ id }) => id)
  await changeTickets(tx, { ...call, ids }, ({ ticket }) => {
    const before = ticket.returnTo as ReturnTo | null
    if (before?.queueId !== queueId) return []
    const returnTo: ReturnTo = { ...before, queueId: targetId }
    return [{ type: 'TICKET_UPDATED', set: { returnTo }, reason: 'The queue that it would come back to was deleted.' }]
  })
}
