import type { Logger } from '@quimbi/service/logging.ts'
import { tracedEvents } from '@quimbi/service/telemetry.ts'
import type { Bus } from './bus.ts'
import { createConsumer, type Consumer, type ConsumerMetrics } from './consumer.ts'
import type { FeedEvent, FeedSource } from './feed.ts'
import { maxFeedLimit } from './feed.ts'
import type { Event, EventOf, Topic } from './topics.ts'
import { isTopic, parseEvent } from './topics.ts'
import { tracesOf } from './trace.ts'
import type { Transaction, TransactionalDatabase } from './transaction.ts'

/** Applies consecutive events of one topic, in order, in the transaction that also advances the cursor. */
export type Handler<Tx, T extends Topic> = (tx: Tx, events: EventOf<T>[]) => Promise<void>
export type Handlers<Tx> = { [T in Topic]?: Handler<Tx, T> }

export type ReceiverOptions<Tx extends Transaction> = {
  source: FeedSource
  /** The log's name: names the cursor, and `log:<name>` on the bus wakes the receiver. */
  sourceName: string
  /** A Prisma client of the role quimbi_system. */
  database: TransactionalDatabase<Tx> & Transaction
  handlers: Handlers<Tx>
  bus: Bus
  log: Logger
  metrics?: ConsumerMetrics
  pollMs?: number
}

/** Applies another service's events: each exactly once, in order; one that cannot be applied is waited for. */
export function createReceiver<Tx extends Transaction>(options: ReceiverOptions<Tx>): Consumer {
  const { source, sourceName, database, handlers, bus, log, metrics, pollMs = 1_000 } = options
  const topics = Object.keys(handlers).filter(isTopic)

  async function handle(tx: Tx, run: readonly FeedEvent[]): Promise<void> {
    const events = run.map(({ position: _, ...event }) => parseEvent(event))
    const [first] = events
    // The run is of one topic, and the handler is that topic's.
    const handler = first && (handlers[first.type] as ((tx: Tx, events: Event[]) => Promise<void>) | undefined)
    await tracedEvents(`apply ${first?.type}`, tracesOf(run), async () => handler?.(tx, events))
  }

  return createConsumer<Tx, FeedEvent>({
    name: sourceName,
    channel: `log:${sourceName}`,
    pull: (after) => source.pull({ after, topics, limit: maxFeedLimit }),
    async handle(tx, events) {
      for (const run of runsOf(events)) await handle(tx, run)
    },
    database,
    bus,
    log,
    whenBad: 'wait',
    metrics,
    pollMs,
  })
}

/** Cuts into runs of one topic, order kept. */
function runsOf(events: readonly FeedEvent[]): FeedEvent[][] {
  const runs: FeedEvent[][] = []
  for (const event of events) {
    const run = runs.at(-1)
    if (run?.[0]?.type === event.type) run.push(event)
    else runs.push([event])
  }
  return runs
}
