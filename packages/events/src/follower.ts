import type { Logger } from '@quimbi/service/logging.ts'
import { tracedEvents } from '@quimbi/service/telemetry.ts'
import type pg from 'pg'
import type { Bus } from './bus.ts'
import { createConsumer, type ConsumerMetrics } from './consumer.ts'
import { readLog, type LogEntry } from './feed.ts'
import { tracesOf } from './trace.ts'
import type { Transaction, TransactionalDatabase } from './transaction.ts'

export type FollowerOptions<Tx extends Transaction> = {
  /** Names its cursor: never to be changed once it has run. */
  name: string
  /** The service's own log: `log:<logName>` on the bus wakes it. */
  logName: string
  /** Of the role quimbi_system. */
  pool: pg.Pool
  /** A Prisma client of the same role, on the same database. */
  database: TransactionalDatabase<Tx> & Transaction
  types: readonly string[]
  /**
   * Applies events of one tenant, in order, in the transaction that also advances the cursor: effects happen exactly once. The
   * role sees every tenant, so each statement names its `tenantId`; `app.tenant_id` is set, for functions that ask for it.
   */
  handle(tx: Tx, events: LogEntry[]): Promise<void>
  /** Keeps a trace of an event that was refused `maxTries` times, in the transaction that passes over it. */
  setAside?: (tx: Tx, event: LogEntry) => Promise<void>
  bus: Bus
  log: Logger
  metrics?: ConsumerMetrics | undefined
  pollMs?: number
  /** Events of one transaction: what it locks stays locked as long. */
  batchSize?: number
  maxTries?: number
}

/** Reads the service's own log and acts on it; runs in any number of instances. `drain` rejects when an event was refused. */
export type Follower = { name: string; start(): void; drain(): Promise<void>; stop(): Promise<void> }

// For the transaction: the connection's own setting stays what its pool believes it to be.
const bindTenant = `SELECT set_config('app.tenant_id', $1, true)`

/** A bad event is set aside after five tries, some seconds: what a tenant's rule does must not stop everybody's for ever. */
export function createFollower<Tx extends Transaction>(options: FollowerOptions<Tx>): Follower {
  const { name, logName, pool, types, handle, setAside, bus, batchSize = 100, maxTries = 5, pollMs = 1_000 } = options
  const { database, log, metrics } = options
  const consumer = createConsumer<Tx, LogEntry>({
    name,
    channel: `log:${logName}`,
    pull: (after) => readLog(pool, { after, types, limit: batchSize }),
    async handle(tx, events) {
      for (const [tenantId, own] of Map.groupBy(events, (event) => event.tenantId)) {
        await tx.$queryRawUnsafe(bindTenant, tenantId)
        await tracedEvents(`follow ${name}`, tracesOf(own), () => handle(tx, own))
      }
    },
    database,
    bus,
    log,
    whenBad: {
      tries: maxTries,
      async setAside(tx, event) {
        await tx.$queryRawUnsafe(bindTenant, event.tenantId)
        await setAside?.(tx, event)
      },
    },
    // What it did may have events of its own.
    onApplied: () => void bus.publish(`outbox:${logName}`),
    metrics,
    pollMs,
    // Nobody watches a rule or a notification come: a tenth of a second of events at once costs one transaction.
    restMs: 100,
  })
  return {
    name,
    start: () => consumer.start(),
    async drain() {
      await consumer.drain()
    },
    stop: () => consumer.stop(),
  }
}
