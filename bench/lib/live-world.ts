import { mkdtempSync, rmSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startEmbeddedPostgres } from '@quimbi/database/embedded.ts'
import { migrate } from '@quimbi/database/migrate.ts'
import { freePort } from '@quimbi/database/port.ts'
import { ensureDatabase } from '@quimbi/database/provision.ts'
import { generateSecrets } from '@quimbi/service/secrets.ts'
import { createTokenIssuer } from '@quimbi/service/tokens.ts'
import { startRedis } from '@quimbi/testing/redis.ts'
import pg from 'pg'
import { root } from '../../scripts/lib/root.ts'
import { startService, type ServiceProcess } from './live-processes.ts'

const tenantIdOf = (n: number) => `0198a000-0000-7000-8000-${String(n + 1).padStart(12, '0')}`
const tenantId = tenantIdOf(0)
const tickets = 200

/** Who may see what: leads all, agents what is nobody's, the filter what is urgent. */
export const scopes = ['lead', 'agent', 'filter'] as const
export type Scope = (typeof scopes)[number]
export const filterOf = (scope: Scope) => (scope === 'filter' ? { priority: ['URGENT'] } : null)

export const liveQuery = `subscription ($filter: TicketFilter, $after: Cursor) {
  inboxUpdated(filter: $filter, after: $after) {
    id cursor type occurredAt
    ticket { id subject status priority customer { id name behavior { totalOrders } } }
  }
}`

export type Member = { scope: Scope; token: string }
export type LiveWorld = Awaited<ReturnType<typeof openLiveWorld>>

/** Three services, PostgreSQL and Redis, each in processes of its own; so many agents who are logged in, a third of each scope. To be closed. */
export async function openLiveWorld({
  agents,
  businesses = 1,
  durable = false,
}: {
  agents: number
  /** Among which the agents are shared out; what is written and expected is of the first. */
  businesses?: number
  durable?: boolean
}) {
  const folder = mkdtempSync(join(tmpdir(), 'quimbi-live-'))
  // PostgreSQL refuses root and runs as another user, who has to get through here.
  await chmod(folder, 0o755)
  const dataDir = join(folder, 'postgres')
  const closing: (() => Promise<unknown> | void)[] = [() => rmSync(folder, { recursive: true, force: true })]
  const close = async () => {
    for (const one of closing.splice(0).reverse()) await one()
  }
  try {
    let postgres = await startEmbeddedPostgres({ dataDir, durable })
    closing.push(() => postgres.stop())
    const urls = { support: postgres.url('support'), intelligence: postgres.url('intelligence') }
    for (const name of ['support', 'intelligence'] as const) {
      await ensureDatabase(postgres.url('postgres'), name)
      await migrate({ url: urls[name], directory: join(root, 'prisma', name) })
    }
    const redis = await startRedis()
    closing.push(() => redis.stop())
    const secrets = generateSecrets()
    const members: Member[] = []
    const tenantIds = Array.from({ length: businesses }, (_, n) => tenantIdOf(n))
    for (const tenantId of tenantIds)
      members.push(
        ...(await buildWorld(urls.support, {
          tenantId,
          agents: Math.floor(agents / businesses),
          privateKey: JSON.parse(secrets.AGENT_TOKEN_PRIVATE_KEY),
        })),
      )
    const ports = { support: await freePort(), intelligence: await freePort(), gateway: await freePort() }
    const environment = {
      PATH: process.env['PATH'],
      ...secrets,
      NODE_ENV: 'development',
      LOG_LEVEL: 'fatal',
      REDIS_URL: redis.url,
      SUPPORT_URL: `http://127.0.0.1:${ports.support}`,
      INTELLIGENCE_URL: `http://127.0.0.1:${ports.intelligence}`,
      SUPPORT_DATABASE_URL: urls.support,
      INTELLIGENCE_DATABASE_URL: urls.intelligence,
      SUPPORT_FILES_DIR: join(folder, 'files'),
    }
    const services = {} as Record<keyof typeof ports, ServiceProcess>
    const entries = {
      intelligence: 'subgraphs/intelligence',
      support: 'subgraphs/support',
      gateway: 'gateway',
    } as const
    for (const name of ['intelligence', 'support', 'gateway'] as const) {
      // With room for what it holds and little more: else V8 grows before it collects, and growth says nothing.
      const memory = name === 'gateway' && { NODE_OPTIONS: '--max-old-space-size=192 --max-semi-space-size=16' }
      services[name] = await startService(name, `${entries[name]}/src/main.ts`, ports[name], {
        ...environment,
        ...memory,
      })
      closing.push(() => services[name].stop())
    }
    const [writer] = members
    return {
      services,
      members,
      urls,
      tenantIds,
      redis,
      postgres: {
        async restart() {
          const { port } = postgres
          await postgres.stop()
          postgres = await startEmbeddedPostgres({ dataDir, durable, port })
          if (postgres.port !== port) throw new Error('PostgreSQL came back at another port')
        },
      },
      /** Changes a ticket through a service; false when that was refused or did not answer. */
      write: (serial: number, through: 'support' | 'gateway' = 'support') =>
        changeTicket(services[through].url, writer?.token ?? '', serial),
      /** What each scope is to hear of the log, in order, after so many entries of it. */
      expected: (after: number) => readExpected(urls.support, after),
      /** Where the log ends. */
      head: () => readHead(urls.support),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

const ticketIdOf = (n: number) => `0198a000-0000-7000-8000-1${String(n).padStart(11, '0')}`

async function changeTicket(url: string, token: string, serial: number): Promise<boolean> {
  const query = 'mutation ($input: UpdateTicketInput!) { updateTicket(input: $input) { userErrors { code } } }'
  const input = { id: ticketIdOf(serial % tickets), subject: `Where is my order? ${serial}` }
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, connection: 'close' },
    body: JSON.stringify({ query, variables: { input } }),
    signal: AbortSignal.timeout(5_000),
  }).catch(() => null)
  const answer = (await response?.json().catch(() => null)) as {
    data?: { updateTicket?: { userErrors: unknown[] } }
  } | null
  return answer?.data?.updateTicket?.userErrors.length === 0
}

