import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createTestDatabase } from '@quimbi/testing/databases.ts'
import pg from 'pg'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { z } from 'zod'
import { createPool } from './connect.ts'
import {
  defineJob,
  enqueue,
  prepareJobs,
  startWorker,
  InvalidJob,
  type Job,
  type JobLog,
  type JobPayload,
} from './jobs.ts'
import { NIL_TENANT, withTenant, type TenantPool } from './tenancy.ts'

const tenantA = '0198a000-0000-7000-8000-00000000000a'
const tenantB = '0198a000-0000-7000-8000-00000000000b'

async function openJobs() {
  const { url, drop } = await createTestDatabase('support')
  await prepareJobs(url)
  const app = createPool({ url, role: 'quimbi_app' })
  const owner = new pg.Pool({ connectionString: url })
  owner.on('error', () => {}) // its last connections are still closing when the database is dropped
  onTestFinished(async () => {
    await Promise.all([app.end(), owner.end()])
    await drop()
  })
  return { url, app, owner }
}

/** A transaction of one tenant, shaped as Prisma's. */
const asTenant = <R>(
  pool: TenantPool,
  tenantId: string,
  run: (tx: { $executeRawUnsafe(sql: string, ...values: unknown[]): Promise<number> }) => Promise<R>,
): Promise<R> =>
  withTenant(tenantId, async () => {
    const client = await pool.connect()
    try {
      await client.query('BEGIN')
      const result = await run({
        $executeRawUnsafe: async (sql, ...values) => (await client.query(sql, values)).rowCount ?? 0,
      })
      await client.query('COMMIT')
      return result
    } catch (error) {
      await client.query('ROLLBACK')
      throw error
    } finally {
      client.release()
    }
  })

const patience = { timeout: 15_000, interval: 10 }

const lines: string[] = []
const write = (facts: object, message: string) => void lines.push(JSON.stringify(facts) + message)
const log: JobLog = { debug: write, info: write, warn: write, error: write }

async function work(url: string, jobs: readonly Job[], options: { concurrency?: number; sweepMs?: number } = {}) {
  const worker = await startWorker({ url, jobs, concurrency: 1, log, pollMs: 50, ...options })
  const stop = vi.fn(worker.stop)
  onTestFinished(async () => void (stop.mock.calls.length || (await stop())))
  return { stop }
}

const schema = z.object({ tenantId: z.uuid(), number: z.int() })
type Numbered = z.infer<typeof schema>

/** A job that notes the numbers it ran with. */
function noting(name = 'note') {
  const ran: number[] = []
  return { ran, job: defineJob({ name, schema, run: async ({ number }) => void ran.push(number) }) }
}

const pending = async (owner: pg.Pool) => (await owner.query('SELECT FROM graphile_worker.jobs')).rowCount

