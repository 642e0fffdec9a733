// How many changes of tickets Support takes: fifty writers at once through the subgraph, on a durable PostgreSQL.
import { createMemoryBus } from '@quimbi/events/bus.ts'
import { systemClock } from '@quimbi/service/clock.ts'
import { createLinks } from '@quimbi/service/links.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { between, createRandom, pick, type Random } from '@quimbi/service/random.ts'
import { createLoginLimiter } from '@quimbi/service/rate-limit.ts'
import { generateSecrets } from '@quimbi/service/secrets.ts'
import { createTokenIssuer, createTokenVerifier } from '@quimbi/service/tokens.ts'
import { createSupport } from '@quimbi/support/app.ts'
import { openSupportDatabase } from '@quimbi/support/database.ts'
import { formulaOf, rankOf } from '@quimbi/support/scoring/score.ts'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { cpuMicros } from './lib/cpu.ts'
import type { BenchOptions, BenchResult } from './lib/contract.ts'
import { openBenchDatabase } from './lib/database.ts'
import { quantile } from './lib/quantile.ts'

const tenantId = '0198a000-0000-7000-8000-000000000001'
const writers = 50
/** Of what fifty who never pause reach: the load at which waiting times are read. */
const pacedShare = 0.6

const plainFacts = {
  churnRisk: null,
  lifetimeValue: null,
  difficulty: null,
  sentiment: null,
  slaStatus: null,
  priority: 'NORMAL',
}

type World = { ticketIds: string[]; customerIds: string[]; tokens: string[]; agentIds: string[]; queueIds: string[] }
type Ask = (token: string, query: string, input: object) => Promise<void>
type Kind = { name: string; weight: number; run(ask: Ask, world: World, random: Random, serial: number): Promise<void> }

const mutation = (name: string, input: string, fields: string) =>
  `mutation ($input: ${input}!) { ${name}(input: $input) { ${fields} userErrors { code message } } }`
const ticketFields = 'ticket { id status updatedAt }'
const any = <T>(random: Random, values: readonly T[]): T => pick(random, values as readonly [T, ...T[]])

/** A working day's mix: mostly talk, then what goes with it. */
const kinds: Kind[] = [
  {
    name: 'sendMessage',
    weight: 30,
    run: (ask, { tokens, ticketIds }, random, serial) =>
      ask(any(random, tokens), mutation('sendMessage', 'SendMessageInput', 'message { id }'), {
        ticketId: any(random, ticketIds),
        content: 'It left our warehouse this morning and should be with you within two days.',
        idempotencyKey: `bench-${serial}`,
      }),
  },
  {
    name: 'receiveMessage',
    weight: 25,
    run: (ask, { tokens, ticketIds }, random, serial) =>
      ask(any(random, tokens), mutation('receiveMessage', 'ReceiveMessageInput', 'message { id }'), {
        ticketId: any(random, ticketIds),
        channel: 'EMAIL',
        content: 'Still nothing here. Can you check again, please?',
        externalId: `bench-${serial}`,
      }),
  },
  {
    name: 'createTicket',
    weight: 10,
    run: (ask, { tokens, customerIds }, random) =>
      ask(any(random, tokens), mutation('createTicket', 'CreateTicketInput', ticketFields), {
        customerId: any(random, customerIds),
        subject: 'Where is my order?',
        channel: 'EMAIL',
        initialMessage: 'I ordered over a week ago and the tracking page has not moved since Monday.',
      }),
  },
  {
    name: 'setTicketStatus',
    weight: 10,
    run: (ask, { tokens, ticketIds }, random) =>
      ask(any(random, tokens), mutation('setTicketStatus', 'SetTicketStatusInput', ticketFields), {
        id: any(random, ticketIds),
        ...(random() < 0.5 ? { status: 'OPEN' } : { status: 'PENDING', waitingOn: 'CUSTOMER' }),
      }),
  },
  {
    name: 'assignTicket',
    weight: 10,
    run: (ask, { tokens, ticketIds, agentIds }, random) =>
      ask(any(random, tokens), mutation('assignTicket', 'AssignTicketInput', ticketFields), {
        id: any(random, ticketIds),
        agentId: any(random, agentIds),
      }),
  },
  {
    name: 'tagTicket',
    weight: 5,
    run: (ask, { tokens, ticketIds }, random) =>
      ask(any(random, tokens), mutation('tagTicket', 'TagTicketInput', ticketFields), {
        id: any(random, ticketIds),
        tags: [`tag-${between(random, 1, 20)}`],
      }),
  },
  {
    name: 'updateTicket',
    weight: 5,
    run: (ask, { tokens, ticketIds }, random) =>
      ask(any(random, tokens), mutation('updateTicket', 'UpdateTicketInput', ticketFields), {
        id: any(random, ticketIds),
        priority: any(random, ['URGENT', 'HIGH', 'NORMAL', 'LOW']),
      }),
  },
  {
    name: 'addNote',
    weight: 5,
    run: (ask, { tokens, ticketIds }, random) =>
      ask(any(random, tokens), mutation('addNote', 'AddNoteInput', 'note { id }'), {
        ticketId: any(random, ticketIds),
        content: 'Asked the carrier for the trace.',
      }),
  },
]

