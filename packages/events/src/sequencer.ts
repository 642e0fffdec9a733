import { NIL_TENANT } from '@quimbi/database/tenancy.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import type pg from 'pg'
import type { Bus } from './bus.ts'
import { failure } from './failure.ts'
import { createLoop } from './loop.ts'
import type { Counter } from './metrics.ts'

export type SequencerMetrics = {
  /** Events moved into the log, by `log`. */
  sequenced: Counter
  /** Failed turns, by `log`. */
  failures: Counter
}

export type SequencerOptions = {
  /** Of the role quimbi_system; one of its connections is held while this instance leads. */
  pool: pg.Pool
  bus: Bus
  log: Logger
  /** The log's name: `log:<name>` is announced after a batch, `outbox:<name>` wakes the leader. */
  name: string
  batchSize?: number
  pollMs?: number
  metrics?: SequencerMetrics
}

/** Moves what is committed in the outbox into the log, where it gets its numbers. */
export type Sequencer = {
  start(): void
  /** To be called after a commit that published; reaches the leader wherever it runs. */
  wake(): void
  /** Sequences all that is committed now; rejects when the database refuses. */
  drain(): Promise<void>
  stop(): Promise<void>
}

/**
 * What is committed now, in the writers' order. Listed for many batches at once: looking again before each would meet the
 * dead rows of all batches before it. And listed before moving: rows that commit meanwhile must not join halfway, or a
 * transaction whose ids lie on both sides of the walk would be torn, its later events first.
 */
const listCommitted = `SELECT id FROM outbox ORDER BY id LIMIT $1`
const batchesListed = 50

/**
 * Moves one batch. A writer's own number would be taken before its commit, and a reader would skip what commits late;
 * numbers given here, to committed rows only, have no such gap. The rows of event_head stay locked until commit, the
 * database's own (nil tenant) first, so positions become visible in order even if two of these should run at once; a row
 * is deleted by one of them only. 1,000 rows: 12 ms; a million, of 20 tenants: 13 s; 400,000 while an old snapshot keeps every
 * dead row: 6 s.
 */
const moveBatch = `
  WITH batch AS (
    DELETE FROM outbox WHERE id = ANY($1::bigint[])
    RETURNING id, tenant_id, event_id, type, occurred_at, payload
  ), counted AS (
    SELECT tenant_id, count(*) AS n FROM batch GROUP BY tenant_id
    UNION ALL
    SELECT '${NIL_TENANT}'::uuid, count(*) FROM batch HAVING count(*) > 0
  ), head AS (
    INSERT INTO event_head AS known (tenant_id, last) SELECT tenant_id, n FROM counted ORDER BY tenant_id
    ON CONFLICT (tenant_id) DO UPDATE SET last = known.last + excluded.last
    RETURNING tenant_id, last
  ), start AS (
    SELECT tenant_id, last - n AS before FROM head JOIN counted USING (tenant_id)
  )
  INSERT INTO event_log (tenant_id, sequence, position, event_id, type, occurred_at, payload)
  SELECT batch.tenant_id,
    tenant.before + row_number() OVER (PARTITION BY batch.tenant_id ORDER BY batch.id),
    everyone.before + row_number() OVER (ORDER BY batch.id),
    batch.event_id, batch.type, batch.occurred_at, batch.payload
  FROM batch
  JOIN start AS tenant ON tenant.tenant_id = batch.tenant_id
  JOIN start AS everyone ON everyone.tenant_id = '${NIL_TENANT}'::uuid`

// A session's lock: it ends with the connection, whatever becomes of the process. Locks are counted per database.
const tryToLead = `SELECT pg_try_advisory_lock(hashtextextended('quimbi:sequencer', 0)) AS leads`

export function createSequencer(options: SequencerOptions): Sequencer {
  const { pool, bus, log, name, batchSize = 1000, pollMs = 250, metrics } = options
  let leader: pg.PoolClient | undefined

  /** Moves until nothing is left: each batch a statement, so a transaction, of its own. */
  async function moveAll(db: pg.PoolClient | pg.Pool, isWanted: () => boolean): Promise<void> {
    const most = batchesListed * batchSize
    for (;;) {
      const listed = (await db.query<{ id: string }>(listCommitted, [most])).rows.map(({ id }) => id)
      for (let from = 0; from < listed.length; from += batchSize) {
        const moved = (await db.query(moveBatch, [listed.slice(from, from + batchSize)])).rowCount ?? 0
        if (moved > 0) {
          metrics?.sequenced.inc({ log: name }, moved)
          await bus.publish(`log:${name}`)
        }
        if (!isWanted()) return
      }
      if (listed.length < most) return
    }
  }

  async function lead(): Promise<pg.PoolClient | undefined> {
    if (leader) return leader
    const client = await pool.connect()
    const onLost = () => resign(client)
    client.on('error', onLost)
    const { rows } = await client.query<{ leads: boolean }>(tryToLead).catch((error: unknown) => {
      client.release(true)
      throw error
    })
    if (!rows[0]?.leads) {
      client.off('error', onLost)
      client.release()
      return undefined
    }
    leader = client
    log.info({ log: name }, 'this instance now sequences the log')
    return client
  }

  /** Closes the connection, and with it gives up the lock. */
  function resign(client: pg.PoolClient): void {
    if (leader !== client) return
    leader = undefined
    client.release(true)
  }

  async function step(): Promise<void> {
    const client = await lead()
    if (!client) return
    try {
      await moveAll(client, () => !isStopping)
    } catch (error) {
      resign(client)
      throw error
    }
  }

  let isStopping = false
  let unsubscribe: (() => void) | undefined
  const loop = createLoop({
    step,
    pollMs,
    maxBackOffMs: 5_000,
    onError(error, failures) {
      metrics?.failures.inc({ log: name })
      if (failures === 1) log.warn({ err: failure(error), log: name }, 'the log could not be sequenced; trying again')
    },
  })

  return {
    start() {
      unsubscribe ??= bus.subscribe(`outbox:${name}`, () => loop.wake())
      loop.start()
    },
    wake() {
      loop.wake()
      if (!leader) void bus.publish(`outbox:${name}`)
    },
    drain: () => loop.exclusively(() => moveAll(leader ?? pool, () => true)),
    async stop() {
      isStopping = true
      unsubscribe?.()
      await loop.stop()
      if (leader) resign(leader)
    },
  }
}
