import { createPool } from '@quimbi/database/connect.ts'
import { withTenant } from '@quimbi/database/tenancy.ts'
import { createLinks } from '@quimbi/service/links.ts'
import { createLogger, type Logger } from '@quimbi/service/logging.ts'
import { generateSecrets } from '@quimbi/service/secrets.ts'
import { createTestDatabase } from '@quimbi/testing/databases.ts'
import pg from 'pg'
import { onTestFinished, vi } from 'vitest'
import { createMemoryBus } from './bus.ts'
import type { FeedEvent, FeedSource } from './feed.ts'
import type { NewEvent } from './outbox.ts'
import { createSequencer } from './sequencer.ts'
import type { Transaction, TransactionalDatabase } from './transaction.ts'

/** A fresh database for one test, with a pool of each role; gone when the test has finished. */
export async function openTestDatabase(kind: 'support' | 'intelligence' = 'support') {
  const { url, drop } = await createTestDatabase(kind)
  const system = createPool({ url, role: 'quimbi_system', max: 12 })
  const app = createPool({ url, role: 'quimbi_app', max: 4 })
  onTestFinished(async () => {
    await Promise.all([system.end(), app.end()])
    await drop()
  })
  return { url, system, app, database: databaseOver(system) }
}

/** Prisma's transactions over a pool: the packages know no service's generated client. */
export function databaseOver(pool: pg.Pool): TransactionalDatabase<Transaction> & Transaction {
  return {
    ...rawOver(pool),
    async $transaction(run) {
      const client = await pool.connect()
      const ignore = () => {} // a lost connection fails the statement
      client.on('error', ignore)
      try {
        await client.query('BEGIN')
        const result = await run(rawOver(client))
        await client.query('COMMIT')
        return result
      } catch (error) {
        await client.query('ROLLBACK').catch(() => {})
        throw error
      } finally {
        client.off('error', ignore)
        client.release()
      }
    },
  }
}

const rawOver = (db: pg.Pool | pg.PoolClient): Transaction => ({
  $executeRawUnsafe: async (sql, ...values) => (await db.query(sql, values)).rowCount ?? 0,
  $queryRawUnsafe: async <T>(sql: string, ...values: unknown[]) => (await db.query(sql, values)).rows as T,
})

/** A transaction of one tenant under row-level security. */
export const asTenant = <R>(pool: pg.Pool, tenantId: string, run: (tx: Transaction) => Promise<R>): Promise<R> =>
  withTenant(tenantId, async () => await databaseOver(pool).$transaction(run))

/** One statement of the owner of the tables. */
export async function asOwner(url: string, sql: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  await client.query(sql).finally(() => client.end())
}

const patience = { timeout: 15_000, interval: 10 }

/** Waits for a value; how long it takes decides nothing. */
export const until = <T>(check: () => T): Promise<Exclude<Awaited<T>, false | null | undefined>> =>
  vi.waitUntil(check, patience) as never

/** Waits for assertions to hold. */
export const eventually = <T>(assert: () => T): Promise<Awaited<T>> => vi.waitFor(assert, patience) as never

export const tenantA = '0198a000-0000-7000-8000-00000000000a'
export const tenantB = '0198a000-0000-7000-8000-00000000000b'

/** An event that is told apart by its number. */
export const seen = (number: number, tenantId = tenantA): NewEvent => ({
  tenantId,
  type: 'customer.seen',
  occurredAt: new Date('2026-11-21T10:00:00Z'),
  payload: { customerId: tenantId, refs: [{ source: 'shop', externalId: String(number) }] },
})

export const revoked = (tenantId = tenantA): NewEvent => ({
  tenantId,
  type: 'session.revoked',
  occurredAt: new Date('2026-11-21T10:00:00Z'),
  payload: { sessionId: tenantId, expiresAt: new Date('2026-11-22T10:00:00Z') },
})

/** The number that `seen` gave an event. */
export const numberOf = ({ payload }: { payload: unknown }): number =>
  Number((payload as { refs: { externalId: string }[] }).refs[0]?.externalId)

/** Everything that a feed holds after a position. */
export async function readAll(source: FeedSource, after: bigint | null = null): Promise<FeedEvent[]> {
  const events: FeedEvent[] = []
  for (let position = after; ;) {
    const page = await source.pull({ after: position, topics: ['customer.seen', 'session.revoked'], limit: 1_000 })
    events.push(...page.events)
    if (page.atEnd) return events
    position = page.position
  }
}

export type LogLine = { level: string; msg: string; [key: string]: unknown }

/** A log whose lines the test reads. */
export function recordedLog(): { log: Logger; lines: LogLine[] } {
  const lines: LogLine[] = []
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as LogLine) }
  return { log: createLogger({ service: 'support', level: 'debug', destination }), lines }
}

/** Puts what is committed into the log. */
export const sequence = (pool: pg.Pool, batchSize = 1_000): Promise<void> =>
  createSequencer({ pool, bus: createMemoryBus(), log: recordedLog().log, name: 'support', batchSize }).drain()

/** Signs and reads checkpoints, with a key of its own. */
export function testLinks() {
  const secrets = generateSecrets()
  return createLinks(JSON.parse(secrets.AGENT_TOKEN_PRIVATE_KEY), JSON.parse(secrets.AGENT_TOKEN_PUBLIC_KEYS))
}

export type TicketEvent = {
  ticketId: string | null
  type?: string
  occurredAt?: Date
  payload?: object
  tenantId?: string
}

/** Writes events of tickets into the outbox, in order. */
export async function writeTicketEvents(pool: pg.Pool, events: readonly TicketEvent[]): Promise<void> {
  for (const {
    tenantId = tenantA,
    type = 'TAGGED',
    ticketId,
    payload = {},
    occurredAt = new Date('2026-11-21T10:00:00Z'),
  } of events)
    await pool.query(
      'INSERT INTO outbox (tenant_id, type, occurred_at, ticket_id, payload) VALUES ($1, $2, $3, $4, $5)',
      [tenantId, type, occurredAt, ticketId, JSON.stringify(payload)],
    )
}
