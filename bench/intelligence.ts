// Insight as a caller gets it: kept, computed when asked, and how fast the refresher keeps up; on the real schema and PostgreSQL.
import { newId } from '@quimbi/database/ids.ts'
import { createMemoryBus } from '@quimbi/events/bus.ts'
import { createIntelligence } from '@quimbi/intelligence/app.ts'
import { openIntelligenceDatabase } from '@quimbi/intelligence/database.ts'
import { ingestOrders } from '@quimbi/intelligence/orders/ingest.ts'
import { markAllStale } from '@quimbi/intelligence/profiles/stale.ts'
import { systemClock } from '@quimbi/service/clock.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { generateSecrets } from '@quimbi/service/secrets.ts'
import { createTokenIssuer, createTokenVerifier } from '@quimbi/service/tokens.ts'
import pg from 'pg'
import { parseSecrets } from '../scripts/lib/secrets.ts'
import type { BenchOptions, BenchResult } from './lib/contract.ts'
import { buildCustomers } from './lib/customers.ts'
import { cpuMicros } from './lib/cpu.ts'
import { openBenchDatabase } from './lib/database.ts'
import { quantile } from './lib/quantile.ts'

const tenantId = '0198a000-0000-7000-8000-000000000001'
const basis = 'basis { modelVersion asOf }'
const fields = `dnaStatus dna { archetype { name } axes { axis dominant { name } strength } confidence ${basis} }
  churnRisk { score level interval { low high } factors { feature contribution explanation } recommendations revenueAtRisk { amount } ${basis} }
  ltvForecast { amount { amount } interval { low { amount } high { amount } } factors { feature contribution } ${basis} }
  nextPurchase { expectedAt probability30Days } engagement { score trend } lifecycle trajectory { direction } communicationGuidance`
