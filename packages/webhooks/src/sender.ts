import { failure } from '@quimbi/events/failure.ts'
import { createLoop } from '@quimbi/events/loop.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import type { Background } from '@quimbi/subgraph/module.ts'
import { attempt, type Sending } from './attempt.ts'
import { createWebhookClient, type ResolveAll } from './client.ts'
import type { Outcome } from './retry.ts'

/** A delivery that this instance has in hand, until its lease is over. */
export type Leased = Sending & { tenantId: string; id: string; endpointId: string; isActive: boolean }

/** Where deliveries wait: each service has tables of its own. */
export type DeliveryQueue<T extends Leased> = {
  /** Takes what has been due for longest, of endpoints that are not in `busy`; null if nothing is. */
  take(now: Date, busy: readonly string[]): Promise<T | null>
  /** Writes what became of an attempt. */
  settle(taken: T, outcome: Outcome, at: { now: Date; chance: number }): Promise<void>
  /** Gives up one whose endpoint was switched off. */
  drop(taken: T): Promise<void>
}

export type SenderOptions = {
  /** The real one. */
  clock: Clock
  log: Logger
  /** Whether endpoints may lie on this machine. */
  toLoopback: boolean
  resolve?: ResolveAll | undefined
  /** Attempts at a time, of all endpoints and of one. */
  concurrency?: number | undefined
  perEndpoint?: number | undefined
  deadlineMs?: number | undefined
  pollMs?: number | undefined
}

/** One attempt takes at most 15 s; as long again and more for clocks and a slow commit. */
export const leaseMs = 60_000

/**
 * Sends what is due to endpoints; any number of instances may run. At least once: one that dies in an attempt has it made again, under the
 * same `webhook-id`.
 */
export function createSender<T extends Leased>(
  name: string,
  queue: DeliveryQueue<T>,
  options: SenderOptions,
): Background & { drain(): Promise<void> } {
  const { clock, log, toLoopback, resolve } = options
  const { concurrency = 32, perEndpoint = 4, deadlineMs = 15_000, pollMs = 1_000 } = options
  const dispatcher = createWebhookClient({ toLoopback, resolve })
  const active = new Map<Promise<void>, string>()
  const closing = new AbortController()
  const loop = createLoop({
    async step() {
      await step()
    },
    pollMs,
    onError: (error, failures) => {
      if (failures === 1) log.warn(failure(error), 'webhooks could not be looked for; trying again')
    },
  })

  /** Endpoints that have as many attempts under way here as they may. */
  function busy(): string[] {
    const counts = new Map<string, number>()
    for (const endpointId of active.values()) counts.set(endpointId, (counts.get(endpointId) ?? 0) + 1)
    return [...counts].filter(([, count]) => count >= perEndpoint).map(([endpointId]) => endpointId)
  }

  /** Takes up what is due and has room; true when nothing at all is left. */
  async function step(): Promise<boolean> {
    while (active.size < concurrency && !closing.signal.aborted) {
      const without = busy()
      const taken = await queue.take(clock.now(), without)
      if (!taken) return without.length === 0
      const sending = send(taken).finally(() => {
        active.delete(sending)
        loop.wake()
      })
      active.set(sending, taken.endpointId)
    }
    return closing.signal.aborted
  }

  /** Never rejects: what cannot be settled is sent again when its lease is over. */
  async function send(taken: T): Promise<void> {
    const { tenantId, id, endpointId } = taken
    try {
      if (!taken.isActive) return await queue.drop(taken)
      const deadline = AbortSignal.timeout(deadlineMs)
      const signal = AbortSignal.any([deadline, closing.signal])
      const outcome = await attempt(taken, { dispatcher, now: clock.now(), signal })
      // A stop says nothing about the endpoint.
      if (outcome.statusCode === null && closing.signal.aborted) return
      if (outcome.error !== null)
        log.info({ tenantId, deliveryId: id, endpointId, reason: outcome.error }, 'a webhook was not taken')
      await queue.settle(taken, outcome, { now: clock.now(), chance: Math.random() })
    } catch (error) {
      log.error({ ...failure(error), tenantId, deliveryId: id }, 'a webhook could not be settled')
    }
  }

  return {
    name,
    start: () => loop.start(),
    async drain() {
      for (;;) {
        const isDone = await loop.exclusively(step)
        if (isDone && active.size === 0) return
        if (active.size > 0) await Promise.race(active.keys())
      }
    },
    async stop() {
      await loop.stop()
      // Those under way get a moment; what a stop cuts off is sent again when its lease is over.
      const grace = setTimeout(() => closing.abort(), 5_000)
      await Promise.all(active.keys())
      clearTimeout(grace)
      await dispatcher.destroy()
    },
  }
}
