import { defineJob, enqueue, type Job } from '@quimbi/database/jobs.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import { z } from 'zod'
import type { Db, SupportDatabase } from '../database.ts'
import { configOf } from '../tenants/config.ts'
import { fillMatches } from './fill.ts'

const request = { name: 'support.fill_alert', schema: z.object({ tenantId: z.uuid(), alertId: z.uuid() }) }
type Request = z.infer<typeof request.schema>

/** Whoever saves an alert fills it at once, and is done long before. */
const laterMs = 60_000

/** Has an alert filled by a job too, for who dies before it is: in the transaction that saves it. `now` is real. */
export const wantFilling = (tx: Db, asked: Request, now: Date): Promise<void> =>
  enqueue(tx, { ...request, run: async () => {} }, asked, {
    key: asked.alertId,
    runAt: new Date(now.getTime() + laterMs),
  })

/** Fills an alert's matches; where they are there already it changes nothing. `clock` is the real one. */
export const fillJob = ({ database, clock }: { database: SupportDatabase; clock: Clock }): Job<Request> =>
  defineJob({
    ...request,
    async run({ tenantId, alertId }) {
      const db = database.forTenant(tenantId)
      const alert = await db.topicAlert.findFirst({ where: { tenantId, id: alertId } })
      if (!alert) return
      const { tenant } = await configOf(db, tenantId)
      const now = new Date(clock.now().getTime() + tenant.clockOffsetSeconds * 1_000)
      const means = { db, transact: <T>(run: (tx: Db) => Promise<T>) => database.transact(tenantId, run) }
      await fillMatches(means, { tenantId, alertId, keywords: alert.keywords }, now)
    },
  })
