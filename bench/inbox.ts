// The inbox of a tenant with a million tickets: what its SQL costs, and the whole call, as the application role under row-level security.
import { withTenant } from '@quimbi/database/tenancy.ts'
import { openSupportDatabase, type SupportDatabase } from '@quimbi/support/database.ts'
import { inbox } from '@quimbi/support/scoring/inbox.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import pg from 'pg'
import type { BenchOptions, BenchResult } from './lib/contract.ts'
import { openBenchDatabase } from './lib/database.ts'
import { quantile } from './lib/quantile.ts'

const tenantId = '0198a000-0000-7000-8000-000000000001'
const agents = 200
const alerts = 3
const deepPage = 40
const agentId = (n: number) => `0198a000-0000-7000-9000-${String(n).padStart(12, '0')}`
const manager: Viewer = { kind: 'service', service: 'support', tenantId }
const agent = { kind: 'agent', tenantId, agentId: agentId(7), role: 'AGENT', sessionId: tenantId } as Viewer

/** p95 of the statements' time in the server (`sql…`) and of the whole call; `Sparse`: of an agent who sees their own tickets and nobody's. @public */
export async function run({ seconds, quick, log }: BenchOptions): Promise<BenchResult> {
  const server = await openBenchDatabase('support', { durable: false })
  const { url } = server
  const tickets = quick ? 20_000 : 1_000_000
  let database: SupportDatabase | undefined
  try {
    const began = performance.now()
    await buildWorld(url, tickets)
    log(`${tickets} tickets, a fifth of them open, made in ${Math.round((performance.now() - began) / 1000)} s`)
    database = await openSupportDatabase({ url, max: 4 })
    const each = ((seconds ?? 40) * 1000) / 8
    const rows: [string, number, number][] = []
    const of = async (name: string, viewer: Viewer, page: number, database: SupportDatabase) => {
      const figures = await measure(database, viewer, page, {
        milliseconds: quick ? 200 : each,
        atLeast: quick ? 5 : 100,
      })
      rows.push([name, figures.sqlP95Ms, figures.p95Ms])
      return figures
    }
    const [first, deep] = [
      await of('first page', manager, 1, database),
      await of(`page ${deepPage}`, manager, deepPage, database),
    ]
    const sparse = await of('first page, AGENT', agent, 1, database)
    const sparseDeep = await of(`page ${deepPage}, AGENT`, agent, deepPage, database)
    const matches = await addAlerts(url)
    log(`${alerts} saved alerts, ${matches} matches`)
    const lifted = await of('first page, alerts', manager, 1, database)
    const liftedDeep = await of(`page ${deepPage}, alerts`, manager, deepPage, database)
    const sparseLifted = await of('first page, AGENT, alerts', agent, 1, database)
    const sparseLiftedDeep = await of(`page ${deepPage}, AGENT, alerts`, agent, deepPage, database)
    return {
      table: { columns: ['inbox', 'SQL p95 ms', 'call p95 ms'], rows },
      figures: {
        tickets,
        open: tickets / 5,
        sqlP95Ms: first.sqlP95Ms,
        sqlP95DeepMs: deep.sqlP95Ms,
        sqlP95AlertsMs: lifted.sqlP95Ms,
        sqlP95AlertsDeepMs: liftedDeep.sqlP95Ms,
        sqlP95SparseMs: sparse.sqlP95Ms,
        sqlP95SparseDeepMs: sparseDeep.sqlP95Ms,
        sqlP95SparseAlertsMs: sparseLifted.sqlP95Ms,
        sqlP95SparseAlertsDeepMs: sparseLiftedDeep.sqlP95Ms,
        p95Ms: first.p95Ms,
        alertMatches: matches,
      },
    }
  } finally {
    await database?.close()
    await server.close()
  }
}

/** A fifth of the tickets open, most of them recent; a fifth of those nobody's, the rest with 200 agents, some of whom have many. */
async function buildWorld(url: string, tickets: number): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    // A million rows without checking four references each.
    await client.query('SET session_replication_role = replica')
    await client.query(
      `INSERT INTO tenant (id, slug, name, currency_code, time_zone, created_at) VALUES ($1, 'shop', 'Shop', 'USD', 'UTC', now())`,
      [tenantId],
    )
    await client.query(
      `INSERT INTO agent (tenant_id, id, name, email, password_hash, role, created_at)
      SELECT $1, ('0198a000-0000-7000-9000-' || lpad(n::text, 12, '0'))::uuid, 'Agent ' || n, n || '@shop.example', 'x', 'AGENT', now()
      FROM generate_series(0, ${agents - 1}) AS n`,
      [tenantId],
    )
    await client.query(
      `INSERT INTO customer (tenant_id, id, name, email, created_at, updated_at)
      SELECT $1::uuid, md5('c' || n)::uuid, 'Customer ' || n, 'c' || n || '@customers.example', now(), now() FROM generate_series(0, $2::int / 10 - 1) AS n`,
      [tenantId, tickets],
    )
    // Built afterwards, in order, not row by row.
    const { rows: indexes } = await client.query<{ name: string; definition: string }>(
      `SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition FROM pg_index
      WHERE indrelid IN ('ticket'::regclass, 'message'::regclass) AND NOT indisunique`,
    )
    for (const { name } of indexes) await client.query(`DROP INDEX ${name}`)
    await client.query(
      `INSERT INTO ticket (tenant_id, id, number, subject, status, priority, channel, customer_id, assignee_id, rank, created_at, updated_at, closed_at)
      SELECT $1::uuid, md5('t' || n)::uuid, n, 'Where is my order?', CASE WHEN n % 5 = 0 THEN 'OPEN' ELSE 'CLOSED' END,
        (ARRAY['LOW', 'NORMAL', 'NORMAL', 'HIGH', 'URGENT'])[1 + (random() * 4.99)::int % 5], 'EMAIL', md5('c' || n % ($2::int / 10))::uuid,
        CASE WHEN random() < 0.2 THEN NULL ELSE ('0198a000-0000-7000-9000-' || lpad(floor(${agents} * random() ^ 1.5)::int::text, 12, '0'))::uuid END,
        random() * 15 - extract(epoch FROM at) / 86400, at, at, CASE WHEN n % 5 = 0 THEN NULL ELSE at END
      FROM generate_series(1, $2::int) AS n, LATERAL (
        SELECT date_trunc('milliseconds', now() - (CASE WHEN n % 5 = 0 THEN 60 ELSE 700 END) * random() ^ 2 * interval '1 day') AS at) AS made`,
      [tenantId, tickets],
    )
    await client.query(
      `INSERT INTO message (tenant_id, id, ticket_id, from_agent, author_name, content, created_at)
      SELECT tenant_id, gen_random_uuid(), id, n = 2, 'x',
        'Hello, my parcel should have been here on Monday and there is still no news of it. Can you look where it is?'
          || CASE WHEN random() < 0.01 THEN ' The zip is torn.' WHEN random() < 0.005 THEN ' Your checkout is broken.' ELSE '' END, created_at
      FROM ticket, generate_series(1, 2) AS n WHERE status = 'OPEN'`,
    )
    for (const { definition } of indexes) await client.query(definition)
    await client.query('VACUUM ANALYZE')
  } finally {
    await client.end()
  }
}

