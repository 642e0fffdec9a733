import { newId } from '@quimbi/database/ids.ts'
import { defineJob, type Job } from '@quimbi/database/jobs.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import { z } from 'zod'
import { bundleStamp, type ModelBundle } from '../analysis/bundle.ts'
import type { Db, IntelligenceDatabase } from '../database.ts'
import { featureVersion } from '../features/catalogue.ts'
import { dayMs } from '../features/facts.ts'
import { decodeModel, encodeModel } from '../learning/codec.ts'
import { streamHistories } from '../profiles/histories.ts'
import { markAllStale } from '../profiles/stale.ts'
import { isBetter, type Judgement } from './judge.ts'
import { modelKinds } from './kinds.ts'
import { modelsOf } from './registry.ts'
import { judgeAll, train, TrainingFailed } from './work.ts'

export const trainRequest = {
  name: 'intelligence.train',
  schema: z.object({ tenantId: z.uuid(), jobId: z.uuid(), asOf: z.iso.datetime(), seed: z.int() }),
}
type Request = z.infer<typeof trainRequest.schema>

/** Below, a tenant's own models know less than the shipped ones. */
export const enoughData = { customers: 500, days: 180 }

type Dependencies = { database: IntelligenceDatabase; clock: Clock; log: Logger }

/**
 * Trains a tenant's models, and puts them to use if they are better than those in use on the newest holdout: customers as they stood one
 * horizon ago, by what they did since. Its row in `job` says how far it is and how it ended; a failure leaves the models in use.
 */
export const trainJob = ({ database, clock, log }: Dependencies): Job<Request> =>
  defineJob({
    ...trainRequest,
    async run({ tenantId, jobId: id, asOf, seed }, { signal }) {
      const db = database.forTenant(tenantId)
      const note = (data: object) => db.job.updateMany({ where: { tenantId, id }, data })
      await note({ status: 'RUNNING', startedAt: clock.now(), progress: 0, error: null, finishedAt: null })
      try {
        const onProgress = throttled((progress) => void note({ progress }).catch(() => {}))
        const trained = await learn(db, { tenantId, asOf: Date.parse(asOf), seed, signal, onProgress })
        await database.transact(tenantId, (tx) => keep(tx, tenantId, trained, clock.now()))
        await note({ status: 'DONE', progress: 1, finishedAt: clock.now() })
        log.info({ tenantId, jobId: id, isPromoted: trained.isBetter }, 'models were trained')
      } catch (error) {
        const reason = error instanceof TrainingFailed ? (error.reason ?? 'FAILED') : 'FAILED'
        log.warn({ err: error, tenantId, jobId: id, reason }, 'a training failed')
        await note({ status: 'FAILED', finishedAt: clock.now(), error: reason })
      }
    },
  })

type Learning = {
  tenantId: string
  asOf: number
  seed: number
  signal: AbortSignal
  onProgress: (share: number) => void
}
type Trained = { bundle: ModelBundle; judgements: { candidate: Judgement; champion: Judgement }; isBetter: boolean }

async function learn(db: Db, { tenantId, asOf, seed, signal, onProgress }: Learning): Promise<Trained> {
  const firstOrderAt = await requireEnough(db, tenantId, asOf)
  const { bundle: champion } = await modelsOf(db, tenantId)
  const horizonDays = champion.churn.horizonDays
  const read = (): { histories: ReturnType<typeof streamHistories>; signal: AbortSignal } => ({
    histories: streamHistories(db, tenantId),
    signal,
  })
  const previous = champion.source === 'OWN' ? champion.segmentation : undefined
  const options = { firstOrderAt, horizonDays, seed, previous }
  const heldOut = asOf - horizonDays * dayMs
  const part = (from: number, to: number) => (share: number) => onProgress(from + (to - from) * share)
  const candidate = await train({ ...options, asOf: heldOut }, { ...read(), onProgress: part(0, 0.4) })
  const stamp = { ...bundleStamp, featureVersion }
  const bundles = [candidate, encodeModel(champion, stamp)]
  const [own, theirs] = await judgeAll({ bundles, asOf: heldOut, horizonDays }, read())
  if (!own || !theirs) throw new TrainingFailed('The models could not be judged.')
  const bytes = await train({ ...options, asOf }, { ...read(), onProgress: part(0.5, 1) })
  return {
    bundle: decodeModel<ModelBundle>(bytes, stamp),
    judgements: { candidate: own, champion: theirs },
    isBetter: isBetter(own, theirs),
  }
}

/** When the tenant's first order was placed, ms. */
async function requireEnough(db: Db, tenantId: string, asOf: number): Promise<number> {
  const [row] = await db.$queryRaw<{ customers: number; first: Date | null }[]>`
    SELECT count(DISTINCT customer_id)::int AS customers, min(placed_at) AS first FROM customer_order
    WHERE tenant_id = ${tenantId}::uuid AND status <> 'CANCELLED' AND placed_at < ${new Date(asOf)}::timestamptz`
  const { customers = 0, first = null } = row ?? {}
  const days = first ? (asOf - first.getTime()) / dayMs : 0
  if (customers < enoughData.customers || days < enoughData.days || !first)
    throw new TrainingFailed(`${customers} customers over ${Math.floor(days)} days are too few.`, 'INSUFFICIENT_DATA')
  return first.getTime()
}

/** One row a kind, all of one version; the churn model's row holds the body of them all. */
async function keep(tx: Db, tenantId: string, { bundle, judgements, isBetter }: Trained, now: Date): Promise<void> {
  const role = isBetter ? 'CHAMPION' : 'CHALLENGER'
  if (isBetter)
    await tx.model.updateMany({ where: { tenantId, role: 'CHAMPION' }, data: { role: 'RETIRED', trafficShare: 0 } })
  const body = encodeModel(bundle, { ...bundleStamp, featureVersion })
  await tx.model.createMany({
    data: modelKinds.map((kind) => ({
      ...{ tenantId, id: newId(), kind, version: bundle.version, role, trafficShare: isBetter ? 1 : 0 },
      ...{ seed: bundle.seed, featureVersion, trainedAt: now, trainedOn: bundle.trainedOn },
      windowFrom: new Date(0),
      windowTo: new Date(bundle.asOf),
      metrics: metricsOf(kind, judgements),
      body: kind === 'CHURN' ? Buffer.from(body) : Buffer.alloc(0),
    })),
  })
  if (!isBetter) return
  await tx.$executeRaw`UPDATE tenant_profile SET models_version = models_version + 1 WHERE tenant_id = ${tenantId}::uuid`
  await markAllStale(tx, tenantId)
}

function metricsOf(kind: (typeof modelKinds)[number], { candidate, champion }: Trained['judgements']) {
  const { customers } = candidate
  if (kind === 'CHURN') return { customers, ...candidate.churn, champion: champion.churn }
  if (kind === 'LTV') return { customers, ...candidate.ltv, champion: champion.ltv }
  return { customers }
}

/** A row that changes a few times a second tells enough. */
function throttled(run: (share: number) => void): (share: number) => void {
  let last = 0
  return (share) => {
    if (share - last < 0.05) return
    last = share
    run(share)
  }
}
