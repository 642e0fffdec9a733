import { newId } from '@quimbi/database/ids.ts'
import { defineJob, enqueue, type Job } from '@quimbi/database/jobs.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import { z } from 'zod'
import { awaitWriters } from '../alerts/writers.ts'
import type { Db, SupportDatabase } from '../database.ts'
import { systemActor } from '../log/actors.ts'
import { configOf } from '../tenants/config.ts'
import { writeChanges } from '../tickets/change-store.ts'
import { rerankTickets } from './rerank.ts'

const batchSize = 1_000
const who = { actor: systemActor('AUTOMATION', 'scoring') }
const reason = 'The scoring formula changed.'

/**
 * Ranks all open tickets anew after the formula changed, in batches; one event tells of all. Returns how many moved. May run twice. `isAgain`: a try
 * before ended midway, and what it moved is still to be told.
 */
export async function rescoreTenant(
  database: SupportDatabase,
  tenantId: string,
  now: Date,
  isAgain = false,
): Promise<number> {
  const db = database.forTenant(tenantId)
  await awaitWriters(db)
  let count = 0
  for (let last = '00000000-0000-0000-0000-000000000000'; ;) {
    const rows = await db.ticket.findMany({
      where: { tenantId, status: 'OPEN', id: { gt: last } },
      orderBy: { id: 'asc' },
      take: batchSize,
      select: { id: true },
    })
    const ids = rows.map(({ id }) => id)
    count += await database.transact(tenantId, (tx) =>
      rerankTickets(tx, { tenantId, ids, who, now, reason, isTold: false }),
    )
    if (ids.length < batchSize) break
    last = ids.at(-1) ?? last
  }
  if (count > 0 || isAgain) await database.transact(tenantId, (tx) => tell(tx, tenantId, count, now))
  return count
}

async function tell(tx: Db, tenantId: string, count: number, now: Date): Promise<void> {
  const { tenant } = await configOf(tx, tenantId)
  const occurredAt = new Date(now.getTime() + tenant.clockOffsetSeconds * 1_000)
  const payload = { ...who, reason, changes: [], data: { count } }
  const event = { eventId: newId(), type: 'RERANKED', occurredAt, ticketId: null, payload }
  await writeChanges(tx, tenantId, { tickets: [], sla: [], events: [event] })
}

const request = { name: 'support.rescore', schema: z.object({ tenantId: z.uuid() }) }

/** The job that ranks a tenant's inbox anew. */
export const rescoreJob = (database: SupportDatabase, clock: Clock): Job =>
  defineJob({
    ...request,
    run: async ({ tenantId }, { attempt }) => void (await rescoreTenant(database, tenantId, clock.now(), attempt > 1)),
  })

/** Asks for it, in the transaction that changes formula or weights; asked twice before it starts, it runs once. */
export const enqueueRescore = (tx: Db, tenantId: string): Promise<void> =>
  enqueue(tx, { ...request, run: async () => {} }, { tenantId }, { key: 'rescore' })
