import { NIL_TENANT } from '@quimbi/database/tenancy.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import type { Bus } from './bus.ts'
import { failure } from './failure.ts'
import type { FeedEvent, FeedPage, FeedSource } from './feed.ts'
import { maxFeedLimit } from './feed.ts'
import { createLoop } from './loop.ts'
import type { Counter, Gauge } from './metrics.ts'
import type { Event, EventOf, Topic } from './topics.ts'
import { isTopic, parseEvent } from './topics.ts'
import type { Transaction, TransactionalDatabase } from './transaction.ts'

/** Applies consecutive events of one topic, in order, in the transaction that also advances the cursor. */
export type Handler<Tx, T extends Topic> = (tx: Tx, events: EventOf<T>[]) => Promise<void>
export type Handlers<Tx> = { [T in Topic]?: Handler<Tx, T> }

/** Each by `source`. */
export type ReceiverMetrics = {
  /** Positions between the cursor and the log's end. */
  lag: Gauge
  /** Events applied, also by `topic`. */
  applied: Counter
  /** Failed attempts, of the sender or of a handler. */
  failures: Counter
}

export type ReceiverOptions<Tx extends Transaction> = {
  source: FeedSource
  /** The log's name: names the cursor, and `log:<name>` on the bus wakes the receiver. */
  sourceName: string
  /** A Prisma client of the role quimbi_system. */
  database: TransactionalDatabase<Tx> & Transaction
  handlers: Handlers<Tx>
  bus: Bus
  log: Logger
  metrics?: ReceiverMetrics
  pollMs?: number
}

/** Applies another service's events: each exactly once, in order, whatever crashes and however many instances run. */
export type Receiver = {
  start(): void
  /** Pulls until the end of the log; resolves to the number of events applied, rejects when one cannot be. */
  drain(): Promise<number>
  stop(): Promise<void>
}

/** What became of a page: `moved` when another instance had advanced the cursor first. */
type Outcome = { applied: number; moved: boolean }

const selectCursor = `SELECT position FROM feed_cursor WHERE tenant_id = '${NIL_TENANT}' AND source = $1`
const insertCursor = `INSERT INTO feed_cursor (tenant_id, source, position) VALUES ('${NIL_TENANT}', $1, 0) ON CONFLICT DO NOTHING`
// Compared and set in one statement, which also locks the row until commit: of two instances with the same page, the
// second waits here, finds the cursor moved, and does nothing.
const advanceCursor = `
  UPDATE feed_cursor SET position = $3::bigint
  WHERE tenant_id = '${NIL_TENANT}' AND source = $1 AND position = $2::bigint`

/** A page's effects are one transaction; Prisma's own limit of 5 s would end a busy database's. */
const transactionLimits = { maxWait: 10_000, timeout: 60_000 }

export function createReceiver<Tx extends Transaction>(options: ReceiverOptions<Tx>): Receiver {
  const { source, sourceName, database, handlers, bus, log, metrics, pollMs = 1_000 } = options
  const topics = Object.keys(handlers).filter(isTopic)
  const labels = { source: sourceName }
  /** Set by a failure, until the page is through: one event a transaction, so that what precedes the bad one lands. */
  let isCareful = false

  async function readCursor(): Promise<bigint> {
    for (;;) {
      const [row] = await database.$queryRawUnsafe<{ position: bigint }[]>(selectCursor, sourceName)
      if (row) return BigInt(row.position)
      await database.$executeRawUnsafe(insertCursor, sourceName)
    }
  }

  /** Applies events and moves the cursor from `from` to `to`, together. False when another instance was first. */
  async function apply(events: readonly FeedEvent[], from: bigint, to: bigint): Promise<boolean> {
    if (to === from) return true
    const isOurs = await database.$transaction(async (tx) => {
      if ((await tx.$executeRawUnsafe(advanceCursor, sourceName, from, to)) === 0) return false
      for (const run of runsOf(events)) await handle(tx, run)
      return true
    }, transactionLimits)
    if (isOurs) for (const { type } of events) metrics?.applied.inc({ ...labels, topic: type })
    return isOurs
  }

  async function handle(tx: Tx, run: readonly FeedEvent[]): Promise<void> {
    const events = run.map(({ position: _, ...event }) => parseEvent(event))
    const [first] = events
    // The run is of one topic, and the handler is that topic's.
    const handler = first && (handlers[first.type] as ((tx: Tx, events: Event[]) => Promise<void>) | undefined)
    await handler?.(tx, events)
  }

  async function applyOneByOne(page: FeedPage, after: bigint): Promise<Outcome> {
    let from = after
    let applied = 0
    for (const event of page.events) {
      try {
        if (!(await apply([event], from, event.position))) return { applied, moved: true }
      } catch (error) {
        const { eventId, tenantId, type, position } = event
        log.error(
          { err: failure(error), source: sourceName, eventId, tenantId, topic: type, position: String(position) },
          'an event could not be applied; the feed waits for it',
        )
        throw error
      }
      from = event.position
      applied += 1
    }
    return { applied, moved: !(await apply([], from, page.position)) }
  }

  /** One page: its effects and the cursor are committed together. */
  async function pullPage(): Promise<{ applied: number; atEnd: boolean }> {
    const after = await readCursor()
    const page = await source.pull({ after, topics, limit: maxFeedLimit })
    metrics?.lag.set(labels, Number(page.head - after))
    let outcome: Outcome
    if (isCareful) {
      outcome = await applyOneByOne(page, after)
    } else {
      isCareful = true
      const isOurs = await apply(page.events, after, page.position)
      outcome = { applied: isOurs ? page.events.length : 0, moved: !isOurs }
    }
    isCareful = false
    if (!outcome.moved) metrics?.lag.set(labels, Number(page.head - page.position))
    return { applied: outcome.applied, atEnd: page.atEnd && !outcome.moved }
  }

  let isStopping = false
  async function pullAll(isWanted: () => boolean): Promise<number> {
    let total = 0
    for (;;) {
      const { applied, atEnd } = await pullPage()
      total += applied
      if (atEnd || !isWanted()) return total
    }
  }

  const loop = createLoop({
    async step() {
      await pullAll(() => !isStopping)
    },
    pollMs,
    onError(error, failures) {
      metrics?.failures.inc(labels)
      if (failures === 1) log.warn({ err: failure(error), source: sourceName }, 'the feed is held up; trying again')
    },
  })
  let unsubscribe: (() => void) | undefined

  return {
    start() {
      unsubscribe ??= bus.subscribe(`log:${sourceName}`, () => loop.wake())
      loop.start()
    },
    drain: () => loop.exclusively(() => pullAll(() => true)),
    async stop() {
      isStopping = true
      unsubscribe?.()
      await loop.stop()
    },
  }
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
