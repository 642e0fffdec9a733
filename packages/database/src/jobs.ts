import { Logger, parseCronItems, run, runMigrations, type Runner, type TaskList } from 'graphile-worker'
import pg from 'pg'
import { z } from 'zod'
import { watchWorkers } from './dead-workers.ts'
import { takeTrace, withTrace } from './job-traces.ts'
import { withTenant } from './tenancy.ts'

/** Every job carries its tenant; work of no single tenant carries NIL_TENANT and comes from a cron. */
export type JobPayload = { tenantId: string }

export type JobHelpers = {
  jobId: string
  /** Counts from 1. */
  attempt: number
  /** Aborted when the worker is stopping and the job has had its 5 s. */
  signal: AbortSignal
}

/** Work that must happen once: kept in PostgreSQL until it succeeds (25 attempts, growing delays). May run twice: be idempotent. */
export type Job<Payload extends JobPayload = JobPayload> = {
  name: string
  schema: z.ZodType<Payload>
  /** Runs with its tenant bound. */
  run(payload: Payload, helpers: JobHelpers): Promise<void>
}

export const defineJob = <Payload extends JobPayload>(job: Job<Payload>): Job<Payload> => job

/** A pino logger, or what looks like one. */
export type JobLog = Record<'debug' | 'info' | 'warn' | 'error', (facts: object, message: string) => void>

/** A payload that is not what the job's schema says, or another tenant's. Names the places, never the values. */
export class InvalidJob extends Error {
  constructor(job: string, reason: string) {
    super(`The payload of job "${job}" is refused: ${reason}`)
    this.name = 'InvalidJob'
  }
}

export type EnqueueOptions = {
  /** A later job of the same name, tenant and key takes the place of one that has not started. */
  key?: string
  runAt?: Date
}

type Transaction = { $executeRawUnsafe(sql: string, ...values: unknown[]): PromiseLike<number> }

// The function puts the caller's tenant into the payload; the condition refuses a payload that names another.
const enqueueJob = `
  SELECT app.enqueue_job($1, $2::jsonb, $3, $4::timestamptz) WHERE app.current_tenant() = $5::uuid`

/** Enqueues in the caller's transaction, bound to the payload's tenant: rolled back, there is no job. Throws InvalidJob. */
export async function enqueue<Payload extends JobPayload>(
  tx: Transaction,
  job: Job<Payload>,
  payload: Payload,
  { key, runAt }: EnqueueOptions = {},
): Promise<void> {
  const { tenantId } = parsePayload(job, payload)
  // Keys are the database's, not the tenant's: unscoped, one tenant could take the place of another's job.
  const scopedKey = key === undefined ? null : `${tenantId}:${job.name}:${key}`
  // The payload is kept as it came: parsing it again when it runs must meet the same input.
  const values = [job.name, JSON.stringify(withTrace(payload)), scopedKey, runAt?.toISOString() ?? null, tenantId]
  const enqueued = await tx.$executeRawUnsafe(enqueueJob, ...values)
  if (enqueued === 0) throw new InvalidJob(job.name, 'its tenant is not the one that is bound')
}

/** A job that is enqueued by the clock, once however many workers run. `match`: five cron fields, in UTC. */
export type Cron = { match: string; job: Job; payload: JobPayload }

export type WorkerOptions = {
  /** Of the owner of the job library's schema. */
  url: string
  jobs: readonly Job[]
  crons?: readonly Cron[]
  concurrency: number
  log: JobLog
  /** Waits between looks for jobs that became due; new ones are announced by the database. */
  pollMs?: number
  /** Between looks for workers that died with jobs in hand; those run again after two looks, 30 s each. */
  sweepMs?: number
}

/** Installs or upgrades the job library's own schema. After our migrations; `url` is the owner's. */
export async function prepareJobs(url: string, log?: JobLog): Promise<void> {
  const pgPool = libraryPool(url, 1)
  await runMigrations({ pgPool, logger: libraryLogger(log) }).finally(() => pgPool.end())
}