/** `mutationsPerSecond`: of fifty who never pause; `p95Ms`: at `pacedPerSecond`, counted from when each was due; `cpuMs`: of this process and PostgreSQL per mutation. @public */
export async function run({ seconds, quick, log }: BenchOptions): Promise<BenchResult> {
  const server = await openBenchDatabase('support', { durable: true })
  const database = await openSupportDatabase({ url: server.url, max: 10 })
  const secrets = generateSecrets()
  const [privateKey, publicKeys] = [
    JSON.parse(secrets.AGENT_TOKEN_PRIVATE_KEY),
    JSON.parse(secrets.AGENT_TOKEN_PUBLIC_KEYS),
  ]
  const bus = createMemoryBus()
  const module = await createSupport({
    database,
    databaseUrl: server.url,
    peer: { pull: async () => ({ events: [], position: 0n, head: 0n, atEnd: true }) },
    bus,
    log: createLogger({ service: 'support', level: 'error' }),
    metrics: createMetrics('support'),
    clock: systemClock,
    verifier: createTokenVerifier(publicKeys),
    introspection: false,
    issuer: createTokenIssuer(privateKey),
    limiter: createLoginLimiter(),
    links: createLinks(privateKey, publicKeys),
    settings: { publicUrl: 'http://support.example', filesDir: join(server.folder, 'files') },
  })
  try {
    const tickets = quick ? 1_000 : 100_000
    log(`${tickets.toLocaleString('en')} tickets, ${writers} writers`)
    const agents = await buildWorld(server.url, tickets)
    const issuer = createTokenIssuer(privateKey)
    const tokens = await Promise.all(
      agents.map(async ({ agentId, sessionId }) => {
        const claims = { agentId, sessionId, tenantId, role: 'SENIOR_AGENT' as const }
        return (await issuer.issue(claims, new Date())).token
      }),
    )
    const world = await readWorld(
      server.url,
      tokens,
      agents.map(({ agentId }) => agentId),
    )
    await module.start()
    const ask: Ask = async (token, query, input) => {
      const facts = { requestId: 'bench', caller: null, address: '127.0.0.1', authorization: `Bearer ${token}` }
      const { data, errors } = await module.subgraph.execute({ query, variables: { input } }, facts)
      const [answer] = Object.values(
        (data ?? {}) as Record<string, { userErrors: { code: string; message: string }[] }>,
      )
      const refusal = errors?.[0]?.message ?? answer?.userErrors[0]?.message
      if (refusal) throw new Error(refusal)
    }
    await load(ask, world, quick ? 0.5 : 5) // warm: connections, plans, compiled code
    const measured = await load(ask, world, quick ? 1 : (seconds ?? 60) / 2)
    await module.settle()
    const all = measured.samples.map(({ ms }) => ms)
    const rate = all.length / measured.seconds
    // Fifty who never pause wait for each other whatever the server does (50 / rate is their mean); a team at work leaves room.
    const paced = await load(ask, world, quick ? 1 : (seconds ?? 60) / 2, rate * pacedShare)
    const pacedMs = paced.samples.map(({ ms }) => ms)
    const names = kinds.map(({ name }) => name)
    return {
      table: {
        columns: ['mutation', 'count', 'p50 ms', 'p95 ms', 'paced p50 ms', 'paced p95 ms'],
        rows: ['all', ...names].map((name) => {
          const [own, calm] = [measured, paced].map(({ samples }) =>
            samples.filter((one) => name === 'all' || one.name === name).map(({ ms }) => ms),
          ) as [number[], number[]]
          return [name, own.length, quantile(own, 0.5), quantile(own, 0.95), quantile(calm, 0.5), quantile(calm, 0.95)]
        }),
      },
      figures: {
        mutationsPerSecond: Math.round(rate),
        p95Ms: quantile(pacedMs, 0.95),
        pacedPerSecond: Math.round(pacedMs.length / paced.seconds),
        saturatedP95Ms: quantile(all, 0.95),
        cpuMs: Number((measured.cpuMicros / all.length / 1_000).toFixed(2)),
        ownCpuMs: Number((measured.ownMicros / all.length / 1_000).toFixed(2)),
        writers,
        tickets,
      },
    }
  } finally {
    await module.stop()
    await bus.close()
    await database.close()
    await server.close()
  }
}

