// The event log under concurrent writers: what a reader of its cursor misses, and what one of serial ids does.
import { setTimeout as delay } from 'node:timers/promises'
import { withTenant } from '@quimbi/database/tenancy.ts'
import { createMemoryBus } from '@quimbi/events/bus.ts'
import { createSequencer } from '@quimbi/events/sequencer.ts'
import { verifyLog } from '@quimbi/events/verify.ts'
import { createLinks } from '@quimbi/service/links.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { generateSecrets } from '@quimbi/service/secrets.ts'
import { openSupportDatabase, type SupportDatabase } from '@quimbi/support/database.ts'
import { listEntries, type TicketEntry } from '@quimbi/support/log/entries.ts'
import pg from 'pg'
import type { BenchOptions, BenchResult } from './lib/contract.ts'
import { openBenchDatabase } from './lib/database.ts'
import { quantile } from './lib/quantile.ts'

const writers = 8
const tenants = [1, 2, 3, 4].map((n) => `0198a000-0000-7000-8000-00000000000${n}`)
const ticketId = '0198a000-0000-7000-8000-100000000001'
/** Events of one transaction, at most; and how long it stays open after it wrote, as one does that goes on working. */
const [mostEvents, mostOpenMs] = [8, 4]

/** Who wrote what, and when it was committed. */
type Written = { tenantId: string; writer: number; number: number; committedAt: number }

/** Not one of the product's: what a reader of the writers' own numbers would read. */
const naiveTable = `
  CREATE TABLE naive_log (id bigserial PRIMARY KEY);
  GRANT ALL ON naive_log, naive_log_id_seq TO quimbi_app, quimbi_system`

/** `lost`, `duplicates`, `outOfOrder`: by the log's cursor; `naiveLost`: by "greater than the last id", in the same run. @public */
export async function run({ seconds, quick, log }: BenchOptions): Promise<BenchResult> {
  const { url, close } = await openBenchDatabase('support', { durable: true })
  let database: SupportDatabase | undefined
  const bus = createMemoryBus()
  try {
    await asOwner(url, naiveTable)
    database = await openSupportDatabase({ url, max: writers + tenants.length })
    const silent = createLogger({ service: 'bench', level: 'silent' })
    const sequencer = createSequencer({ pool: database.systemPool, bus, log: silent, name: 'support' })
    const unsubscribe = database.onCommit(() => sequencer.wake())
    const target = quick ? 2_000 : 100_000
    log(
      `${target} events of ${tenants.length} tenants by ${writers} writers, each transaction open for up to ${mostOpenMs} ms`,
    )
    sequencer.start()
    const outcome = await measure(database, target, seconds === null ? Infinity : performance.now() + seconds * 1_000)
    unsubscribe()
    await sequencer.stop()
    const flaws = await flawsOf(database)
    return report({ ...outcome, flaws })
  } finally {
    await bus.close()
    await database?.close()
    await close()
  }
}

type Outcome = {
  written: Written[]
  read: { entry: TicketEntry; at: number }[]
  naive: number
  latencies: number[]
  seconds: number
}

/** Writers and readers side by side, until all is written and the log has it. */
async function measure(database: SupportDatabase, target: number, deadline: number): Promise<Outcome> {
  const outcome: Outcome = { written: [], read: [], naive: 0, latencies: [], seconds: 0 }
  const state = { isDone: false, started: 0 }
  const begun = performance.now()
  const readers = [
    ...tenants.map((tenantId) => follow(database, tenantId, outcome, state)),
    readNaively(database, outcome, state),
  ]
  await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      for (let number = 0; state.started < target && performance.now() < deadline;) {
        const count = Math.min(1 + Math.floor(Math.random() * mostEvents), target - state.started)
        state.started += count
        const tenantId = tenants[Math.floor(Math.random() * tenants.length)] ?? ''
        await write(database, outcome, { tenantId, writer, first: number, count })
        number += count
      }
    }),
  )
  outcome.seconds = (performance.now() - begun) / 1_000
  state.isDone = true
  await Promise.all(readers)
  return outcome
}

type Batch = { tenantId: string; writer: number; first: number; count: number }

