import { defineJob, type Job } from '@quimbi/database/jobs.ts'
import { failure } from '@quimbi/events/failure.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import { z } from 'zod'
import type { Db, IntelligenceDatabase } from '../database.ts'
import { requireEnough } from './enough.ts'
import { settleHorizon } from './horizon.ts'
import { nextTraining } from './schedule.ts'
import { requestTraining } from './training.ts'
import { TrainingFailed } from './work.ts'

const listDue = `
  SELECT tenant_id AS id FROM tenant_profile
  WHERE retrain_due_at <= $1::timestamptz OR (retrain_due_at IS NULL AND retrain_schedule IS DISTINCT FROM 'off')
  ORDER BY retrain_due_at NULLS LAST`

// Another process may look at the same moment: it passes over who is held, and finds the others settled.
const takeDue = `
  SELECT retrain_schedule AS schedule, retrain_due_at AS "dueAt" FROM tenant_profile
  WHERE tenant_id = $1::uuid AND (retrain_due_at IS NULL OR retrain_due_at <= $2::timestamptz)
  FOR UPDATE SKIP LOCKED`

const seed = 1

type Dependencies = { database: IntelligenceDatabase; clock: Clock; log: Logger }

/**
 * Asks for the trainings that are due by the tenants' schedules: once for each, however many were missed. Who has too little to learn from is
 * passed over until the next time; only their horizon is measured.
 */
export const retraining = ({ database, clock, log }: Dependencies): Job =>
  defineJob({
    name: 'intelligence.retraining',
    schema: z.object({ tenantId: z.uuid() }),
    async run() {
      const now = clock.now()
      const due = await database.system.$queryRawUnsafe<{ id: string }[]>(listDue, now)
      for (const { id } of due) {
        try {
          const jobId = await database.transact(id, (tx) => retrain(tx, id, now))
          if (jobId) log.info({ tenantId: id, jobId }, 'models are trained by schedule')
        } catch (error) {
          log.error({ err: failure(error), tenantId: id }, 'a scheduled training could not be asked for')
        }
      }
    },
  })

async function retrain(tx: Db, tenantId: string, now: Date): Promise<string | null> {
  const [taken] = await tx.$queryRawUnsafe<{ schedule: string | null; dueAt: Date | null }[]>(takeDue, tenantId, now)
  if (!taken) return null
  const next = nextTraining(tenantId, taken.schedule, now)
  await tx.$executeRaw`UPDATE tenant_profile SET retrain_due_at = ${next}::timestamptz WHERE tenant_id = ${tenantId}::uuid`
  // A tenant met for the first time, or whose schedule is new: its time is yet to come.
  if (!taken.dueAt || !next) return null
  if (await hasEnough(tx, tenantId, now)) return requestTraining(tx, tenantId, { asOf: now, seed }, now)
  await settleHorizon(tx, tenantId, now)
  return null
}

async function hasEnough(tx: Db, tenantId: string, now: Date): Promise<boolean> {
  try {
    await requireEnough(tx, tenantId, now.getTime())
    return true
  } catch (error) {
    if (error instanceof TrainingFailed) return false
    throw error
  }
}
