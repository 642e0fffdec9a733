import { createLoop } from '@quimbi/events/loop.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import type { Background } from '@quimbi/subgraph/module.ts'
import type { FileStore } from '../attachments/store.ts'
import type { SupportDatabase } from '../database.ts'
import type { SupportSettings } from '../settings.ts'
import { NotDelivered } from './adapter.ts'
import type { Adapters } from './adapters.ts'
import { deliveryDeadlineMs, type DeliveryEvent } from './delivery.ts'
import { settle, soonestDue, takeDue, type Taken } from './deliveries.ts'
import { countRecipient, maxPerChatAnHour, maxPerRecipientAnHour } from './fuse.ts'
import { loadOutbound } from './outbound.ts'

export type DelivererOptions = {
  database: SupportDatabase
  /** The real one. */
  clock: Clock
  log: Logger
  settings: SupportSettings
  adapters: Adapters
  files: Pick<FileStore, 'open'>
  /** Deliveries at a time. */
  concurrency?: number
  deadlineMs?: number
  pollMs?: number
  /** Told where a delivery stands, so that a test can end the process there. */
  onStep?: (step: 'taking' | 'taken' | 'delivered') => Promise<void> | void
}

/** Every so often a delivery's end cannot be written at once: the database restarts. Without it the message would stay "unknown". */
const settleDelaysMs = [0, 250, 1_000, 4_000]

/**
 * Delivers what is due; any number of instances may run. A message is marked SENDING and committed before anything goes out, and settled
 * after; one whose deliverer died in between becomes FAILED, "delivery unknown", and is never sent again by itself.
 */
export function createDeliverer(options: DelivererOptions): Background {
  const { database, clock, log, adapters, onStep } = options
  const { concurrency = 4, deadlineMs = deliveryDeadlineMs, pollMs = 1_000 } = options
  const active = new Set<Promise<void>>()
  const closing = new AbortController()
  let alarm: NodeJS.Timeout | undefined

  const loop = createLoop({
    step,
    pollMs,
    restMs: 50,
    onError: (error, failures) => {
      if (failures === 1) log.warn({ err: error }, 'messages could not be looked for; trying again')
    },
  })
  let unsubscribe: (() => void) | undefined

  async function step(): Promise<void> {
    clearTimeout(alarm)
    while (active.size < concurrency) {
      await onStep?.('taking')
      const free = concurrency - active.size
      const taken = await takeDue(database.system, clock.now(), free)
      for (const one of taken) begin(one)
      if (taken.length < free) return waitForSoonest()
    }
  }

  function begin(taken: Taken): void {
    const delivery = deliver(taken).finally(() => {
      active.delete(delivery)
      loop.wake()
    })
    active.add(delivery)
  }

  async function waitForSoonest(): Promise<void> {
    const now = clock.now().getTime()
    const soonest = await soonestDue(database.system, new Date(now + pollMs))
    if (soonest) alarm = setTimeout(() => loop.wake(), Math.max(0, soonest.getTime() - now)).unref()
  }

  /** Never rejects: what cannot be settled is found when its lease is over. */
  async function deliver(taken: Taken): Promise<void> {
    try {
      await onStep?.('taken')
      const event: DeliveryEvent = taken.was === 'SENDING' ? { kind: 'abandoned' } : await attempt(taken)
      await onStep?.('delivered')
      await settleSurely(taken, event)
    } catch (error) {
      log.error({ err: error, tenantId: taken.tenantId, messageId: taken.id }, 'a delivery could not be settled')
    }
  }

  async function attempt(taken: Taken): Promise<DeliveryEvent> {
    const { tenantId, id: messageId, attempts } = taken
    try {
      const { externalId } = await send(taken)
      return { kind: 'acknowledged', externalId }
    } catch (error) {
      // What broke on our side broke before anything was handed over: adapters say so themselves where it may have been.
      const failure =
        error instanceof NotDelivered
          ? error
          : new NotDelivered('TEMPORARY', 'It could not be prepared.', { cause: error })
      const { kind, message, cause } = failure
      log.warn({ err: cause ?? failure, tenantId, messageId, attempts, kind }, 'a message was not delivered')
      return { kind: 'failed', failure: kind, error: message }
    }
  }

  async function send(taken: Taken): Promise<{ externalId: string }> {
    const { tenantId, id, attempts } = taken
    const db = database.forTenant(tenantId)
    const loaded = await loadOutbound(db, taken, options)
    if (!loaded) throw new NotDelivered('PERMANENT', 'The message is gone.')
    const { channel, isDemo, isDemoOver, outbound } = loaded
    if (isDemoOver) throw new NotDelivered('PERMANENT', 'The demo mode was switched off.')
    if (isDemo) return { externalId: `demo:${id}` }
    if (!outbound) throw new NotDelivered('PERMANENT', 'The customer has no address on this channel.')
    const adapter = adapters.get(channel)
    if (!adapter) throw new NotDelivered('PERMANENT', 'There is no such channel.')
    const most = channel === 'CHAT' ? maxPerChatAnHour : maxPerRecipientAnHour
    const fuse = { now: clock.now(), max: most }
    const isCounted = attempts > 1 || (await countRecipient(db, tenantId, outbound.recipient, fuse))
    if (!isCounted) throw new NotDelivered('PERMANENT', 'Too many messages to this recipient in an hour.')
    return withDeadline((signal) => adapter.deliver(outbound, signal), deadlineMs, closing.signal)
  }

  async function settleSurely(taken: Taken, event: DeliveryEvent): Promise<void> {
    const state = { status: 'SENDING', attempts: taken.attempts } as const
    for (const [index, delayMs] of settleDelaysMs.entries()) {
      if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs))
      try {
        await settle(database, taken, event, { state, now: clock.now(), chance: Math.random() })
        return
      } catch (error) {
        if (index === settleDelaysMs.length - 1) throw error
      }
    }
  }

  return {
    name: 'delivery',
    start() {
      unsubscribe ??= database.onCommit(() => loop.wake())
      loop.start()
    },
    async drain() {
      for (;;) {
        await loop.exclusively(step)
        if (active.size === 0) return
        await Promise.all(active)
      }
    },
    async stop() {
      unsubscribe?.()
      await loop.stop()
      clearTimeout(alarm)
      // Those under way get a moment; what a stop cuts off has its outcome written like any other.
      const grace = setTimeout(() => closing.abort(), 8_000)
      await Promise.all(active)
      clearTimeout(grace)
      clearTimeout(alarm)
      await Promise.all([...adapters.values()].map((adapter) => adapter.close()))
    },
  }
}

/** Ends the wait for an adapter that does not heed its signal, too. */
async function withDeadline<T>(
  run: (signal: AbortSignal) => Promise<T>,
  deadlineMs: number,
  closing: AbortSignal,
): Promise<T> {
  const deadline = new AbortController()
  const cut = Promise.withResolvers<never>()
  const end = () => {
    deadline.abort()
    // Not before the adapter had its turn: it knows better whether anything was handed over.
    setTimeout(() => cut.reject(new NotDelivered('UNKNOWN', 'It took too long.')), 1_000).unref()
  }
  const timer = setTimeout(end, deadlineMs)
  closing.addEventListener('abort', end, { once: true })
  cut.promise.catch(() => {})
  try {
    return await Promise.race([run(deadline.signal), cut.promise])
  } finally {
    clearTimeout(timer)
    closing.removeEventListener('abort', end)
  }
}