async function write(
  database: SupportDatabase,
  outcome: Outcome,
  { tenantId, writer, first, count }: Batch,
): Promise<void> {
  let openMs = 0
  const begun = performance.now()
  await database.transact(tenantId, async (tx) => {
    await tx.$executeRaw`
      INSERT INTO outbox (tenant_id, type, occurred_at, ticket_id, payload)
      SELECT ${tenantId}::uuid, 'TAGGED', now(), ${ticketId}::uuid, jsonb_build_object('writer', ${writer}::int, 'number', ${first}::int + n)
      FROM generate_series(0, ${count}::int - 1) AS n`
    await tx.$executeRaw`INSERT INTO naive_log SELECT FROM generate_series(1, ${count}::int)`
    const opened = performance.now()
    await delay(Math.random() * mostOpenMs)
    openMs = performance.now() - opened
  })
  const committedAt = performance.now()
  outcome.latencies.push(committedAt - begun - openMs)
  for (let n = 0; n < count; n += 1) outcome.written.push({ tenantId, writer, number: first + n, committedAt })
}

type State = { isDone: boolean }

/** Polls the log by its cursor, as a client that comes back does, until nothing comes any more. */
async function follow(database: SupportDatabase, tenantId: string, { read }: Outcome, state: State): Promise<void> {
  const db = database.forTenant(tenantId)
  for (let after = 0n; ;) {
    const wasDone = state.isDone && (await isSequenced(database))
    const entries = await listEntries(db, tenantId, { after, limit: 500 })
    const at = performance.now()
    read.push(...entries.map((entry) => ({ entry, at })))
    after = entries.at(-1)?.sequence ?? after
    if (entries.length === 0 && wasDone) return
    if (entries.length < 500) await delay(5)
  }
}

const isSequenced = async (database: SupportDatabase): Promise<boolean> =>
  (await database.system.outboxEvent.count()) === 0

async function readNaively(database: SupportDatabase, outcome: Outcome, state: State): Promise<void> {
  for (let after = 0; ;) {
    const wasDone = state.isDone
    const { rows } = await withTenant('', () =>
      database.systemPool.query<{ id: string }>('SELECT id FROM naive_log WHERE id > $1 ORDER BY id LIMIT 500', [
        after,
      ]),
    )
    outcome.naive += rows.length
    after = Number(rows.at(-1)?.id ?? after)
    if (rows.length === 0 && wasDone) return
    if (rows.length < 500) await delay(5)
  }
}

/** Tenants whose chain does not hold. */
async function flawsOf({ systemPool: pool }: SupportDatabase): Promise<number> {
  const secrets = generateSecrets()
  const links = createLinks(JSON.parse(secrets.AGENT_TOKEN_PRIVATE_KEY), JSON.parse(secrets.AGENT_TOKEN_PUBLIC_KEYS))
  const flaws = await Promise.all(tenants.map((tenantId) => verifyLog(pool, { tenantId, links, now: new Date() })))
  return flaws.filter((flaw) => flaw !== null).length
}

type Numbered = { writer: number; number: number }

function report({ written, read, naive, latencies, seconds, flaws }: Outcome & { flaws: number }): BenchResult {
  const keyOf = ({ writer, number }: Numbered) => `${writer}:${number}`
  const numbered = read.map(({ entry, at }) => ({ ...entry, ...(entry.payload as unknown as Numbered), at }))
  const seen = new Map(numbered.map((one) => [keyOf(one), one.at]))
  const lost = written.filter((one) => !seen.has(keyOf(one))).length
  const delays = written.map((one) => Math.max(0, (seen.get(keyOf(one)) ?? Number.NaN) - one.committedAt))
  let outOfOrder = 0
  for (const tenantId of tenants) {
    const own = numbered.filter((one) => one.tenantId === tenantId)
    const last = new Map<number, number>()
    for (const [index, { sequence, writer, number }] of own.entries()) {
      if (sequence !== BigInt(index + 1) || number <= (last.get(writer) ?? -1)) outOfOrder += 1
      last.set(writer, number)
    }
  }
  const duplicates = read.length - seen.size
  const naiveLost = written.length - naive
  const rate = Math.round(written.length / seconds)
  return {
    table: {
      columns: ['reader', 'events', 'lost', 'duplicates', 'out of order'],
      rows: [
        ['cursor of the log', read.length, lost, duplicates, outOfOrder],
        ['greater than the last id', naive, naiveLost, 0, 0],
      ],
    },
    figures: {
      events: written.length,
      lost,
      duplicates,
      outOfOrder,
      naiveLost,
      brokenChains: flaws,
      eventsPerSecond: rate,
      writersP95Ms: quantile(latencies, 0.95),
      seenP95Ms: quantile(delays, 0.95),
    },
  }
}

async function asOwner(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(sql).finally(() => client.end())
}
