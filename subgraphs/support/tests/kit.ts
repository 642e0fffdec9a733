import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { createPool } from '@quimbi/database/connect.ts'
import { newId } from '@quimbi/database/ids.ts'
import type { DatabaseRole } from '@quimbi/database/tenancy.ts'
import { createMemoryBus } from '@quimbi/events/bus.ts'
import type { FeedEvent, FeedSource } from '@quimbi/events/feed.ts'
import type { Facts } from '@quimbi/service/authenticate.ts'
import { fixedClock } from '@quimbi/service/clock.ts'
import { createLinks } from '@quimbi/service/links.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { createLoginLimiter } from '@quimbi/service/rate-limit.ts'
import { generateSecrets } from '@quimbi/service/secrets.ts'
import { createTokenIssuer, createTokenVerifier } from '@quimbi/service/tokens.ts'
import type { AgentRole, ServiceViewer } from '@quimbi/service/viewer.ts'
import { createTestDatabase } from '@quimbi/testing/databases.ts'
import type { GraphQLFormattedError } from 'graphql'
import { createAgent } from '../src/agents/service.ts'
import { createSupport } from '../src/app.ts'
import type { TriageSource } from '../src/automation/triage.ts'
import { createCustomer, type NewCustomer } from '../src/customers/service.ts'
import { openSupportDatabase } from '../src/database.ts'
import type { SupportSettings } from '../src/settings.ts'
import type { DraftSource } from '../src/drafts/client.ts'
import type { InsightSource } from '../src/insight/ask.ts'
import { createTenant } from '../src/tenants/service.ts'
import { createTicket, type NewTicket } from '../src/tickets/create.ts'
import type { Customer, Prisma, Tenant, Ticket } from '../generated/prisma/client.ts'

export type Answer<T> = { data: T | null; errors: readonly GraphQLFormattedError[] }

/** Runs an operation; `T` is what the test expects of its data. */
export type Ask = <T = unknown>(query: string, variables?: Record<string, unknown>) => Promise<Answer<T>>

export type TestAgent = { tenantId: string; tenant: string; id: string; name: string; email: string; password: string }

export type TestSupport = Awaited<ReturnType<typeof openSupport>>

const emptyFeed: FeedSource = {
  pull: async () => ({ events: [], position: 0n, head: 0n, atEnd: true }),
}

/** Where the kit's clock stands at first. */
export const start = new Date('2026-11-21T10:00:00.000Z')

export const password = 'correct horse battery'

const login = `mutation ($input: LoginInput!) {
  login(input: $input) { accessToken expiresAt agent { id } userErrors { code path message } }
}`

const bindsConnection = /^SELECT set_config\('(role|app\.tenant_id)', \$1, false\)/

