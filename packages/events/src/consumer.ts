import { NIL_TENANT } from '@quimbi/database/tenancy.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import type { Bus } from './bus.ts'
import { failure } from './failure.ts'
import type { FeedEvent, FeedPage } from './feed.ts'
import { createLoop } from './loop.ts'
import type { Counter, Gauge } from './metrics.ts'
import type { Transaction, TransactionalDatabase } from './transaction.ts'

/** Each by `source`. */
export type ConsumerMetrics = {
  /** Positions between the cursor and the log's end. */
  lag: Gauge
  /** Events applied, also by `topic`. */
  applied: Counter
  /** Failed attempts, of the sender or of a handler. */
  failures: Counter
}

export type ConsumerOptions<Tx extends Transaction, E extends FeedEvent> = {
  /** Names the cursor. */
  name: string
  /** On the bus: what wakes it. */
  channel: string
  pull(after: bigint): Promise<FeedPage<E>>
  /** Applies consecutive events in the transaction that also advances the cursor. */
  handle(tx: Tx, events: readonly E[]): Promise<void>
  /** A Prisma client of the role quimbi_system. */
  database: TransactionalDatabase<Tx> & Transaction
  bus: Bus
  log: Logger
  /** What to do with an event that cannot be applied: wait for it for ever, or set it aside after so many tries. */
  whenBad: 'wait' | { tries: number; setAside(tx: Tx, event: E): Promise<void> }
  /** Called after events were applied and committed. */
  onApplied?: () => void
  metrics?: ConsumerMetrics | undefined
  pollMs: number
  /** Events that come close together are applied together. */
  restMs?: number | undefined
}

/** Reads a log by a cursor of its own: applies each event exactly once, in order, whatever crashes and however many instances run. */
export type Consumer = {
  start(): void
  /** Reads until the end of the log; resolves to the number of events applied, rejects when one cannot be. */
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

export function createConsumer<Tx extends Transaction, E extends FeedEvent>(options: ConsumerOptions<Tx, E>): Consumer {
  const { name, channel, pull, handle, database, bus, log, whenBad, onApplied, metrics, pollMs, restMs = 0 } = options
  const labels = { source: name }
  /** Set by a failure, until the page is through: one event a transaction, so that what precedes the bad one lands. */
  let isCareful = false
  /** How often the event at hand was refused, in this process. */
  let refused = { position: -1n, tries: 0 }

  async function readCursor(): Promise<bigint> {
    for (;;) {
      const [row] = await database.$queryRawUnsafe<{ position: bigint }[]>(selectCursor, name)
      if (row) return BigInt(row.position)
      await database.$executeRawUnsafe(insertCursor, name)
    }
  }

  /** Applies events and moves the cursor from `from` to `to`, together. False when another instance was first. */
  async function apply(events: readonly E[], from: bigint, to: bigint, run = handle): Promise<boolean> {
    if (to === from) return true
    const isOurs = await database.$transaction(async (tx) => {
      if ((await tx.$executeRawUnsafe(advanceCursor, name, from, to)) === 0) return false
      if (events.length > 0) await run(tx, events)
      return true
    }, transactionLimits)
    if (isOurs && events.length > 0) {
      for (const { type } of events) metrics?.applied.inc({ ...labels, topic: type })
      onApplied?.()
    }
    return isOurs
  }

  /** Applies one event; one that is refused too often is set aside instead. */
  async function applyOne(event: E, from: bigint): Promise<boolean> {
    const { eventId, tenantId, type, position } = event
    let isRefused = false
    try {
      return await apply([event], from, position, (tx, events) =>
        handle(tx, events).catch((error: unknown) => {
          isRefused = true
          throw error
        }),
      )
    } catch (error) {
      // A database that is away has refused nothing.
      if (isRefused) refused = { position, tries: refused.position === position ? refused.tries + 1 : 1 }
      const place = { source: name, eventId, tenantId, topic: type, position: String(position) }
      const about = { err: failure(error), ...place }
      if (whenBad === 'wait' || !isRefused || refused.tries < whenBad.tries) {
        log.error(about, 'an event could not be applied; the feed waits for it')
        throw error
      }
      log.error(about, 'an event could not be applied; it was set aside, and the feed goes on')
      const { setAside } = whenBad
      return apply([event], from, position, (tx) => setAside(tx, event))
    }
  }

  async function applyOneByOne(page: FeedPage<E>, after: bigint): Promise<Outcome> {
    let from = after
    let applied = 0
    for (const event of page.events) {
      if (!(await applyOne(event, from))) return { applied, moved: true }
      from = event.position
      applied += 1
    }
    return { applied, moved: !(await apply([], from, page.position)) }
  }

  /** One page: its effects and the cursor are committed together. */
  async function pullPage(): Promise<{ applied: number; atEnd: boolean }> {
    const after = await readCursor()
    const page = await pull(after)
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
    restMs,
    onError(error, failures) {
      metrics?.failures.inc(labels)
      if (failures === 1) log.warn({ err: failure(error), source: name }, 'the feed is held up; trying again')
    },
  })
  let unsubscribe: (() => void) | undefined

  return {
    start() {
      unsubscribe ??= bus.subscribe(channel, () => loop.wake())
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