/** Runs jobs until stopped; `stop` waits for those that have started. Signals are the caller's business. */
export async function startWorker(options: WorkerOptions): Promise<{ stop(): Promise<void> }> {
  const { url, jobs, crons = [], concurrency, log, pollMs = 2_000, sweepMs = 30_000 } = options
  // One more for the announcements, one for the clock, one that holds the workers' locks.
  const pgPool = libraryPool(url, concurrency + 3)
  const watch = watchWorkers({
    pool: pgPool,
    everyMs: sweepMs,
    onFreed: (workers) => log.warn({ workers }, 'workers died with jobs in hand; the jobs run again'),
    onError: (error) => log.warn({ err: error }, 'dead workers could not be looked for; trying again'),
  })
  const start = async () =>
    run({
      pgPool,
      concurrency,
      pollInterval: pollMs,
      noHandleSignals: true,
      events: watch.events,
      // Unbatched, the library does not await the statement that ends a job: its failure would end the process.
      preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
      logger: libraryLogger(log),
      taskList: Object.fromEntries(jobs.map((job) => [job.name, taskOf(job)])) satisfies TaskList,
      parsedCronItems: parseCronItems(
        crons.map(({ match, job, payload }) => ({ task: job.name, match, payload: parsePayload(job, payload) })),
      ),
    })

  const stopping = Promise.withResolvers<void>()
  let isStopping = false
  let runner: Runner = await start().catch(async (error: unknown) => {
    await watch.stop()
    await pgPool.end()
    throw error
  })

  // The library gives up when it cannot record a job's end, as when the database restarts: begin again.
  async function supervise(): Promise<void> {
    for (;;) {
      await runner.promise.catch((error: unknown) => log.error({ err: error }, 'the job worker failed'))
      for (;;) {
        if (isStopping) return
        log.warn({}, 'the job worker ended; starting it again')
        await Promise.race([stopping.promise, new Promise((resolve) => setTimeout(resolve, pollMs).unref())])
        if (isStopping) return
        try {
          runner = await start()
          if (isStopping) await runner.stop()
          break
        } catch (error) {
          log.error({ err: error }, 'the job worker could not start')
        }
      }
    }
  }
  const supervised = supervise()

  return {
    async stop() {
      isStopping = true
      stopping.resolve()
      await runner.stop().catch(() => {}) // it had ended already
      await supervised
      await watch.stop()
      await pgPool.end()
    },
  }
}

/** The library would leave connections open when it has stopped, and nobody to hear of their loss. */
function libraryPool(connectionString: string, max: number): pg.Pool {
  const pool = new pg.Pool({ connectionString, max, application_name: 'quimbi jobs' })
  // A lost connection fails the statement that runs on it; the next check-out opens another.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

function taskOf(job: Job) {
  return async (input: unknown, helpers: { job: { id: string; attempts: number }; abortSignal: AbortSignal }) => {
    const { payload: kept, inTrace } = takeTrace(job.name, isRecord(input) ? input : {})
    const payload = parsePayload(job, withoutCron(kept))
    const { job: row, abortSignal: signal } = helpers
    const run = () => job.run(payload, { jobId: row.id, attempt: row.attempts, signal })
    await inTrace(() => withTenant(payload.tenantId, run))
  }
}

const isRecord = (input: unknown): input is Record<string, unknown> => typeof input === 'object' && input !== null

/** The library adds the time of the tick, which no schema of ours knows. */
function withoutCron({ _cron, ...payload }: Record<string, unknown>): unknown {
  return payload
}

function parsePayload<Payload extends JobPayload>(job: Job<Payload>, input: unknown): Payload {
  const parsed = job.schema.safeParse(input)
  if (parsed.success) return parsed.data
  throw new InvalidJob(job.name, parsed.error.issues.map(({ path, code }) => `${path.join('.')} (${code})`).join(', '))
}

/** The library's own lines hold the job and the whole error, so the payload: only what names the job is passed on. */
function libraryLogger(log: JobLog | undefined): Logger {
  return new Logger((scope) => (level, message, meta) => {
    const { label, taskIdentifier, jobId } = scope
    const job = meta?.['job'] as { id: string; task_identifier: string; attempts: number } | undefined
    const facts = {
      label,
      ...(jobId && { jobId, job: taskIdentifier }),
      ...(job && { jobId: job.id, job: job.task_identifier, attempt: job.attempts }),
    }
    const text = job
      ? meta?.['failure'] === true
        ? 'job failed'
        : meta?.['success'] === true
          ? 'job done'
          : message
      : message
    log?.[level === 'warning' ? 'warn' : level === 'info' ? 'debug' : level](
      meta?.['failure'] === true ? { ...facts, err: kindAndPlace(meta['error']) } : facts,
      text,
    )
  })
}

/** An error without its message, which may quote the values at hand. */
function kindAndPlace(error: unknown): object {
  if (!(error instanceof Error)) return {}
  return { type: error.name, stack: error.stack?.match(/^\s+at .*$/gm)?.join('\n') }
}
