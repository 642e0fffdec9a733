import { mkdtempSync, rmSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '@quimbi/database/embedded.ts'
import { ensureDatabase } from '@quimbi/database/provision.ts'
import pg from 'pg'
import { asker } from '../../console/tests/journeys/graph.ts'
import { startGraph } from '../../console/tests/journeys/process.ts'

/** What `npm start` serves, with the demo's people and so many open tickets more. */
export async function openConsoleWorld(tickets: number) {
  const folder = mkdtempSync(join(tmpdir(), 'quimbi-bench-console-'))
  // PostgreSQL refuses root and runs as another user, who has to get through here.
  await chmod(folder, 0o755)
  const server = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), durable: false })
  let graph: Awaited<ReturnType<typeof startGraph>> | undefined
  async function close(): Promise<void> {
    await graph?.stop()
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    for (const name of ['support', 'intelligence']) await ensureDatabase(server.url('postgres'), name)
    graph = await startGraph({
      SUPPORT_DATABASE_URL: server.url('support'),
      INTELLIGENCE_DATABASE_URL: server.url('intelligence'),
      // One person here does the work of many.
      AGENT_POINTS_PER_MINUTE: '100000000',
    })
    await addTickets(server.url('support'), tickets)
    return { url: graph.url, ask: asker(graph.url), close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Open tickets of customers of their own, each with a conversation, ranked as the inbox ranks. */
async function addTickets(url: string, tickets: number): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('SET session_replication_role = replica')
    const insert = (text: string) => client.query(text, [tickets])
    await insert(
      `INSERT INTO customer (tenant_id, id, name, email, created_at, updated_at)
      SELECT tenant.id, md5('c' || n)::uuid, 'Customer ' || n, 'c' || n || '@customers.example', now(), now()
      FROM tenant, generate_series(0, $1::int / 5) AS n WHERE slug = 'demo'`,
    )
    await insert(
      `INSERT INTO ticket (tenant_id, id, number, subject, status, priority, channel, customer_id, rank, created_at, updated_at)
      SELECT tenant.id, md5('t' || n)::uuid, 100000 + n, 'Where is my order?', 'OPEN', 'NORMAL', 'EMAIL', md5('c' || n / 5)::uuid,
        random() * 15 - extract(epoch FROM at) / 86400, at, at
      FROM tenant, generate_series(1, $1::int) AS n,
        LATERAL (SELECT date_trunc('milliseconds', now() - 60 * random() ^ 2 * interval '1 day') AS at) AS made
      WHERE slug = 'demo'`,
    )
    await client.query(
      `INSERT INTO message (tenant_id, id, ticket_id, from_agent, author_name, content, created_at)
      SELECT tenant_id, gen_random_uuid(), id, n = 2, 'x',
        'Hello, my parcel should have been here on Monday and there is still no news of it. Can you look where it is?', created_at
      FROM ticket, generate_series(1, 3) AS n WHERE number > 100000`,
    )
    await client.query('VACUUM ANALYZE')
  } finally {
    await client.end()
  }
}
