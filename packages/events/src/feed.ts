import { NIL_TENANT } from '@quimbi/database/tenancy.ts'
import type pg from 'pg'
import type { Topic, UnparsedEvent } from './topics.ts'

/** `after`: the last position already looked at; null reads from the beginning. `limit`: 1 to 1,000 events. */
export type FeedRequest = { after: bigint | string | null; topics: readonly Topic[]; limit: number }

export type FeedEvent = UnparsedEvent & { position: bigint }

/** An event as the log's own service reads it: also its place among its tenant's events, and the ticket whose history it is in. */
export type LogEntry = FeedEvent & { sequence: bigint; ticketId: string | null }

/** `position`: the last one looked at, also where it was filtered out; `head`: the last of the log; all of one instant. */
export type FeedPage<E = FeedEvent> = { events: E[]; position: bigint; head: bigint; atEnd: boolean }

/** Where a receiver reads another service's log: in memory or over HTTP. */
export type FeedSource = { pull(request: FeedRequest): Promise<FeedPage> }

export const maxFeedLimit = 1_000

/** A reader is ahead of the log: the log was restored from an older copy, and reading on would miss what it now holds. */
export class FeedRewound extends Error {
  constructor(after: bigint, head: bigint) {
    super(`The feed ends at position ${head}, before the reader's ${after}`)
    this.name = 'FeedRewound'
  }
}

// Positions have no gaps, so looking at so many bounds the work where most events are of other topics.
const positionsLookedAt = 20_000n

// The head is read in the page's own statement: what the page leaves out, nobody will commit below it any more. What was
// erased tells a reader nothing.
const selectPage = `
  WITH head AS (
    SELECT coalesce(max(last), 0) AS head FROM event_head WHERE tenant_id = '${NIL_TENANT}'
  ), page AS (
    SELECT position, sequence, event_id, tenant_id, type, occurred_at, ticket_id, payload FROM event_log
    WHERE position > $1 AND position <= $1 + ${positionsLookedAt} AND type = ANY($2) AND payload IS NOT NULL
    ORDER BY position LIMIT $3
  )
  SELECT head, page.* FROM head LEFT JOIN page ON true ORDER BY position`

type PageRow = {
  head: string
  position: string | null
  sequence: string
  event_id: string
  tenant_id: string
  type: string
  occurred_at: Date
  ticket_id: string | null
  payload: unknown
}

/** `types`: of the events to read, travelling topics or not. */
export type LogRequest = Omit<FeedRequest, 'topics'> & { types: readonly string[] }

/** Reads the log by position over all tenants; the pool is of the role quimbi_system. Throws FeedRewound. */
export async function readLog(pool: pg.Pool, { after, types, limit }: LogRequest): Promise<FeedPage<LogEntry>> {
  const from = BigInt(after ?? 0)
  const size = Math.max(1, Math.min(limit, maxFeedLimit))
  const { rows } = await pool.query<PageRow>({ name: 'quimbi.log-page', text: selectPage, values: [from, types, size] })
  const head = BigInt(rows[0]?.head ?? 0)
  if (from > head) throw new FeedRewound(from, head)
  const events = rows.flatMap((row) => (row.position === null ? [] : [entryOf(row, row.position)]))
  const lookedAt = from + positionsLookedAt
  const end = lookedAt < head ? lookedAt : head
  const position = events.length < size ? end : (events.at(-1)?.position ?? end)
  return { events, position, head, atEnd: position === head }
}

/** The same as another service sees it. */
export async function readFeed(pool: pg.Pool, { topics, ...request }: FeedRequest): Promise<FeedPage> {
  const page = await readLog(pool, { ...request, types: topics })
  return { ...page, events: page.events.map(({ sequence: _, ticketId: __, ...event }) => event) }
}

/** The feed of a service in the same process. */
export const directSource = (pool: pg.Pool): FeedSource => ({ pull: (request) => readFeed(pool, request) })

const entryOf = (row: PageRow, position: string): LogEntry => ({
  position: BigInt(position),
  sequence: BigInt(row.sequence),
  eventId: row.event_id,
  tenantId: row.tenant_id,
  type: row.type,
  occurredAt: row.occurred_at,
  ticketId: row.ticket_id,
  payload: row.payload,
})
