// Support's world for its benchmark: one business, and what the writers know of it.
import { formulaOf, rankOf } from '@quimbi/support/scoring/score.ts'
import pg from 'pg'

export const tenantId = '0198a000-0000-7000-8000-000000000001'

const plainFacts = {
  churnRisk: null,
  lifetimeValue: null,
  difficulty: null,
  sentiment: null,
  slaStatus: null,
  priority: 'NORMAL',
}

/** What the writers choose from. */
export type World = { ticketIds: string[]; customerIds: string[]; tokens: string[]; agentIds: string[] }

/** One tenant with twenty agents who are logged in; a fifth of the tickets open. */
export async function buildWorld(url: string, tickets: number): Promise<{ agentId: string; sessionId: string }[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(
      `INSERT INTO tenant (id, slug, name, currency_code, time_zone, created_at) VALUES ($1, 'bench', 'Bench', 'USD', 'UTC', now())`,
      [tenantId],
    )
    await client.query(
      `INSERT INTO agent (tenant_id, id, name, email, password_hash, role, status, created_at)
       SELECT $1, md5('a' || n)::uuid, 'Agent ' || n, 'a' || n || '@bench.example', 'x', 'TEAM_LEAD', 'ONLINE', now()
       FROM generate_series(1, 20) AS n`,
      [tenantId],
    )
    await client.query(
      `INSERT INTO customer (tenant_id, id, name, email, created_at, updated_at)
       SELECT $1, md5('c' || n)::uuid, 'Customer ' || n, 'c' || n || '@customers.example', now(), now()
       FROM generate_series(1, $2::int / 2) AS n`,
      [tenantId, tickets],
    )
    // As Support itself ranks them: else the first change of each would also move it in the inbox.
    const still = rankOf({ ...plainFacts, createdAt: new Date(0) }, formulaOf('default', null))
    await client.query(
      `INSERT INTO ticket (tenant_id, id, number, subject, status, priority, channel, customer_id, assignee_id, rank, created_at, updated_at, closed_at)
       SELECT $1, md5('t' || n)::uuid, n, 'Where is my order?', CASE WHEN n % 5 = 0 THEN 'OPEN' ELSE 'CLOSED' END, 'NORMAL', 'EMAIL',
         md5('c' || (1 + n * 7919 % ($2::int / 2)))::uuid, md5('a' || (1 + n % 20))::uuid,
         $3::float8 - (extract(epoch FROM at) * 1000)::float8 / 86400000, at, now(), CASE WHEN n % 5 = 0 THEN NULL ELSE now() END
       FROM generate_series(1, $2::int) AS n,
         LATERAL (SELECT date_trunc('milliseconds', now()) - n * interval '1 minute' AS at) AS made`,
      [tenantId, tickets, still],
    )
    await client.query(
      `INSERT INTO message (tenant_id, id, ticket_id, from_agent, author_name, content, channel, external_id, created_at)
       SELECT $1, md5('m' || n)::uuid, md5('t' || (1 + n % $2::int))::uuid, n % 2 = 0, 'Somebody', 'Where is my order ' || n || '?', 'EMAIL',
         'm' || n, now() - n * interval '30 seconds'
       FROM generate_series(1, 2 * $2::int) AS n`,
      [tenantId, tickets],
    )
    await client.query('INSERT INTO ticket_counter (tenant_id, last_number) VALUES ($1, $2)', [tenantId, tickets])
    const { rows } = await client.query<{ agentId: string; sessionId: string }>(
      `INSERT INTO agent_session (tenant_id, id, agent_id, created_at, expires_at)
       SELECT tenant_id, gen_random_uuid(), id, now(), now() + interval '1 day' FROM agent WHERE tenant_id = $1
       RETURNING agent_id AS "agentId", id AS "sessionId"`,
      [tenantId],
    )
    await client.query('VACUUM ANALYZE')
    return rows
  } finally {
    await client.end()
  }
}

/** Ids of open tickets and of customers; at most 20,000 of each. */
export async function readWorld(url: string, tokens: string[], agentIds: string[]): Promise<World> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const ids = async (sql: string) => (await client.query<{ id: string }>(sql)).rows.map(({ id }) => id)
  try {
    return {
      tokens,
      agentIds,
      ticketIds: await ids(`SELECT id FROM ticket WHERE status = 'OPEN' ORDER BY id LIMIT 20000`),
      customerIds: await ids('SELECT id FROM customer ORDER BY id LIMIT 20000'),
    }
  } finally {
    await client.end()
  }
}