/** Saves alerts for the whole tenant with their matches; returns how many there are. */
async function addAlerts(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(`SELECT set_config('app.tenant_id', $1, false)`, [tenantId])
    await client.query(
      `INSERT INTO topic_alert (tenant_id, id, keywords, scope, created_by, expires_at, created_at)
      SELECT $1, gen_random_uuid(), keywords::text[], 'TENANT', $2, now() + interval '1 day', now()
      FROM unnest(ARRAY['{torn,ripped}', '{checkout}', '{news of nothing}']) AS keywords`,
      [tenantId, agentId(0)],
    )
    const { rowCount } = await client.query(
      `INSERT INTO topic_alert_match (tenant_id, alert_id, ticket_id, rank, assignee_id)
      SELECT ticket.tenant_id, alert.id, ticket.id, ticket.rank, ticket.assignee_id FROM topic_alert alert, app.open_tickets_about(keywords) AS found (id) JOIN ticket USING (id)
      WHERE alert.tenant_id = ticket.tenant_id`,
    )
    await client.query('UPDATE tenant SET config_version = config_version + 1')
    await client.query('VACUUM ANALYZE topic_alert_match')
    return rowCount ?? 0
  } finally {
    await client.end()
  }
}

/** Asks for one page again and again: the time of the statements that read tickets, and of the whole call. */
async function measure(
  database: SupportDatabase,
  viewer: Viewer,
  page: number,
  { milliseconds, atLeast }: { milliseconds: number; atLeast: number },
) {
  const db = database.forTenant(tenantId)
  let after: string | null = null
  for (let n = 1; n < page; n += 1) {
    const { pageInfo } = await inbox(db, viewer, { first: 50, after }, new Date())
    if (!pageInfo.hasNextPage) break
    after = pageInfo.endCursor
  }
  const statements = await statementsOf(database, () => inbox(db, viewer, { first: 50, after }, new Date()))
  const [calls, sql]: [number[], number[]] = [[], []]
  const until = performance.now() + milliseconds
  while (calls.length < atLeast || performance.now() < until) {
    const began = performance.now()
    const { nodes } = await inbox(db, viewer, { first: 50, after }, new Date())
    calls.push(performance.now() - began)
    if (nodes.length === 0) throw new Error('The inbox is empty.')
    sql.push(await executionMs(database, statements))
  }
  return { sqlP95Ms: p95(sql), p95Ms: p95(calls) }
}

type Statement = { text: string; values?: unknown[] }

/** The statements of a call that read tickets, with their parameters. */
async function statementsOf(database: SupportDatabase, call: () => Promise<unknown>): Promise<Statement[]> {
  const client = await database.appPool.connect()
  const prototype = Object.getPrototypeOf(client) as { query: (...sent: unknown[]) => unknown }
  client.release()
  const { query } = prototype
  const sent: Statement[] = []
  prototype.query = function (this: unknown, ...all: unknown[]) {
    const [statement] = all as [Statement]
    if (/FROM ticket t\s/.test(statement.text ?? '')) sent.push(statement)
    return query.apply(this, all)
  }
  await call()
  prototype.query = query
  return sent
}

/** Planning and execution in the server of these statements together. */
async function executionMs(database: SupportDatabase, statements: readonly Statement[]): Promise<number> {
  let total = 0
  for (const { text, values } of statements) {
    const { rows } = await withTenant(tenantId, () =>
      database.appPool.query<{ 'QUERY PLAN': [{ 'Execution Time': number; 'Planning Time': number }] }>(
        `EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ${text}`,
        values,
      ),
    )
    const [plan] = rows[0]?.['QUERY PLAN'] ?? []
    total += (plan?.['Execution Time'] ?? Number.NaN) + (plan?.['Planning Time'] ?? Number.NaN)
  }
  return total
}

const p95 = (values: readonly number[]): number => quantile(values, 0.95, 2)