/** Starts a worker in a process of its own and kills it while it has a job of the name `long` in hand; resolves to the signal that ended it. */
async function killedAtWork(url: string): Promise<unknown> {
  const script = `
    const { startWorker } = await import(${JSON.stringify(new URL('./jobs.ts', import.meta.url).href)})
    const { z } = await import('zod')
    const schema = z.object({ tenantId: z.string(), number: z.number() })
    const run = () => new Promise(() => process.stdout.write('working'))
    const none = () => {}
    const log = { debug: none, info: none, warn: none, error: none }
    await startWorker({ url: ${JSON.stringify(url)}, jobs: [{ name: 'long', schema, run }], concurrency: 1, pollMs: 50, log })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  await Promise.race([once(child.stdout, 'data'), ended])
  child.kill('SIGKILL')
  return (await ended)[1]
}

describe('a job', () => {
  it('of a transaction that rolled back never runs; of one that committed, once', async () => {
    const { url, app, owner } = await openJobs()
    const { ran, job } = noting()
    await expect(
      asTenant(app, tenantA, async (tx) => {
        await enqueue(tx, job, { tenantId: tenantA, number: 1 })
        throw new Error('changed my mind')
      }),
    ).rejects.toThrow('changed my mind')
    await asTenant(app, tenantA, (tx) => enqueue(tx, job, { tenantId: tenantA, number: 2 }))
    await work(url, [job])
    await vi.waitUntil(async () => (await pending(owner)) === 0, patience)
    expect(ran).toEqual([2])
  })

  it('runs once with two workers', async () => {
    const { url, app, owner } = await openJobs()
    const { ran, job } = noting()
    const numbers = Array.from({ length: 40 }, (_, number) => number)
    await asTenant(app, tenantA, async (tx) => {
      for (const number of numbers) await enqueue(tx, job, { tenantId: tenantA, number })
    })
    await Promise.all([work(url, [job], { concurrency: 4 }), work(url, [job], { concurrency: 4 })])
    await vi.waitUntil(async () => (await pending(owner)) === 0, patience)
    expect(ran.toSorted((a, b) => a - b)).toEqual(numbers)
  })

  it('runs with its own tenant bound, and no other', async () => {
    const { url, app, owner } = await openJobs()
    const bound: unknown[] = []
    const job = defineJob({
      name: 'bound',
      schema,
      async run({ tenantId }) {
        bound.push([tenantId, (await app.query(`SELECT current_setting('app.tenant_id') AS id`)).rows[0].id])
      },
    })
    for (const tenantId of [tenantA, tenantB]) {
      await asTenant(app, tenantId, (tx) => enqueue(tx, job, { tenantId, number: 1 }))
    }
    await work(url, [job])
    await vi.waitUntil(async () => (await pending(owner)) === 0, patience)
    expect(bound.toSorted()).toEqual([
      [tenantA, tenantA],
      [tenantB, tenantB],
    ])
  })

  it('is refused for another tenant, without a tenant, and with a payload its schema does not know', async () => {
    const { app, owner } = await openJobs()
    const { job } = noting()
    const enqueued = (bound: string, payload: unknown) =>
      asTenant(app, bound, (tx) => enqueue(tx, job, payload as Numbered))
    await expect(enqueued(tenantA, { tenantId: tenantB, number: 1 })).rejects.toThrow(InvalidJob)
    await expect(enqueued('', { tenantId: tenantA, number: 1 })).rejects.toThrow(InvalidJob)
    await expect(enqueued(tenantA, { tenantId: tenantA, number: 'mia@example.com' })).rejects.toThrow(/number/)
    await expect(enqueued(tenantA, { tenantId: tenantA, number: 'mia@example.com' })).rejects.not.toThrow(/mia/)
    await expect(enqueued(tenantA, null)).rejects.toThrow(InvalidJob)
    expect(await pending(owner)).toBe(0)
  })

  it('whose stored payload its schema does not know fails, unseen by the log, and is kept', async () => {
    const { url, owner } = await openJobs()
    const { ran, job } = noting()
    await owner.query(`SELECT graphile_worker.add_job('note', '{"tenantId":"${tenantA}","number":"mia@example.com"}')`)
    await work(url, [job])
    const failed = async () =>
      (await owner.query('SELECT FROM graphile_worker.jobs WHERE attempts = 1 AND last_error IS NOT NULL')).rowCount
    await vi.waitUntil(failed, patience)
    expect(ran).toEqual([])
    expect(lines.join()).toMatch(/job failed/)
    expect(lines.join()).not.toMatch(/mia/)
  })

  it('takes the place of the one with its key, in its own tenant only', async () => {
    const { url, app, owner } = await openJobs()
    const { ran, job } = noting()
    const add = (tenantId: string, number: number) =>
      asTenant(app, tenantId, (tx) => enqueue(tx, job, { tenantId, number }, { key: 'daily' }))
    await add(tenantA, 1)
    await add(tenantB, 2)
    await add(tenantA, 3)
    await work(url, [job])
    await vi.waitUntil(async () => (await pending(owner)) === 0, patience)
    expect(ran.toSorted()).toEqual([2, 3])
  })

  it('waits for its time', async () => {
    const { url, app, owner } = await openJobs()
    const { ran, job } = noting()
    await asTenant(app, tenantA, async (tx) => {
      await enqueue(tx, job, { tenantId: tenantA, number: 1 }, { runAt: new Date('2099-01-01') })
      await enqueue(tx, job, { tenantId: tenantA, number: 2 })
    })
    await work(url, [job])
    await vi.waitUntil(async () => (await pending(owner)) === 1, patience)
    expect(ran).toEqual([2])
  })
})

describe('the worker', () => {
  it('lets a job that has started end before it stops, and leaves signals alone', async () => {
    const { url, app, owner } = await openJobs()
    const before = process.listenerCount('SIGTERM')
    const [started, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const job = defineJob({
      name: 'slow',
      schema,
      run: () => {
        started.resolve()
        return goOn.promise
      },
    })
    await asTenant(app, tenantA, (tx) => enqueue(tx, job, { tenantId: tenantA, number: 1 }))
    const worker = await work(url, [job])
    await started.promise
    expect(process.listenerCount('SIGTERM')).toBe(before)
    const stopped = worker.stop()
    goOn.resolve()
    await stopped
    expect(await pending(owner)).toBe(0)
  })

  it('goes on when the database has cut all of its connections', async () => {
    // The library traces the loss of a worker's connection to the console, if that is where it meets it first.
    const trace = vi.spyOn(console, 'trace').mockImplementation(() => {})
    onTestFinished(() => trace.mockRestore())
    const { url, app, owner } = await openJobs()
    const { ran, job } = noting()
    let cuts = 1
    const cutting = defineJob({
      name: 'cut',
      schema,
      async run() {
        if (cuts-- > 0) {
          await owner.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND application_name = 'quimbi jobs'`)
        }
      },
    })
    await asTenant(app, tenantA, (tx) => enqueue(tx, cutting, { tenantId: tenantA, number: 1 }))
    await work(url, [job, cutting])
    await vi.waitUntil(() => cuts === 0, patience)
    await vi.waitFor(() => asTenant(app, tenantA, (tx) => enqueue(tx, job, { tenantId: tenantA, number: 2 })))
    await vi.waitUntil(() => ran.length > 0, patience)
    expect(ran).toEqual([2])
  })

  it('runs again what a killed worker had in hand, and leaves alone what a living one has', async () => {
    const { url, app, owner } = await openJobs()
    const ran: number[] = []
    const [started, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const job = defineJob({
      name: 'long',
      schema,
      async run({ number }) {
        ran.push(number)
        if (number !== 1) return
        started.resolve()
        await goOn.promise
      },
    })
    await asTenant(app, tenantA, (tx) => enqueue(tx, job, { tenantId: tenantA, number: 1 }))
    await work(url, [job])
    onTestFinished(() => goOn.resolve())
    await started.promise
    // The worker here is busy with its one job: the killed one takes this.
    await asTenant(app, tenantA, (tx) => enqueue(tx, job, { tenantId: tenantA, number: 2 }))
    const killed = await killedAtWork(url)
    const lockedBy = async (number: number) =>
      (
        await owner.query<{ locked_by: string | null }>(
          `SELECT locked_by FROM graphile_worker._private_jobs WHERE payload->>'number' = $1`,
          [String(number)],
        )
      ).rows[0]?.locked_by
    expect(killed).toBe('SIGKILL')
    const living = await lockedBy(1)
    expect(living).toMatch(/./)
    // A third, that knows the others by their locks only.
    await work(url, [job], { sweepMs: 50 })
    await vi.waitUntil(() => ran.includes(2), patience)
    expect(await lockedBy(1)).toBe(living)
    goOn.resolve()
    await vi.waitUntil(async () => (await pending(owner)) === 0, patience)
    expect(ran).toEqual([1, 2])
    expect(lines.join()).toMatch(/workers died with jobs in hand/)
  })

  it('refuses a cron whose payload its job does not know', async () => {
    const { url } = await openJobs()
    const { job } = noting()
    const crons = [{ match: '* * * * *', job, payload: { tenantId: NIL_TENANT } as JobPayload }]
    await expect(startWorker({ url, jobs: [job], crons, concurrency: 1, log })).rejects.toThrow(InvalidJob)
  })
})