/** Support on a database of its own, its clock standing still. To be closed. */
export async function openSupport({
  max = 10,
  settings: given = {},
  triage,
  insight,
  drafts,
}: {
  max?: number
  settings?: Partial<SupportSettings>
  triage?: TriageSource
  insight?: InsightSource
  drafts?: DraftSource
} = {}) {
  const { url, drop } = await createTestDatabase('support')
  const clock = fixedClock(start)
  const statements: string[] = []
  const onStatement = (sql: string) => void (bindsConnection.test(sql) || statements.push(sql))
  const logLines: string[] = []
  const destination = { write: (line: string) => void logLines.push(line) }
  const log = createLogger({ service: 'support', level: 'debug', destination })
  const database = await openSupportDatabase({ url, max, onStatement })
  const secrets = generateSecrets()
  const issuer = createTokenIssuer(JSON.parse(secrets.AGENT_TOKEN_PRIVATE_KEY))
  const bus = createMemoryBus(log)
  const links = createLinks(JSON.parse(secrets.AGENT_TOKEN_PRIVATE_KEY), JSON.parse(secrets.AGENT_TOKEN_PUBLIC_KEYS))
  const filesDir = mkdtempSync(join(tmpdir(), 'quimbi-files-'))
  const settings: SupportSettings = { publicUrl: 'http://support.example', filesDir, ...given }
  const module = await createSupport({
    database,
    databaseUrl: url,
    peer: emptyFeed,
    bus,
    log,
    metrics: createMetrics('support'),
    clock,
    verifier: createTokenVerifier(JSON.parse(secrets.AGENT_TOKEN_PUBLIC_KEYS)),
    introspection: false,
    issuer,
    limiter: createLoginLimiter(),
    links,
    settings,
    triage,
    insight,
    drafts,
  })
  let requests = 0
  let made = 0

  /** Asks as whoever the facts say. */
  function asFacts(facts: Partial<Facts>): Ask {
    return async <T>(query: string, variables: Record<string, unknown> = {}) => {
      requests += 1
      const all: Facts = { requestId: `request-${requests}`, caller: null, address: '203.0.113.7', ...facts }
      const { data, errors = [] } = await module.subgraph.execute({ query, variables }, all)
      return { data: (data as T | undefined) ?? null, errors }
    }
  }

  /** Adds a business. */
  function aTenant(): Promise<Tenant> {
    made += 1
    const tenant = { slug: `shop-${made}`, name: `Shop ${made}`, currencyCode: 'EUR', timeZone: 'Europe/Paris' }
    return database.system.$transaction((tx) => createTenant(tx, tenant, clock.now()))
  }

  /** Adds an agent of the tenant, who can log in. */
  async function anAgent(tenant: Tenant, { role = 'ADMIN', name }: { role?: AgentRole; name?: string } = {}) {
    made += 1
    const agent = { name: name ?? `Agent ${made}`, email: `agent-${made}@shop.example`, password, role }
    const added = await database.transact(tenant.id, (tx) => createAgent(tx, serviceOf(tenant.id), agent, clock.now()))
    return { ...agent, tenantId: tenant.id, tenant: tenant.slug, id: added.id } satisfies TestAgent
  }

  /** Adds a customer. */
  function aCustomer(tenant: Pick<Tenant, 'id'>, customer: Partial<NewCustomer> = {}): Promise<Customer> {
    made += 1
    const input = { name: `Customer ${made}`, email: `customer-${made}@mail.example`, ...customer }
    return database.transact(tenant.id, (tx) => createCustomer(tx, serviceOf(tenant.id), input, clock.now()))
  }

  /** Opens a ticket, of a new customer unless one is given; `and` is then written over it. */
  async function aTicket(
    tenant: Pick<Tenant, 'id'>,
    ticket: Partial<NewTicket> = {},
    and: Prisma.TicketUncheckedUpdateManyInput = {},
  ): Promise<Ticket> {
    const customerId = ticket.customerId ?? (await aCustomer(tenant)).id
    const texts = { subject: 'Where is my order?', initialMessage: 'It has not come yet.' }
    const input = { ...texts, channel: 'EMAIL', ...ticket, customerId }
    return database.transact(tenant.id, async (tx) => {
      const { id } = (await createTicket(tx, serviceOf(tenant.id), input, clock.now())).ticket
      const where = { tenantId: tenant.id, id }
      await tx.ticket.updateMany({ where, data: and })
      return tx.ticket.findFirstOrThrow({ where })
    })
  }

  /** Opens many tickets at once, past the service: a tenth of them open, each with two messages. Agents (null: nobody) and customers take turns. */
  async function manyTickets(
    tenant: Tenant,
    count: number,
    agentIds: (string | null)[],
    customerIds: string[],
  ): Promise<void> {
    await asOwner(
      `WITH added AS (
        INSERT INTO ticket (tenant_id, id, number, subject, status, channel, customer_id, assignee_id, rank, created_at, updated_at, closed_at)
        SELECT $1, gen_random_uuid(), 1000000 + n, 'x', CASE WHEN n % 10 = 0 THEN 'OPEN' ELSE 'CLOSED' END, 'EMAIL',
          ($5::uuid[])[1 + n % cardinality($5::uuid[])], ($4::uuid[])[1 + n / 10 % cardinality($4::uuid[])], random() * 100,
          $3::timestamptz - n * interval '1 minute', $3, CASE WHEN n % 10 = 0 THEN NULL ELSE $3::timestamptz END
        FROM generate_series(1, $2::int) AS n RETURNING tenant_id, id, created_at)
      INSERT INTO message (tenant_id, id, ticket_id, from_agent, author_name, content, created_at)
      SELECT tenant_id, gen_random_uuid(), id, false, 'x', 'x', created_at FROM added, generate_series(1, 2)`,
      [tenant.id, count, clock.now(), agentIds, customerIds],
    )
    await asOwner('ANALYZE')
  }

  /** Says something more on a ticket. */
  function aMessage({ tenantId, id: ticketId }: Ticket, message: Partial<Prisma.MessageUncheckedCreateInput> = {}) {
    const data = { fromAgent: true, authorName: 'Team', content: 'It is on its way.', createdAt: clock.now() }
    return database
      .forTenant(tenantId)
      .message.create({ data: { tenantId, id: newId(), ticketId, ...data, ...message } })
  }

  /** Logs in through the graph. */
  async function logIn({ tenant, email, password }: TestAgent): Promise<string> {
    const { data } = await asFacts({})<{ login: { accessToken: string } }>(login, {
      input: { tenant, email, password },
    })
    if (!data?.login.accessToken) throw new Error('The login was refused.')
    return data.login.accessToken
  }

  const withToken = (token: string): Ask => asFacts({ authorization: `Bearer ${token}` })

  /** One statement of the owner of the tables, whom row-level security does not bind. */
  async function asOwner<Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> {
    const owner = createPool({ url, role: ownerOf(url), max: 1 })
    return owner
      .query<Row>(sql, values)
      .then(({ rows }) => rows)
      .finally(() => owner.end())
  }

  /** All that was published so far, of one tenant, in order. */
  async function events(tenantId: string): Promise<FeedEvent[]> {
    await module.sequence()
    const topics = ['tenant.saved', 'customer.saved', 'customer.seen', 'session.revoked'] as const
    const page = await module.feed.pull({ after: null, topics, limit: 1_000 })
    return page.events.filter((event) => event.tenantId === tenantId)
  }

  return {
    url,
    database,
    module,
    clock,
    issuer,
    links,
    settings,
    bus,
    log,
    /** Every statement sent so far, besides those that bind a connection to its tenant: how often that is depends on the hour. */
    statements,
    logLines,
    asFacts,
    anonymous: asFacts({}),
    withToken,
    logIn,
    /** A login of the agent: what the console would ask. */
    asAgent: async (agent: TestAgent): Promise<Ask> => withToken(await logIn(agent)),
    /** The gateway for an agent, or on its own account for a tenant. */
    asGateway: (forWhom: { token: string } | { tenantId: string }): Ask =>
      asFacts({
        caller: 'gateway',
        ...('token' in forWhom ? { authorization: `Bearer ${forWhom.token}` } : { tenantId: forWhom.tenantId }),
      }),
    asOwner,
    aTenant,
    anAgent,
    aCustomer,
    aTicket,
    manyTickets,
    aMessage,
    events,
    async close() {
      await module.stop()
      await bus.close()
      await database.close()
      await drop()
      rmSync(filesDir, { recursive: true, force: true })
    },
  }
}

/** The role that owns a test database: no role to serve with. */
export const ownerOf = (url: string) => new URL(url).username as DatabaseRole

/** One of our services, for calls of service functions. */
export const serviceOf = (tenantId: string): ServiceViewer => ({ kind: 'service', service: 'gateway', tenantId })

/** The codes of an answer's errors. */
export const codesOf = ({ errors }: Answer<unknown>): unknown[] => errors.map(({ extensions }) => extensions?.['code'])

/** Of a payload's refusals: code and path. */
export const refusal = (code: string, ...path: string[]) => [
  expect.objectContaining({ code, path: path.length > 0 ? path : null }),
]