type Business = { tenantId: string; agents: number; privateKey: Parameters<typeof createTokenIssuer>[0] }

async function buildWorld(url: string, { tenantId, agents, privateKey }: Business): Promise<Member[]> {
  const rows = await asOwner(url, async (client) => {
    await client.query(
      `INSERT INTO tenant (id, slug, name, currency_code, time_zone, created_at) VALUES ($1, $2, 'Bench', 'USD', 'UTC', now())`,
      [tenantId, `bench-${tenantId.slice(-4)}`],
    )
    await client.query(
      `INSERT INTO agent (tenant_id, id, name, email, password_hash, role, status, created_at)
       SELECT $1, md5('a' || n)::uuid, 'Agent ' || n, 'a' || n || '@bench.example', 'x', CASE n % 3 WHEN 1 THEN 'AGENT' ELSE 'TEAM_LEAD' END,
         'ONLINE', now()
       FROM generate_series(0, $2::int - 1) AS n`,
      [tenantId, agents],
    )
    await client.query(
      `INSERT INTO customer (tenant_id, id, name, email, created_at, updated_at)
       SELECT $1, md5('c' || n)::uuid, 'Customer ' || n, 'c' || n || '@customers.example', now(), now() FROM generate_series(0, $2::int - 1) AS n`,
      [tenantId, tickets],
    )
    await client.query(
      `INSERT INTO ticket (tenant_id, id, number, subject, status, priority, channel, customer_id, assignee_id, rank, created_at, updated_at)
       SELECT $1, ($3::text[])[1 + n]::uuid, 1 + n, 'Where is my order?', 'OPEN', CASE WHEN n % 5 = 0 THEN 'URGENT' ELSE 'NORMAL' END, 'EMAIL',
         md5('c' || n)::uuid, CASE WHEN n % 4 = 0 THEN md5('a0')::uuid END, -n * 0.001, now() - n * interval '1 minute', now()
       FROM generate_series(0, $2::int - 1) AS n`,
      [tenantId, tickets, Array.from({ length: tickets }, (_, n) => ticketIdOf(n))],
    )
    await client.query('INSERT INTO ticket_counter (tenant_id, last_number) VALUES ($1, $2)', [tenantId, tickets])
    const inserted = await client.query<{ agentId: string; sessionId: string }>(
      `INSERT INTO agent_session (tenant_id, id, agent_id, created_at, expires_at)
       SELECT tenant_id, gen_random_uuid(), id, now(), now() + interval '1 day' FROM agent WHERE tenant_id = $1
       RETURNING agent_id AS "agentId", id AS "sessionId"`,
      [tenantId],
    )
    const order = await client.query<{ id: string }>(
      `SELECT md5('a' || n)::uuid AS id FROM generate_series(0, $1::int - 1) AS n`,
      [agents],
    )
    await client.query('VACUUM ANALYZE')
    const sessions = new Map(inserted.rows.map(({ agentId, sessionId }) => [agentId, sessionId]))
    return order.rows.map(({ id }) => ({ agentId: id, sessionId: sessions.get(id) ?? '' }))
  })
  const issuer = createTokenIssuer(privateKey)
  return Promise.all(
    rows.map(async (row, n) => {
      const scope = scopes[n % 3] as Scope
      const role = scope === 'agent' ? ('AGENT' as const) : ('TEAM_LEAD' as const)
      return { scope, token: (await issuer.issue({ ...row, tenantId, role }, new Date())).token }
    }),
  )
}

const readHead = (url: string): Promise<number> =>
  asOwner(url, async (client) => {
    const sql = 'SELECT coalesce(max(sequence), 0)::int AS head FROM event_log WHERE tenant_id = $1'
    return (await client.query<{ head: number }>(sql, [tenantId])).rows[0]?.head ?? 0
  })

const readExpected = (url: string, after: number): Promise<Record<Scope, string[]>> =>
  asOwner(url, async (client) => {
    // What was committed is in the log only once the sequencer took it there.
    while ((await client.query('SELECT FROM outbox WHERE tenant_id = $1 LIMIT 1', [tenantId])).rowCount) await delay(50)
    const { rows } = await client.query<{ id: string; assigneeId: string | null; priority: string }>(
      `SELECT event_id AS id, payload -> 'view' ->> 'assigneeId' AS "assigneeId", payload -> 'view' ->> 'priority' AS priority
       FROM event_log WHERE tenant_id = $1 AND sequence > $2 AND ticket_id IS NOT NULL ORDER BY sequence`,
      [tenantId, after],
    )
    const ids = (of: (row: (typeof rows)[number]) => boolean) => rows.filter(of).map(({ id }) => id)
    return {
      lead: ids(() => true),
      agent: ids(({ assigneeId }) => assigneeId === null),
      filter: ids(({ priority }) => priority === 'URGENT'),
    }
  })

async function asOwner<T>(url: string, run: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return run(client).finally(() => client.end())
}
