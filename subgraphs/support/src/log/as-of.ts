import type { Bus } from '@quimbi/events/bus.ts'
import type { Background } from '@quimbi/subgraph/module.ts'
import type { SupportDatabase } from '../database.ts'

/** Tells where in the log an event that was just written stands. */
export type Places = Background & {
  /** Its number in the tenant's log, once it has one; null after a second. */
  sequenceOf(tenantId: string, eventId: string): Promise<bigint | null>
}

type Waiters = Set<(sequence: bigint | null) => void>

/** The sequencer's announcement comes first in most cases; looking at once would find nothing. */
const firstLookMs = 20

type Options = { database: Pick<SupportDatabase, 'forTenant'>; bus: Bus; patienceMs?: number; pollMs?: number }

/** One look a tenant for all who wait, when the log says that it grew; now and then also by itself, in case that was lost. */
export function createPlaces({ database, bus, patienceMs = 1_000, pollMs = 250 }: Options): Places {
  const waiting = new Map<string, Map<string, Waiters>>()
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> | undefined
  let isStale = false
  let unsubscribe: (() => void) | undefined

  function lookIn(ms: number): void {
    timer ??= setTimeout(() => {
      timer = undefined
      look()
    }, ms)
  }

  function look(): void {
    if (waiting.size === 0) return
    isStale = true
    looking ??= lookUntilFresh().finally(() => {
      looking = undefined
      if (waiting.size > 0) lookIn(pollMs)
    })
  }

  async function lookUntilFresh(): Promise<void> {
    while (isStale) {
      isStale = false
      // Whoever meets a database that is away waits on, and gets null in the end.
      await Promise.allSettled([...waiting].map(([tenantId, events]) => lookFor(tenantId, [...events.keys()])))
    }
  }

  async function lookFor(tenantId: string, eventIds: string[]): Promise<void> {
    const where = { tenantId, eventId: { in: eventIds } }
    const found = await database
      .forTenant(tenantId)
      .loggedEvent.findMany({ where, select: { eventId: true, sequence: true } })
    for (const { eventId, sequence } of found) {
      for (const answer of waiting.get(tenantId)?.get(eventId) ?? []) answer(sequence)
    }
  }

  function leave(tenantId: string, eventId: string, answer: (sequence: bigint | null) => void): void {
    const events = waiting.get(tenantId)
    const waiters = events?.get(eventId)
    waiters?.delete(answer)
    if (waiters?.size === 0) events?.delete(eventId)
    if (events?.size === 0) waiting.delete(tenantId)
  }

  return {
    name: 'places',
    start() {},
    sequenceOf(tenantId, eventId) {
      unsubscribe ??= bus.subscribe('log:support', look)
      return new Promise((resolve) => {
        const answer = (sequence: bigint | null) => {
          clearTimeout(patience)
          leave(tenantId, eventId, answer)
          resolve(sequence)
        }
        const patience = setTimeout(answer, patienceMs, null)
        const events = waiting.get(tenantId) ?? new Map<string, Waiters>()
        waiting.set(tenantId, events)
        events.set(eventId, (events.get(eventId) ?? new Set()).add(answer))
        lookIn(firstLookMs)
      })
    },
    async stop() {
      unsubscribe?.()
      for (const events of waiting.values()) for (const all of events.values()) for (const answer of all) answer(null)
      clearTimeout(timer)
      await looking
    },
  }
}
