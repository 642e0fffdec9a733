import { newId } from '@quimbi/database/ids.ts'
import { enqueue } from '@quimbi/database/jobs.ts'
import type { Db } from '../database.ts'
import { lockModels } from './roles.ts'
import { trainRequest } from './train-job.ts'

/** A training that says nothing for so long has died with its process. */
const staleMs = 3_600_000

export type TrainingInput = { asOf: Date; seed: number }

/** Enqueues a training of the tenant; null where one is queued or under way. */
export async function requestTraining(
  tx: Db,
  tenantId: string,
  { asOf, seed }: TrainingInput,
  now: Date,
): Promise<string | null> {
  // Two who ask at once: the second sees the first one's row.
  await lockModels(tx, tenantId)
  const open = { tenantId, kind: 'TRAIN', status: { in: ['QUEUED', 'RUNNING'] } }
  const since = new Date(now.getTime() - staleMs)
  const running = await tx.job.findFirst({
    where: { ...open, OR: [{ createdAt: { gt: since } }, { startedAt: { gt: since } }] },
  })
  if (running) return null
  await tx.job.updateMany({ where: open, data: { status: 'FAILED', error: 'ENDED', finishedAt: now } })
  const jobId = newId()
  const input = { asOf: asOf.toISOString(), seed }
  await tx.job.create({ data: { tenantId, id: jobId, kind: 'TRAIN', status: 'QUEUED', input, createdAt: now } })
  await enqueue(tx, { ...trainRequest, run: async () => {} }, { tenantId, jobId, ...input }, { key: 'train' })
  return jobId
}
