import { newId } from '@quimbi/database/ids.ts'
import { withTenant } from '@quimbi/database/tenancy.ts'
import { failure } from '@quimbi/events/failure.ts'
import { createLoop } from '@quimbi/events/loop.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import type { Metrics } from '@quimbi/service/metrics.ts'
import type { IntelligenceDatabase } from '../database.ts'
import { readMetrics } from './read-metrics.ts'

const batchSize = 500
const flushMs = 1_000
const maxQueued = 10_000
const maxCustomers = 100
const maxFields = 50
const maxText = 200
const minuteMs = 60_000

/** One request that was made with a key. */
export type KeyRead = {
  tenantId: string
  keyId: string
  at: Date
  requestId: string
  operationName: string | null
  /** Root fields, by their names in the schema. */
  fields: readonly string[]
  /** Whom the answer was about. The first 100 are kept, and how many they were. */
  customerIds: ReadonlySet<string>
  /** Points. */
  cost: number
  outcome: 'OK' | 'REFUSED' | 'FAILED'
}

/** Who read what: written soon after, by batches. No request waits for it, and none fails by it. */
export type ReadLog = {
  note(read: KeyRead): void
  /** Writes what was noted; throws what the database said. */
  drain(): Promise<void>
  stop(): Promise<void>
}

type Row = Omit<KeyRead, 'tenantId' | 'customerIds'> & { id: string; customerIds: string[]; customers: number }
type Queued = { tenantId: string; row: Row }
type ReadLogOptions = {
  database: Pick<IntelligenceDatabase, 'appPool'>
  log: Logger
  metrics: Pick<Metrics, 'registry'>
  max?: number
}

/** Up to 10,000 requests wait for the database; then the oldest are lost, counted, and told of in the log once a minute. */
export function createReadLog({ database, log, metrics, max = maxQueued }: ReadLogOptions): ReadLog {
  const measured = readMetrics(metrics.registry)
  const tellLost = tellAtMost(log)
  let queue: Queued[] = []

  function lose(): void {
    // Some at a time: to cut one from the front costs a copy of all.
    const lost = Math.max(queue.length - max, Math.ceil(max / 100))
    queue = queue.slice(lost)
    measured.noted('lost', lost)
    tellLost(lost)
  }

  /** One tenant's part of a batch; true if it was not kept and may be later. */
  async function write(tenantId: string, rows: readonly Queued[]): Promise<unknown> {
    try {
      const values = [JSON.stringify(rows.map(({ row }) => row))]
      await withTenant(tenantId, () => database.appPool.query('SELECT app.note_key_reads($1::jsonb)', values))
      measured.noted('kept', rows.length)
      return null
    } catch (error) {
      if (!isRefusal(error)) return error
      log.error(failure(error), 'what keys read was refused by the database')
      measured.noted('unkept', rows.length)
      return null
    }
  }

  async function flush(): Promise<void> {
    while (queue.length > 0) {
      const batch = queue.slice(0, batchSize)
      queue = queue.slice(batchSize)
      const failed: Queued[] = []
      let reason: unknown = null
      for (const [tenantId, rows] of Map.groupBy(batch, (one) => one.tenantId)) {
        const error = await write(tenantId, rows)
        if (error === null) continue
        reason = error
        failed.push(...rows)
      }
      if (failed.length === 0) continue
      queue = [...failed, ...queue]
      if (queue.length > max) lose()
      throw reason
    }
  }

  const onError = (error: unknown) => log.warn(failure(error), 'what keys read could not be written; it is tried again')
  const loop = createLoop({ step: flush, pollMs: flushMs, maxBackOffMs: 5_000, onError })
  return {
    note({ tenantId, ...read }) {
      queue.push({ tenantId, row: rowOf(read) })
      if (queue.length > max) lose()
      loop.start()
      if (queue.length >= batchSize) loop.wake()
    },
    drain: () => loop.exclusively(flush),
    async stop() {
      await loop.stop()
      await flush().catch((error: unknown) => {
        measured.noted('lost', queue.length)
        log.error({ ...failure(error), lost: queue.length }, 'what keys read last could not be written')
      })
    },
  }
}

function rowOf({ customerIds, fields, requestId, operationName, cost, ...read }: Omit<KeyRead, 'tenantId'>): Row {
  return {
    ...read,
    id: newId(),
    requestId: storable(requestId),
    operationName: operationName === null ? null : storable(operationName),
    fields: fields.slice(0, maxFields),
    customerIds: customerIds.size > maxCustomers ? [...customerIds].slice(0, maxCustomers) : [...customerIds],
    customers: customerIds.size,
    cost: Math.ceil(cost),
  }
}

/** A client's own word: as much of it as PostgreSQL takes. */
const storable = (text: string): string => text.slice(0, maxText).toWellFormed().replaceAll('\u0000', '')

/** Data that the database will never take, as against a database that is away. */
const isRefusal = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^2[23]/.test(String(error.code))

function tellAtMost(log: Logger): (lost: number) => void {
  let untold = 0
  let toldAt = -Infinity
  return (lost) => {
    untold += lost
    const now = performance.now()
    if (now - toldAt < minuteMs) return
    log.error({ lost: untold }, 'what keys read is lost: the database takes it too slowly')
    ;[untold, toldAt] = [0, now]
  }
}
