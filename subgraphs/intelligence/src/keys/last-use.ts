import { failure } from '@quimbi/events/failure.ts'
import { createLoop } from '@quimbi/events/loop.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import { createLru } from '@quimbi/service/lru.ts'
import type { PartnerViewer } from '@quimbi/service/viewer.ts'
import type { IntelligenceDatabase } from '../database.ts'

/** A key's row is written once a minute at most, by all instances together. */
const minuteMs = 60_000
const flushMs = 10_000
const keptKeys = 10_000

// All tenants' keys in one statement, in the order of their rows' keys: two instances never wait for each other in a circle.
const writeUses = `
  UPDATE api_key AS k SET last_used_at = used.at
  FROM (SELECT u.* FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS u (tenant_id, id, at)
    JOIN api_key AS own USING (tenant_id, id) ORDER BY u.tenant_id, u.id FOR NO KEY UPDATE OF own) AS used
  WHERE k.tenant_id = used.tenant_id AND k.id = used.id
    AND (k.last_used_at IS NULL OR k.last_used_at <= used.at - interval '1 minute')`

type Use = { tenantId: string; keyId: string; at: Date }

/** When keys were last used, to the minute. No request waits for it, and none fails by it. */
export type LastUses = {
  note(viewer: PartnerViewer, at: Date): void
  /** Writes what was noted. */
  drain(): Promise<void>
  stop(): Promise<void>
}

export function createLastUses({ pool, log }: { pool: IntelligenceDatabase['systemPool']; log: Logger }): LastUses {
  const noted = createLru<string, number>(keptKeys)
  let pending: Use[] = []

  async function flush(): Promise<void> {
    const uses = pending
    pending = []
    if (uses.length === 0) return
    try {
      await pool.query(writeUses, [
        uses.map(({ tenantId }) => tenantId),
        uses.map(({ keyId }) => keyId),
        uses.map(({ at }) => at),
      ])
    } catch (error) {
      // The next use is noted anew.
      for (const { keyId } of uses) noted.delete(keyId)
      throw error
    }
  }

  const onError = (error: unknown) => log.warn(failure(error), 'the last use of keys could not be written')
  const loop = createLoop({ step: flush, pollMs: flushMs, onError })
  return {
    note({ tenantId, keyId }, at) {
      const last = noted.get(keyId)
      if (last !== undefined && at.getTime() - last < minuteMs) return
      noted.set(keyId, at.getTime())
      pending.push({ tenantId, keyId, at })
      loop.start()
    },
    drain: () => loop.exclusively(flush),
    async stop() {
      await loop.stop()
      await flush().catch(onError)
    },
  }
}