let serial = 0

/** `rate`: mutations a second of all writers together; as many as they can unless given. */
async function load(ask: Ask, world: World, seconds: number, rate?: number) {
  const samples: { name: string; ms: number }[] = []
  const total = kinds.reduce((sum, { weight }) => sum + weight, 0)
  const [began, cpu, own] = [performance.now(), cpuMicros(), process.cpuUsage()]
  const until = began + seconds * 1_000
  const lane = async (seed: number) => {
    const random = createRandom(seed)
    const everyMs = rate === undefined ? 0 : (writers / rate) * 1_000
    // Each begins somewhere in its own interval, and its next one is due an interval later, however long this one takes.
    for (let due = began + random() * everyMs; performance.now() < until; due += everyMs) {
      if (due > performance.now()) await setTimeout(due - performance.now())
      let at = random() * total
      const kind = kinds.find(({ weight }) => (at -= weight) < 0) ?? (kinds[0] as Kind)
      const start = rate === undefined ? performance.now() : due
      serial += 1
      await kind.run(ask, world, random, serial)
      samples.push({ name: kind.name, ms: performance.now() - start })
    }
  }
  const lanes = await Promise.allSettled(Array.from({ length: writers }, (_, index) => lane(index + 1)))
  for (const ended of lanes) if (ended.status === 'rejected') throw ended.reason
  const { user, system } = process.cpuUsage(own)
  const elapsed = (performance.now() - began) / 1_000
  return { samples, seconds: elapsed, cpuMicros: cpuMicros() - cpu, ownMicros: user + system }
}

/** One tenant with twenty agents who are logged in; a fifth of the tickets open. */
async function buildWorld(url: string, tickets: number): Promise<{ agentId: string; sessionId: string }[]> {
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

async function readWorld(url: string, tokens: string[], agentIds: string[]): Promise<World> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const ids = async (sql: string) => (await client.query<{ id: string }>(sql)).rows.map(({ id }) => id)
  try {
    return {
      tokens,
      agentIds,
      ticketIds: await ids(`SELECT id FROM ticket WHERE status = 'OPEN' ORDER BY id LIMIT 20000`),
      customerIds: await ids('SELECT id FROM customer ORDER BY id LIMIT 20000'),
      queueIds: await ids('SELECT id FROM queue ORDER BY id'),
    }
  } finally {
    await client.end()
  }
}
