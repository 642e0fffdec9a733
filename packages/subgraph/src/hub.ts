import { NIL_TENANT } from '@quimbi/database/tenancy.ts'
import type { TenantPool } from '@quimbi/database/tenancy.ts'
import type { Bus } from '@quimbi/events/bus.ts'
import { failure } from '@quimbi/events/failure.ts'
import { FeedRewound, readLog, type LogEntry } from '@quimbi/events/feed.ts'
import { createLoop } from '@quimbi/events/loop.ts'
import type { Logger } from '@quimbi/service/logging.ts'

export type Listener<E> = {
  /** Must not throw, and must not wait: everybody is told one after the other. */
  hear(entry: E): void
  /** The log was restored from an older copy: what was heard may not be in it. */
  lose(): void
}

export type Membership = {
  /** From here on every entry that is committed will be heard. */
  ready: Promise<void>
  leave(): void
}

/** The tail of a service's log, read once for all who listen in this process; not at all while nobody does. */
export type LogHub<E> = {
  join(tenantId: string, listener: Listener<E>): Membership
  /** Calls when the log says that a session of any tenant was revoked. */
  onRevoked(listener: () => void): Membership
  /** How many listen. */
  readonly size: number
  stop(): Promise<void>
}

export type HubOptions = {
  /** The log's, as on the bus. */
  name: string
  /** Of the entries to hear: all of them are an `E`. */
  types: readonly string[]
  /** Of the role quimbi_system. */
  pool: TenantPool
  bus: Bus
  log: Logger
  pollMs?: number
}

const revoked = 'session.revoked'
const pageSize = 500
const selectHead = `SELECT coalesce(max(last), 0) AS head FROM event_head WHERE tenant_id = '${NIL_TENANT}'`

export function createLogHub<E>({ name, types, pool, bus, log, pollMs = 250 }: HubOptions): LogHub<E> {
  const wanted = [...types, revoked]
  const byTenant = new Map<string, Set<Listener<E>>>()
  const ofRevocations = new Set<() => void>()
  const stopping = new Set<Promise<void>>()
  let size = 0
  let reader: { ready: Promise<void>; stop(): Promise<void> } | undefined

  function tell(entry: LogEntry): void {
    if (entry.type === revoked) for (const listener of ofRevocations) listener()
    else for (const listener of byTenant.get(entry.tenantId) ?? []) listener.hear(entry as E)
  }

  function open() {
    const { promise: ready, resolve } = Promise.withResolvers<void>()
    let position: bigint | undefined
    let stopped = false

    async function step(): Promise<void> {
      position ??= BigInt((await pool.query<{ head: string }>(selectHead)).rows[0]?.head ?? 0)
      resolve()
      for (;;) {
        const page = await readLog(pool, { after: position, types: wanted, limit: pageSize })
        page.events.forEach(tell)
        position = page.position
        if (page.atEnd || stopped) return
      }
    }

    const loop = createLoop({
      step,
      pollMs,
      maxBackOffMs: 5_000,
      onError(error) {
        log.warn(failure(error), 'the tail of the log could not be read')
        if (!(error instanceof FeedRewound)) return
        position = undefined
        for (const listeners of byTenant.values()) for (const { lose } of [...listeners]) lose()
      },
    })
    const unsubscribe = bus.subscribe(`log:${name}`, () => loop.wake())
    loop.start()
    return {
      ready,
      stop() {
        stopped = true
        unsubscribe()
        return loop.stop()
      },
    }
  }

  function close(): Promise<void> {
    const stopped = reader?.stop() ?? Promise.resolve()
    reader = undefined
    stopping.add(stopped)
    return stopped.finally(() => stopping.delete(stopped))
  }

  function enter(remove: () => void): Membership {
    size += 1
    reader ??= open()
    let isIn = true
    return {
      ready: reader.ready,
      leave() {
        if (!isIn) return
        isIn = false
        remove()
        size -= 1
        if (size === 0) void close()
      },
    }
  }

  return {
    join(tenantId, listener) {
      const listeners = byTenant.get(tenantId) ?? new Set<Listener<E>>()
      byTenant.set(tenantId, listeners.add(listener))
      return enter(() => {
        listeners.delete(listener)
        if (listeners.size === 0 && byTenant.get(tenantId) === listeners) byTenant.delete(tenantId)
      })
    },
    onRevoked(listener) {
      const own = () => listener()
      ofRevocations.add(own)
      return enter(() => ofRevocations.delete(own))
    },
    get size() {
      return size
    },
    async stop() {
      await Promise.all([close(), ...stopping])
    },
  }
}
