import { refuse } from '@quimbi/service/errors.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Db } from '../database.ts'
import { requireManager } from './permissions.ts'
import { requestTraining } from './training.ts'

const mostListed = 100

export type Training = { kinds: readonly string[]; asOf?: Date | null | undefined; seed?: number | null | undefined }

/** Asks for a training; it runs by itself, one at a time a tenant. All kinds are trained together, since they are used together. */
export async function trainModels(
  tx: Db,
  viewer: Viewer,
  { kinds, asOf, seed }: Training,
  now: Date,
): Promise<{ jobId: string }> {
  requireManager(viewer)
  const { tenantId } = viewer
  if (kinds.length === 0) refuse('REQUIRED', 'Say what to train.', ['input', 'kinds'])
  if (kinds.includes('TRIAGE')) refuse('INVALID', 'Triage is not trained from orders.', ['input', 'kinds'])
  if (asOf && asOf > now) refuse('INVALID', 'This lies in the future.', ['input', 'asOf'])
  const jobId = await requestTraining(tx, tenantId, { asOf: asOf ?? now, seed: seed ?? 1 }, now)
  return { jobId: jobId ?? refuse('CONFLICT', 'A training is under way.') }
}

/** Newest first. */
export function listModels(db: Db, viewer: Viewer) {
  requireManager(viewer)
  const { tenantId } = viewer
  return db.model.findMany({
    where: { tenantId },
    omit: { body: true, spread: true },
    orderBy: [{ trainedAt: 'desc' }, { id: 'asc' }],
    take: mostListed,
  })
}

/** Newest first. */
export function listJobs(db: Db, viewer: Viewer, first: number) {
  requireManager(viewer)
  if (!Number.isInteger(first) || first < 1 || first > mostListed)
    refuse('INVALID', `A page has 1 to ${mostListed} jobs.`, ['first'])
  const { tenantId } = viewer
  return db.job.findMany({ where: { tenantId }, orderBy: [{ createdAt: 'desc' }, { id: 'asc' }], take: first })
}