const one = `query ($id: ID!) { customerInsight(customerId: $id) { ${fields} } }`
const page = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Customer { ${fields} } } }`
const pageSize = 100

/**
 * `p95…Ms`: a hundred customers at once; `oneP95…Ms`: one customer's whole profile; `freshP95Ms`: from an
 * order's commit to its new insight. @public
 */
export async function run({ seconds, quick, log }: BenchOptions): Promise<BenchResult> {
  const server = await openBenchDatabase('intelligence', { durable: false })
  try {
    return await measureAll(server.url, {
      customers: quick ? 1_000 : 20_000,
      seconds: seconds ?? 60,
      quick,
      log,
    })
  } finally {
    await server.close()
  }
}

type Options = { customers: number; seconds: number; quick: boolean; log: BenchOptions['log'] }

async function measureAll(url: string, { customers, seconds, quick, log }: Options): Promise<BenchResult> {
  await buildCustomers(url, tenantId, customers)
  log(`${customers} customers with orders, interactions and events`)
  const graph = await openGraph(url)
  const { database, module, ask, statementsOf } = graph
  try {
    const ids = await someCustomers(url)
    const each = { milliseconds: quick ? 500 : (seconds * 1000) / 6, ids }
    const asOne = (from: string[]) => ask(one, { id: from[0] })
    const asPage = (from: string[]) => ask(page, { of: from.map((id) => ({ __typename: 'Customer', id })) })
    await asOne(ids)

    const computed = await timed(each, 1, asOne)
    const pageComputed = await timed(each, pageSize, asPage)
    const refreshed = await throughput(graph, customers)
    log(`${refreshed.perMinute} insights a minute, ${refreshed.cpuMicros} µs of CPU each`)
    const cached = await timed(each, 1, asOne)
    const pageCached = await timed(each, pageSize, asPage)
    const sqlStatements = await statementsOf(() => asPage(ids.slice(0, pageSize)))
    await module.start()
    const fresh = await freshness(database, ids, quick ? 3 : 30)

    const row = (name: string, times: number[]) => [name, quantile(times, 0.5), quantile(times, 0.95), times.length]
    return {
      table: {
        columns: ['insight', 'median ms', 'p95 ms', 'asked'],
        rows: [
          row('one customer, kept', cached),
          row('one customer, computed', computed),
          row(`${pageSize} customers, kept`, pageCached),
          row(`${pageSize} customers, computed`, pageComputed),
          row('from an order to its insight', fresh),
        ],
      },
      figures: {
        customers,
        oneP95CachedMs: quantile(cached, 0.95),
        oneP95ComputedMs: quantile(computed, 0.95),
        insightsPerMinute: refreshed.perMinute,
        cpuMicrosPerInsight: refreshed.cpuMicros,
        sqlStatements,
        p95CachedMs: quantile(pageCached, 0.95),
        p95ComputedMs: quantile(pageComputed, 0.95),
        freshP95Ms: quantile(fresh, 0.95),
      },
    }
  } finally {
    await graph.close()
  }
}

type Graph = Awaited<ReturnType<typeof openGraph>>

async function openGraph(url: string) {
  const secrets = parseSecrets(generateSecrets())
  const log = createLogger({ service: 'intelligence', level: 'silent' })
  const bus = createMemoryBus(log)
  let statements = 0
  const count = (sql: string) => void (statements += sql.includes('set_config') ? 0 : 1)
  const database = await openIntelligenceDatabase({ url, onStatement: count })
  const nothing = { events: [], position: 0n, head: 0n, atEnd: true }
  const module = await createIntelligence({
    ...{ database, databaseUrl: url, bus, log, clock: systemClock, introspection: false },
    peer: { pull: () => Promise.resolve(nothing) },
    metrics: createMetrics('intelligence'),
    verifier: createTokenVerifier(secrets.AGENT_TOKEN_PUBLIC_KEYS),
  })
  const agent = { agentId: newId(), sessionId: newId(), tenantId, role: 'AGENT' } as const
  const { token } = await createTokenIssuer(secrets.AGENT_TOKEN_PRIVATE_KEY).issue(agent, systemClock.now())
  const facts = { requestId: 'bench', caller: 'gateway', authorization: `Bearer ${token}` } as const
  return {
    database,
    module,
    async ask(query: string, variables: object): Promise<void> {
      const { errors } = await module.subgraph.execute({ query, variables: { ...variables } }, facts)
      if (errors) throw new Error(JSON.stringify(errors[0]))
    },
    async statementsOf(run: () => Promise<void>): Promise<number> {
      const before = statements
      await run()
      return statements - before
    },
    async close() {
      await module.stop()
      await bus.close()
      await database.close()
    },
  }
}

/** Customers in no order, each used again only when all were. */
async function someCustomers(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ id: string }>('SELECT id FROM customer ORDER BY md5(id::text) LIMIT 5000')
  await client.end()
  return rows.map(({ id }) => id)
}

/** How long each call took, one after another, of `size` customers each. */
async function timed(
  { ids, milliseconds }: { ids: readonly string[]; milliseconds: number },
  size: number,
  call: (ids: string[]) => Promise<void>,
): Promise<number[]> {
  const times: number[] = []
  const until = performance.now() + milliseconds
  for (let at = 0; performance.now() < until || times.length < 5; at = (at + size) % (ids.length - size + 1)) {
    const began = performance.now()
    await call(ids.slice(at, at + size))
    times.push(performance.now() - began)
  }
  return times
}

/** Everybody is computed anew by one process; the CPU is its own and PostgreSQL's. */
async function throughput({ database, module }: Graph, customers: number) {
  await database.transact(tenantId, (tx) => markAllStale(tx, tenantId))
  const [began, cpuBefore] = [performance.now(), cpuMicros()]
  await module.settle()
  const minutes = (performance.now() - began) / 60_000
  return {
    perMinute: Math.round(customers / minutes),
    cpuMicros: Math.round((cpuMicros() - cpuBefore) / customers),
  }
}

/** Milliseconds from the commit of an order until the insight has seen it, with everything running by itself. */
async function freshness(database: Graph['database'], ids: readonly string[], count: number): Promise<number[]> {
  const viewer = { kind: 'service', service: 'intelligence', tenantId } as const
  const times: number[] = []
  for (const id of ids.slice(0, count)) {
    const placedAt = new Date(Date.now() - 1_000)
    const order = { externalId: newId(), placedAt, total: '75.00', currencyCode: 'USD' }
    const batch = { source: 'bench', orders: [{ customer: { id }, order }] }
    await database.transact(tenantId, (tx) => ingestOrders(tx, viewer, batch, new Date()))
    const began = performance.now()
    const seen = async () => {
      const where = { tenantId, customerId: id, lastOrderAt: { gte: placedAt } }
      return (await database.system.customerInsight.findFirst({ where, select: { status: true } })) !== null
    }
    while (!(await seen())) await new Promise((resolve) => setTimeout(resolve, 10))
    times.push(performance.now() - began)
  }
  return times
}
