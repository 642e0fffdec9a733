import { defineJob, enqueue, type Job, type JobHelpers } from '@quimbi/database/jobs.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import { z } from 'zod'
import type { Db, SupportDatabase } from '../database.ts'
import { undoneOn } from '../decisions/undone.ts'
import { wantDraft } from '../drafts/draft-job.ts'
import { systemActor, type Doer } from '../log/actors.ts'
import { changeTickets } from '../tickets/change.ts'
import { configOf } from '../tenants/config.ts'
import type { Occasion } from './engine.ts'
import type { Held } from './held.ts'
import { orderNumbersIn } from './order-numbers.ts'
import { turnsOf } from '../context/gather.ts'
import { triageSchema, triageSteps, type Triage, type TriageSource } from './triage.ts'

/** What is done before the rules, and whether it may change the ticket. */
export type Arrival = { changesTicket: boolean; run(tx: Db, held: Held): Promise<void> }

/** What is done with a customer's message: it is sent to be read, or its order numbers are taken from it here. Null: nothing. */
export type Arrivals = (occasion: Occasion, content: string) => Arrival | null

const request = {
  name: 'support.triage',
  schema: z.object({ tenantId: z.uuid(), ticketId: z.uuid(), messageId: z.uuid(), eventId: z.uuid() }),
}
type Request = z.infer<typeof request.schema>

/** Who reads messages and who drafts replies, as far as anybody does. */
export type Readers = { triage?: TriageSource | undefined; drafts?: unknown }

/**
 * With a source, asks for triage in the transaction that reads the event; without one, looks for order numbers. A draft is prepared once the message
 * was read, and again once the ticket is somebody's, who signs it.
 */
export const arrivals =
  ({ triage, drafts }: Readers): Arrivals =>
  ({ tenantId, happening, now, config: { tenant } }, content) => {
    const { type, ticketId, eventId, payload } = happening
    const draft = async (tx: Db) => (drafts && tenant.aiDrafts ? wantDraft(tx, { tenantId, ticketId }) : undefined)
    if (type === 'ASSIGNED') return { changesTicket: false, run: draft }
    if (type !== 'MESSAGE_RECEIVED' || !payload.messageId || payload.data?.['isAutomatic'] === true) return null
    const asked = { tenantId, ticketId, messageId: payload.messageId, eventId }
    if (triage && tenant.autoTriage) {
      const read = (tx: Db) => enqueue(tx, { ...request, run: async () => {} }, asked, { key: asked.messageId })
      return { changesTicket: false, run: read }
    }
    const found = orderNumbersIn(content)
    return {
      changesTicket: found.length > 0,
      async run(tx, held) {
        if (found.length > 0) await noteOrderNumbers(tx, asked, { found, held, now })
        await draft(tx)
      },
    }
  }

/** What the messages of a batch of events say, by their ids; nothing of one that is deleted. */
export async function contentsOf(tx: Db, tenantId: string, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const messages = await tx.$queryRaw<{ id: string; content: string }[]>`
    SELECT id, content FROM message WHERE tenant_id = ${tenantId}::uuid AND id = ANY (${[...ids]}::uuid[]) AND deleted_at IS NULL`
  return new Map(messages.map(({ id, content }) => [id, content]))
}

async function noteOrderNumbers(
  tx: Db,
  { tenantId, ticketId, eventId }: Request,
  { found, held, now }: { found: readonly string[]; held: Held; now: Date },
): Promise<void> {
  const who: Doer = { actor: systemActor('AUTOMATION', 'order numbers'), causedBy: eventId, depth: 1 }
  const locked = held.take(ticketId)
  await changeTickets(tx, { tenantId, who, now, ids: [ticketId], ...(locked && { locked }) }, ({ ticket }) => {
    const orderNumbers = [...new Set([...ticket.orderNumbers, ...found])].slice(0, 100)
    return orderNumbers.length > ticket.orderNumbers.length ? [{ type: 'TICKET_UPDATED', set: { orderNumbers } }] : []
  })
}

