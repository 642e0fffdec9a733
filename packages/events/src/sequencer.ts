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

// Only one moves at a time, the leader or a `drain` of another process. Taken in a statement of its own: the next one's snapshot
// is then fresh, and sees the chain's last entry.
const beginMove = `BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('quimbi:sequencing', 0))`

/**
 * Moves one batch. A writer's own number would be taken before its commit, and a reader would skip what commits late;
 * numbers given here, to committed rows only, have no such gap. A chain goes on from the hash of the tenant's last entry, or from the
 * checkpoint that stands for it. What was erased while it waited (JSON's null) becomes an erased entry. 1,000 rows of
 * half a kilobyte: at most 57 ms of CPU, measured on a busy machine.
 */
const moveBatch = `
  WITH batch AS (
    DELETE FROM outbox WHERE id = ANY($1::bigint[])
    RETURNING id, tenant_id, event_id, type, occurred_at, ticket_id, payload, salt
  ), counted AS (
    SELECT tenant_id, count(*) AS n FROM batch GROUP BY tenant_id
    UNION ALL
    SELECT '${NIL_TENANT}'::uuid, count(*) FROM batch HAVING count(*) > 0
  ), head AS (
    INSERT INTO event_head AS known (tenant_id, last) SELECT tenant_id, n FROM counted
    ON CONFLICT (tenant_id) DO UPDATE SET last = known.last + excluded.last
    RETURNING tenant_id, last
  ), start AS MATERIALIZED (
    SELECT tenant_id, last - n AS before, coalesce(
        (SELECT hash FROM event_log AS e WHERE e.tenant_id = head.tenant_id AND e.sequence = last - n),
        (SELECT hash FROM log_checkpoint AS c WHERE c.tenant_id = head.tenant_id AND c.sequence = last - n),
        app.log_genesis(tenant_id)) AS hash
    FROM head JOIN counted USING (tenant_id)
  ), numbered AS (
    SELECT batch.*, app.log_digest(salt, payload) AS digest, tenant.hash AS start, payload = 'null' AS is_erased,
      tenant.before + row_number() OVER (PARTITION BY batch.tenant_id ORDER BY batch.id) AS sequence,
      everyone.before + row_number() OVER (ORDER BY batch.id) AS position
    FROM batch
    JOIN start AS tenant ON tenant.tenant_id = batch.tenant_id
    JOIN start AS everyone ON everyone.tenant_id = '${NIL_TENANT}'::uuid
  ), chained AS (
    SELECT *, app.chain(start, app.log_entry(tenant_id, sequence, event_id, type, occurred_at, ticket_id, digest))
      OVER (PARTITION BY tenant_id ORDER BY sequence ROWS UNBOUNDED PRECEDING) AS hash
    FROM numbered
  )
  INSERT INTO event_log (tenant_id, sequence, position, event_id, type, occurred_at, ticket_id, payload, salt, digest, hash)
  SELECT tenant_id, sequence, position, event_id, type, occurred_at, ticket_id,
    CASE WHEN NOT is_erased THEN payload END, CASE WHEN NOT is_erased THEN salt END, digest, hash FROM chained`

// Of few rows, as in most turns, planning takes a tenth of it: prepared once a connection. A plan that knows nothing of their number joins
// tenants by nested loops, which many rows of many tenants would pay for.
const moveFew = { name: 'quimbi.move-few', text: moveBatch }
const fewRows = 100

// A session's lock: it ends with the connection, whatever becomes of the process. Locks are counted per database.
const tryToLead = `SELECT pg_try_advisory_lock(hashtextextended('quimbi:sequencer', 0)) AS leads`

export function createSequencer(options: SequencerOptions): Sequencer {
  const { pool, bus, log, name, batchSize = 1000, pollMs = 250, metrics } = options
  let leader: pg.PoolClient | undefined

  /** One batch in one transaction; resolves to the number of events moved. */
  async function move(client: pg.PoolClient, ids: readonly string[]): Promise<number> {
    const batch = { ...(ids.length <= fewRows ? moveFew : { text: moveBatch }), values: [ids] }
    // Sent together: each runs after the one before it, and COMMIT of what failed rolls back.
    const [begun, moved, ended] = await Promise.allSettled([
      client.query(beginMove),
      client.query(batch),
      client.query('COMMIT'),
    ])
    for (const sent of [begun, moved, ended]) if (sent.status === 'rejected') throw sent.reason
    return moved.status === 'fulfilled' ? (moved.value.rowCount ?? 0) : 0
  }

  /** Moves until nothing is left. */
  async function moveAll(client: pg.PoolClient, isWanted: () => boolean): Promise<void> {
    const most = batchesListed * batchSize
    for (;;) {
      const listed = (await client.query<{ id: string }>(listCommitted, [most])).rows.map(({ id }) => id)
      for (let from = 0; from < listed.length; from += batchSize) {
        const moved = await move(client, listed.slice(from, from + batchSize))
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

  /** Moves all on the leader's connection, or on another. */
  async function drain(): Promise<void> {
    if (leader) return moveAll(leader, () => true)
    const client = await pool.connect()
    const ignore = () => {} // a lost connection fails the statement
    client.on('error', ignore)
    let isWhole = false
    try {
      await moveAll(client, () => true)
      isWhole = true
    } finally {
      client.off('error', ignore)
      client.release(!isWhole)
    }
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
    // A batch costs as much as its five statements, whether it moves one event or ten.
    restMs: 10,
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
    drain: () => loop.exclusively(drain),
    async stop() {
      isStopping = true
      unsubscribe?.()
      await loop.stop()
      if (leader) resign(leader)
    },
  }
}
