import { failure } from '@quimbi/events/failure.ts'
import { createLoop } from '@quimbi/events/loop.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import type { Background } from '@quimbi/subgraph/module.ts'
import type { Db, IntelligenceDatabase } from '../database.ts'
import { lensOf } from './lens.ts'
import { refreshSome } from './refresh.ts'

export type RefresherOptions = {
  database: IntelligenceDatabase
  /** The real one. */
  clock: Clock
  log: Logger
  /** Customers of one transaction; as long as it runs, new orders of just these wait. */
  batchSize?: number
  /** The longest sleep: what was committed by another process wakes nobody here. */
  pollMs?: number
}

/** Commits that come close together are computed together. */
const gatherMs = 200

// Every tenant with a mark that is due, by one look-up each: a list of all marks would be as long as the longest tenant's.
export const staleTenants = `
  WITH RECURSIVE tenants AS (
    (SELECT tenant_id FROM stale_customer ORDER BY tenant_id LIMIT 1)
    UNION ALL
    SELECT (SELECT s.tenant_id FROM stale_customer s WHERE s.tenant_id > t.tenant_id ORDER BY s.tenant_id LIMIT 1)
    FROM tenants t WHERE t.tenant_id IS NOT NULL
  )
  SELECT tenant_id AS id FROM tenants t WHERE EXISTS (
    SELECT FROM stale_customer s WHERE s.tenant_id = t.tenant_id AND (s.since <= $1::timestamptz OR s.since = 'infinity')
  )`

/**
 * Keeps insight up to date: computes customers anew when something of them changed. Any number of instances may run, each takes what no other
 * holds. Tenants take turns, a batch each, so that none waits for another's import.
 */
export function createRefresher(options: RefresherOptions): Background & { drain(): Promise<void> } {
  const { database, clock, log, batchSize = 250, pollMs = 1_000 } = options
  let unsubscribe: (() => void) | undefined
  let isStopping = false
  let isLookedAt = false

  const loop = createLoop({
    async step() {
      await refreshAll(() => !isStopping)
    },
    pollMs,
    restMs: gatherMs,
    onError: (error, failures) => {
      if (failures === 1) log.warn({ err: failure(error) }, 'insight could not be computed; trying again')
    },
  })

  /** Rounds over the tenants until nothing is due. Throws, when all others are done, what one of them failed with. */
  async function refreshAll(isWanted: () => boolean): Promise<void> {
    const failed = new Map<string, unknown>()
    for (;;) {
      const due = await database.system.$queryRawUnsafe<{ id: string }[]>(staleTenants, clock.now())
      let done = 0
      for (const { id } of due) {
        if (!isWanted()) return
        if (failed.has(id)) continue
        try {
          done += await refreshTenant(id)
        } catch (error) {
          failed.set(id, error)
        }
      }
      if (done === 0) break
      if (!isLookedAt) isLookedAt = await lookAtTables(database.system)
    }
    for (const error of failed.values()) throw error
  }

  async function refreshTenant(tenantId: string): Promise<number> {
    // Models that are not at hand take seconds to make or read: better now than while customers are held.
    await lensOf(database.forTenant(tenantId), tenantId)
    return database.transact(tenantId, (tx) =>
      refreshSome(tx, {
        tenantId,
        now: clock.now(),
        limit: batchSize,
        onFailure: (customerId, error) =>
          log.error({ err: failure(error), tenantId, customerId }, 'the insight of a customer could not be computed'),
      }),
    )
  }

  return {
    name: 'refresher',
    start() {
      unsubscribe ??= database.onCommit(() => loop.wake())
      loop.start()
    },
    async drain() {
      await loop.exclusively(() => refreshAll(() => true))
    },
    async stop() {
      isStopping = true
      unsubscribe?.()
      await loop.stop()
    },
  }
}

/** Has PostgreSQL count what came to hold something for the first time; whether that is all there is to count. */
async function lookAtTables(system: Db): Promise<boolean> {
  const [row] = await system.$queryRaw<{ small: number }[]>`SELECT app.first_statistics() AS small`
  return row?.small === 0
}
