// What row-level security costs: CPU of the inbox query's Support part with it, against the same functions without.
import { prismaAdapter } from '@quimbi/database/connect.ts'
import { openSupportDatabase, type Db } from '@quimbi/support/database.ts'
import { createLoaders } from '@quimbi/support/loaders.ts'
import { inbox } from '@quimbi/support/scoring/inbox.ts'
import pg from 'pg'
import { PrismaClient } from '../subgraphs/support/generated/prisma/client.ts'
import type { BenchOptions, BenchResult } from './lib/contract.ts'
import { cpuMicros } from './lib/cpu.ts'
import { openBenchDatabase } from './lib/database.ts'

const tenants = ['0198a000-0000-7000-8000-000000000001', '0198a000-0000-7000-8000-000000000002'] as const
const ticketsEach = 10_000
/** Connections, and queries at once: fewer connections than would give each tenant its own, so that they switch. */
const concurrency = 4

type Variant = { name: string; dbOf(tenantId: string): Db; close(): Promise<void> }

/** `cpuRatio`: the median over pairs of turns, with row-level security to without. @public */
export async function run({ seconds, quick, log }: BenchOptions): Promise<BenchResult> {
  if (process.platform !== 'linux') throw new Error('The tenancy benchmark reads CPU times from /proc: Linux only.')
  const server = await openBenchDatabase('support', { durable: false })
  const { url } = server
  const variants: Variant[] = []
  const tickets = quick ? 500 : ticketsEach
  try {
    await buildWorld(url, tickets)
    variants.push(await secured(url), await plain(url))
    log(`${tenants.length * tickets} tickets of two tenants; ${concurrency} connections that change tenant`)
    const pairs = await measure(variants, { seconds: seconds ?? 60, quick })
    const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
    const cpu = (index: number) => median(pairs.map((pair) => pair[index] ?? Number.NaN))
    const ratios = pairs.map(([first = Number.NaN, second = Number.NaN]) => first / second)
    return {
      table: {
        columns: ['security', 'CPU µs per query'],
        rows: variants.map(({ name }, index) => [name, Math.round(cpu(index))]),
      },
      figures: { cpuRatio: Number(median(ratios).toFixed(3)), pairs: pairs.length, tickets: tenants.length * tickets },
    }
  } finally {
    for (const variant of variants) await variant.close()
    await server.close()
  }
}

/** As the application runs: quimbi_app, the tenant set at check-out where it differs from the connection's last one. */
async function secured(url: string): Promise<Variant> {
  const database = await openSupportDatabase({ url, max: concurrency })
  return { name: 'row-level security', dbOf: (tenantId) => database.forTenant(tenantId), close: () => database.close() }
}

/** The owner on an ordinary pool: policies do not apply, nothing is set. */
async function plain(url: string): Promise<Variant> {
  const pool = new pg.Pool({ connectionString: url, max: concurrency })
  pool.on('error', () => {}) // the server stops while connections are still closing
  const prisma = new PrismaClient({ adapter: prismaAdapter(pool), errorFormat: 'minimal' })
  const close = async () => {
    await prisma.$disconnect()
    await pool.end()
  }
  return { name: 'none', dbOf: () => prisma, close }
}

/** Two tenants' tickets and customers, a third of the tickets not open. */
async function buildWorld(url: string, tickets: number): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    for (const [index, tenantId] of tenants.entries()) {
      const values = [tenantId, tickets]
      await client.query(
        `INSERT INTO tenant (id, slug, name, currency_code, time_zone, created_at) VALUES ($1, $2, $2, 'USD', 'UTC', now())`,
        [tenantId, `shop-${index}`],
      )
      await client.query(
        `INSERT INTO customer (tenant_id, id, name, email, created_at, updated_at)
         SELECT $1::uuid, md5($1 || 'c' || n)::uuid, 'Customer ' || n, 'c' || n || '@customers.example', now(), now()
         FROM generate_series(1, $2::int / 2) AS n`,
        values,
      )
      await client.query(
        `INSERT INTO ticket (tenant_id, id, number, subject, status, priority, channel, customer_id, rank, created_at, updated_at, closed_at)
         SELECT $1::uuid, md5($1 || 't' || n)::uuid, n, 'Where is my order #' || n || '?', CASE WHEN n % 3 = 0 THEN 'CLOSED' ELSE 'OPEN' END,
           'NORMAL', 'EMAIL', md5($1 || 'c' || (1 + n * 7919 % ($2::int / 2)))::uuid, n * 0.01, now(), now(), CASE WHEN n % 3 = 0 THEN now() END
         FROM generate_series(1, $2::int) AS n`,
        values,
      )
    }
    await client.query('VACUUM ANALYZE')
  } finally {
    await client.end()
  }
}

/** CPU microseconds per query of each variant, measured in turns: one array a turn, in the variants' order. */
async function measure(variants: readonly Variant[], { seconds, quick }: { seconds: number; quick: boolean }) {
  const queries = quick ? 40 : 1_000
  for (const variant of variants) await work(variant, queries) // warm: connections, plans, compiled code
  const pairs: number[][] = []
  const deadline = performance.now() + seconds * 1000
  do {
    const pair: number[] = []
    for (const variant of variants) {
      const before = cpuMicros()
      await work(variant, queries)
      pair.push((cpuMicros() - before) / queries)
    }
    pairs.push(pair)
  } while (!quick && performance.now() < deadline)
  return pairs
}

/** The Support part of `{ inbox(first: 50) { nodes { number subject customer { name } } } }`, so many times, tenants taking turns. */
async function work({ dbOf }: Variant, queries: number): Promise<void> {
  let next = 0
  const lane = async () => {
    while (next < queries) {
      const tenantId = tenants[next++ % 2] ?? tenants[0]
      const viewer = { kind: 'service', service: 'support', tenantId } as const
      const db = dbOf(tenantId)
      const { nodes } = await inbox(db, viewer, { first: 50 }, new Date())
      const customers = await createLoaders(db, viewer).customerById.loadMany(nodes.map((ticket) => ticket.customerId))
      const isWhole = nodes.length === 50 && customers.every((row) => !(row instanceof Error) && row.name !== null)
      if (!isWhole) throw new Error('The inbox query did not answer with 50 tickets and their customers.')
    }
  }
  await Promise.all(Array.from({ length: concurrency }, lane))
}