export type TriageDependencies = {
  database: SupportDatabase
  clock: Clock
  log: Logger
  triage?: TriageSource | undefined
  drafts?: unknown
}

const deadlineMs = 20_000
const mostAttempts = 5

/** Has a message read, and decides by the answer. Rejects when the source is away, to be tried again; gives up in the end. */
export const triageJob = (dependencies: TriageDependencies): Job<Request> =>
  defineJob({
    ...request,
    async run(asked, helpers) {
      await readAndDecide(dependencies, asked, helpers)
      const { database, drafts } = dependencies
      if (!drafts) return
      await database.transact(asked.tenantId, async (tx) => {
        const { tenant } = await configOf(tx, asked.tenantId)
        if (tenant.aiDrafts) await wantDraft(tx, { tenantId: asked.tenantId, ticketId: asked.ticketId })
      })
    },
  })

async function readAndDecide(
  { database, clock, log, triage: source }: TriageDependencies,
  asked: Request,
  { attempt, signal }: Pick<JobHelpers, 'attempt' | 'signal'>,
): Promise<void> {
  if (!source || attempt > mostAttempts) return
  const triage = await read(database, source, asked, AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]))
  if (triage === null) return
  if (!triage.success) return log.warn({ ...asked, places: placesOf(triage.error) }, 'a triage was not understood')
  await database.transact(asked.tenantId, (tx) => decide(tx, asked, triage.data, clock.now()))
}

const placesOf = (error: z.ZodError): string[] => error.issues.map(({ path }) => path.join('.'))

async function read(database: SupportDatabase, source: TriageSource, asked: Request, signal: AbortSignal) {
  const { tenantId, ticketId, messageId } = asked
  const message = await database.forTenant(tenantId).message.findFirst({
    where: { tenantId, id: messageId, ticketId, deletedAt: null },
    include: { ticket: { select: { subject: true, channel: true } } },
  })
  if (!message) return null
  const [turns = []] = await turnsOf(database.forTenant(tenantId), tenantId, [ticketId])
  const { subject, channel } = message.ticket
  const about = { tenantId, ticketId, messageId, subject, channel, text: message.content, turns }
  const late = Promise.withResolvers<never>()
  const onAbort = () => late.reject(new Error('Triage did not answer in time.'))
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    const answer = await Promise.race([source(about, signal), late.promise])
    return answer === null ? null : triageSchema.safeParse(answer)
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

async function decide(tx: Db, { tenantId, ticketId, eventId }: Request, triage: Triage, realNow: Date): Promise<void> {
  const { tenant } = await configOf(tx, tenantId)
  if (!tenant.autoTriage) return
  const now = new Date(realNow.getTime() + tenant.clockOffsetSeconds * 1_000)
  const who: Doer = { actor: systemActor('MODEL', 'triage'), causedBy: eventId, depth: 1 }
  await changeTickets(tx, { tenantId, who, now, ids: [ticketId] }, async ({ ticket }) => {
    const where = { tenantId, ticketId, undoneAt: null }
    const decisions = await tx.decision.findMany({ where, orderBy: [{ madeAt: 'desc' }, { id: 'desc' }] })
    const undone = await undoneOn(tx, tenantId, ticketId)
    const isPriorityTouched = await hasChanged(tx, tenantId, ticketId)
    return triageSteps(ticket, triage, { by: who.actor, undone, decisions, isPriorityTouched })
  })
}

// Also what is not sequenced yet: somebody may have set it a moment ago.
async function hasChanged(tx: Db, tenantId: string, ticketId: string): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM event_log WHERE tenant_id = ${tenantId}::uuid AND ticket_id = ${ticketId}::uuid AND type = 'PRIORITY_CHANGED'
    UNION ALL
    SELECT 1 FROM outbox WHERE tenant_id = ${tenantId}::uuid AND ticket_id = ${ticketId}::uuid AND type = 'PRIORITY_CHANGED' LIMIT 1`
  return rows.length > 0
}
