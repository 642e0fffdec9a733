import { defineJob, type Job } from '@quimbi/database/jobs.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import { z } from 'zod'
import { planTraining } from '../churn/origins.ts'
import type { Db, IntelligenceDatabase } from '../database.ts'
import { dayMs } from '../features/facts.ts'
import { streamHistories } from '../profiles/histories.ts'
import { requireEnough } from './enough.ts'
import { settleHorizon } from './horizon.ts'
import { keepTrained, type Trained } from './keep.ts'
import { modelsOf } from './registry.ts'
import { lockModels } from './roles.ts'
import { judgeAll, train, TrainingFailed } from './work.ts'

export const trainRequest = {
  name: 'intelligence.train',
  schema: z.object({ tenantId: z.uuid(), jobId: z.uuid(), asOf: z.iso.datetime(), seed: z.int() }),
}
type Request = z.infer<typeof trainRequest.schema>

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
      const note = (data: object) =>
        db.job.updateMany({ where: { tenantId, id, status: { in: ['QUEUED', 'RUNNING'] } }, data })
      // A process that died may have ended it, or another training have taken its place.
      const { count } = await note({ status: 'RUNNING', startedAt: clock.now(), progress: 0 })
      if (count === 0) return
      try {
        await database.transact(tenantId, (tx) => settleHorizon(tx, tenantId, new Date(asOf)))
        const onProgress = throttled((progress) => void note({ progress }).catch(() => {}))
        const trained = await learn(db, { tenantId, jobId: id, asOf: Date.parse(asOf), seed, signal, onProgress })
        const isPromoted = await database.transact(tenantId, async (tx) => {
          await lockModels(tx, tenantId)
          return keepTrained(tx, tenantId, trained, clock.now())
        })
        await note({ status: 'DONE', progress: 1, finishedAt: clock.now() })
        log.info({ tenantId, jobId: id, isPromoted }, 'models were trained')
      } catch (error) {
        const reason = error instanceof TrainingFailed ? (error.reason ?? 'FAILED') : 'FAILED'
        log.warn({ err: error, tenantId, jobId: id, reason }, 'a training failed')
        await note({ status: 'FAILED', finishedAt: clock.now(), error: reason })
      }
    },
  })

type Learning = Omit<Request, 'asOf'> & { asOf: number; signal: AbortSignal; onProgress: (share: number) => void }

async function learn(db: Db, { tenantId, jobId, asOf, seed, signal, onProgress }: Learning): Promise<Trained> {
  const firstOrderAt = await requireEnough(db, tenantId, asOf)
  const { bundle: champion, horizonDays } = await modelsOf(db, tenantId)
  const read = () => ({ histories: streamHistories(db, tenantId), signal })
  const previous = champion.source === 'OWN' ? champion.segmentation : undefined
  const options = { firstOrderAt, horizonDays, seed, previous }
  // Where the tenant's time is short for its horizon, a shorter one is judged by: any model forecasts any.
  const judgedDays = planTraining(asOf, firstOrderAt, horizonDays).horizonDays
  const heldOut = asOf - judgedDays * dayMs
  const part = (from: number, to: number) => (share: number) => onProgress(from + (to - from) * share)
  const rival = await train({ ...options, asOf: heldOut }, { ...read(), onProgress: part(0, 0.4) })
  const bundles = [rival.bundle, champion]
  const [own, theirs] = await judgeAll({ bundles, asOf: heldOut, horizonDays: judgedDays }, read())
  if (!own || !theirs) throw new TrainingFailed('The models could not be judged.')
  const { bundle, spread } = await train({ ...options, asOf }, { ...read(), onProgress: part(0.5, 1) })
  // Two trainings of a day with one seed have different data: a version names one.
  const hasSeenHoldout = champion.source === 'OWN' && champion.asOf > heldOut
  const version = `${bundle.version}-${jobId.slice(-6)}`
  return { bundle: { ...bundle, version }, spread, judgements: { candidate: own, champion: theirs, hasSeenHoldout } }
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
