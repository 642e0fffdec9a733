import { EventEmitter } from 'node:events'
import type { WorkerEvents } from 'graphile-worker'
import type pg from 'pg'

/** Says which workers live, and frees the jobs of those that do not. */
export type WorkerWatch = {
  /** For the job library: tells of workers that come and go. */
  events: WorkerEvents
  stop(): Promise<void>
}

export type WorkerWatchOptions = {
  pool: pg.Pool
  everyMs: number
  /** Told of workers whose jobs were freed. */
  onFreed(workerIds: string[]): void
  onError(error: unknown): void
}

// A worker lives as long as a session holds the lock of its name: the database lets it go in the moment in which the process ends, however it ends.
const lockName = (id: string) => `hashtextextended('quimbi worker ' || ${id}, 0)`

const unheldSql = `
  SELECT DISTINCT j.locked_by AS id FROM graphile_worker.jobs j WHERE j.locked_by IS NOT NULL AND NOT EXISTS (
    SELECT FROM pg_locks l
    WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND ((l.classid::bigint << 32) | l.objid::bigint) = ${lockName('j.locked_by')})`

/**
 * A job that a killed worker had in hand stays locked for four hours. Every worker of ours holds a session lock of its name; whoever holds none in
 * two looks in a row is dead, and its jobs run again. Two looks: a worker takes its first job before its lock stands, and a connection that is lost takes
 * the locks of living workers with it until the next one.
 */
export function watchWorkers({ pool, everyMs, onFreed, onError }: WorkerWatchOptions): WorkerWatch {
  const events: WorkerEvents = new EventEmitter()
  const living = new Set<string>()
  const held = new Set<string>()
  let keeper: pg.PoolClient | undefined
  let suspects = new Set<string>()
  let tail = Promise.resolve()
  let isStopping = false

  /** One thing after the other: the keeper is one connection. */
  const next = (run: () => Promise<void>): void => {
    tail = tail.then(async () => (isStopping ? undefined : run())).catch(onError)
  }

  async function connection(): Promise<pg.PoolClient> {
    if (keeper) return keeper
    const client = await pool.connect()
    keeper = client
    held.clear()
    client.once('error', () => {
      if (keeper !== client) return
      keeper = undefined
      client.release(true)
      next(hold)
    })
    return client
  }

  /** Tried, not waited for: after a lost connection the database may hold its locks for a while, which serves as well. */
  async function hold(): Promise<void> {
    const client = await connection()
    for (const id of living) {
      if (held.has(id)) continue
      const { rows } = await client.query<{ held: boolean }>(`SELECT pg_try_advisory_lock(${lockName('$1')}) AS held`, [
        id,
      ])
      if (rows[0]?.held) held.add(id)
    }
  }

  async function letGo(id: string): Promise<void> {
    if (held.delete(id)) await keeper?.query(`SELECT pg_advisory_unlock(${lockName('$1')})`, [id])
  }

  // The library locks jobs by the name of the pool that its workers belong to.
  events.on('pool:create', ({ workerPool: { id, promise } }) => {
    living.add(id)
    next(hold)
    const ended = () => {
      living.delete(id)
      next(() => letGo(id))
    }
    promise.then(ended, ended)
  })

  async function look(): Promise<void> {
    await hold()
    const client = await connection()
    const { rows } = await client.query<{ id: string }>(unheldSql)
    const unheld = rows.map(({ id }) => id).filter((id) => !living.has(id))
    const dead = unheld.filter((id) => suspects.has(id))
    suspects = new Set(unheld)
    if (dead.length === 0) return
    await client.query('SELECT graphile_worker.force_unlock_workers($1::text[])', [dead])
    onFreed(dead)
  }

  next(look)
  const timer = setInterval(() => next(look), everyMs)

  return {
    events,
    async stop() {
      clearInterval(timer)
      isStopping = true
      await tail
      const last = keeper
      keeper = undefined
      last?.release(true)
    },
  }
}
