import { newId } from '@quimbi/database/ids.ts'
import { enqueue } from '@quimbi/database/jobs.ts'
import { refuse } from '@quimbi/service/errors.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Db } from '../database.ts'
import { trainRequest } from './train-job.ts'

const mostListed = 100
/** A training that says nothing for so long has died with its process. */
const staleMs = 3_600_000

function requireManager(viewer: Viewer): void {
  if (viewer.kind === 'service') return
  if (viewer.kind === 'agent' && (viewer.role === 'MANAGER' || viewer.role === 'ADMIN')) return
  refuse('FORBIDDEN', 'Only managers may look after models.')
}

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
  // Two who ask at once: the second sees the first one's row.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`train:${tenantId}`}, 0))`
  const running = await tx.job.findFirst({
    where: {
      tenantId,
      kind: 'TRAIN',
      status: { in: ['QUEUED', 'RUNNING'] },
      createdAt: { gt: new Date(now.getTime() - staleMs) },
    },
  })
  if (running) refuse('CONFLICT', 'A training is under way.')
  const jobId = newId()
  const input = { asOf: (asOf ?? now).toISOString(), seed: seed ?? 1 }
  await tx.job.create({ data: { tenantId, id: jobId, kind: 'TRAIN', status: 'QUEUED', input, createdAt: now } })
  await enqueue(tx, { ...trainRequest, run: async () => {} }, { tenantId, jobId, ...input })
  return { jobId }
}

/** Newest first. */
export function listModels(db: Db, viewer: Viewer) {
  requireManager(viewer)
  const { tenantId } = viewer
  return db.model.findMany({
    where: { tenantId },
    omit: { body: true },
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
