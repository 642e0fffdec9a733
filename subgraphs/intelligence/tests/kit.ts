import { newId } from '@quimbi/database/ids.ts'
import { createMemoryBus } from '@quimbi/events/bus.ts'
import type { FeedEvent, FeedSource } from '@quimbi/events/feed.ts'
import type { NewEvent } from '@quimbi/events/outbox.ts'
import type { EventOf, Topic } from '@quimbi/events/topics.ts'
import { fixedClock } from '@quimbi/service/clock.ts'
import type { Facts } from '@quimbi/service/authenticate.ts'
import type { UserErrorCode } from '@quimbi/service/errors.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { generateSecrets } from '@quimbi/service/secrets.ts'
import { createTokenIssuer, createTokenVerifier } from '@quimbi/service/tokens.ts'
import type { AgentRole } from '@quimbi/service/viewer.ts'
import { createTestDatabase } from '@quimbi/testing/databases.ts'
import type { JSONWebKeySet, JWK } from 'jose'
import { Registry } from 'prom-client'
import { createIntelligence, type IntelligenceOptions } from '../src/app.ts'
import { openIntelligenceDatabase } from '../src/database.ts'
import { ingestOrders, type OrderBatch } from '../src/orders/ingest.ts'
import type { CustomerOrder } from '../src/orders/types.ts'

export const startOfTime = '2026-11-21T12:00:00.000Z'
export const dayMs = 86_400_000

export type World = Awaited<ReturnType<typeof openWorld>>

/** What an operation answered; `T` is what the test expects of `data`. */
export type Answer<T> = { data: T | null; codes: unknown[]; reasons: unknown[] }

/** Intelligence on a fresh database, nothing running by itself: `module.sequence()` and `module.receive()` move events. */
export async function openWorld(
  options: Pick<IntelligenceOptions, 'model' | 'draftWaitMs' | 'partnerLimits' | 'redis' | 'webhooksToLoopback'> = {},
) {
  const { url, drop } = await createTestDatabase('intelligence')
  const secrets = generateSecrets()
  const clock = fixedClock(startOfTime)
  const log = createLogger({ service: 'intelligence', level: 'silent' })
  const bus = createMemoryBus(log)
  const statements: string[] = []
  const database = await openIntelligenceDatabase({ url, max: 12, onStatement: (sql) => void statements.push(sql) })
  const peer = memoryFeed()
  const module = await createIntelligence({
    ...options,
    database,
    databaseUrl: url,
    peer: peer.source,
    bus,
    log,
    metrics: createMetrics('intelligence', new Registry()),
    clock,
    verifier: createTokenVerifier(JSON.parse(secrets.AGENT_TOKEN_PUBLIC_KEYS) as JSONWebKeySet),
    introspection: true,
  })
  const issuer = createTokenIssuer(JSON.parse(secrets.AGENT_TOKEN_PRIVATE_KEY) as JWK)

  return {
    url,
    secrets,
    clock,
    database,
    module,
    /** Rows, seen by the system over all tenants. */
    async rows<Row extends object>(sql: string, ...values: unknown[]): Promise<Row[]> {
      return (await database.systemPool.query<Row>(sql, values)).rows
    },
    /** What the tenant's events of a type tell Support, in order. */
    async told<T extends Topic>(tenantId: string, type: T): Promise<EventOf<T>['payload'][]> {
      const sql = `SELECT payload FROM (SELECT id, tenant_id, type, payload FROM outbox
          UNION ALL SELECT position, tenant_id, type, payload FROM event_log) AS e
        WHERE tenant_id = $1 AND type = $2 ORDER BY id`
      const { rows } = await database.systemPool.query<{ payload: EventOf<T>['payload'] }>(sql, [tenantId, type])
      return rows.map(({ payload }) => payload)
    },
    /** Says events as Support would, and lets Intelligence hear them. */
    async hear(...events: NewEvent[]): Promise<void> {
      peer.push(events)
      await module.receive()
    },
    /** The facts of a request by an agent. */
    async agent(tenantId: string, role: AgentRole = 'MANAGER', sessionId = newId()): Promise<Partial<Facts>> {
      const { token } = await issuer.issue({ agentId: newId(), sessionId, tenantId, role }, clock.now())
      return { authorization: `Bearer ${token}` }
    },
    async ask<T>(query: string, variables: Record<string, unknown>, facts: Partial<Facts>): Promise<Answer<T>> {
      const known: Facts = { requestId: 'test', caller: null, ...facts }
      // A key opens the partner door alone.
      const door = known.apiKey === undefined ? module.subgraph : module.partner
      const { data, errors = [] } = await door.execute({ query, variables: plain(variables) }, known)
      const [codes, reasons] = ['code', 'reason'].map((key) => errors.map(({ extensions }) => extensions?.[key]))
      return { data: (data as T | undefined) ?? null, codes: codes ?? [], reasons: reasons ?? [] }
    },
    /** Takes orders in, as a service of ours. */
    ingest: (tenantId: string, orders: readonly CustomerOrder[], batch: Partial<OrderBatch> = {}) =>
      database.transact(tenantId, (tx) =>
        ingestOrders(tx, service(tenantId), { source: 'shop', orders, ...batch }, clock.now()),
      ),
    /** How many statements were sent meanwhile, besides those that bind a connection to its tenant and what is noted of keys, later. */
    async statementsOf(run: () => Promise<unknown>): Promise<number> {
      const before = statements.length
      await run()
      return statements.slice(before).filter((sql) => !/set_config|note_key_reads|last_used_at/.test(sql)).length
    },
    async close(): Promise<void> {
      await module.stop()
      await bus.close()
      await database.close()
      await drop()
    },
  }
}

export const service = (tenantId: string) => ({ kind: 'service', service: 'intelligence', tenantId }) as const

/** Dates become text, as they travel. */
const plain = (variables: object) => JSON.parse(JSON.stringify(variables)) as Record<string, unknown>

let made = 0

type OrderParts = Partial<CustomerOrder['order']> & { customer?: CustomerOrder['customer'] }

/** An order of 25.00 USD by customer C-1 that was placed a day ago; each has an id of its own. */
export const anOrder = ({ customer = { externalId: 'C-1' }, ...order }: OrderParts = {}): CustomerOrder => ({
  customer,
  order: {
    externalId: `O-${(made += 1)}`,
    placedAt: new Date(new Date(startOfTime).getTime() - dayMs),
    total: '25.00',
    currencyCode: 'USD',
    items: [{ sku: 'MUG-07', title: 'Stoneware mug', quantity: 2, unitPrice: '12.50' }],
    shipments: [{ carrier: 'Parcel Post', trackingNumber: 'PP1', status: 'sent', updatedAt: new Date(startOfTime) }],
    ...order,
  },
})

/** Support's word on who a customer is. */
export const saved = (tenantId: string, customerId: string, ...externalIds: string[]): NewEvent => ({
  tenantId,
  type: 'customer.saved',
  occurredAt: new Date(startOfTime),
  payload: { customerId, refs: externalIds.map((externalId) => ({ source: 'shop', externalId })) },
})

/** Everything kept of a tenant's orders and customers, table by table; `exact`: with the version of each row. */
export async function contents({ rows }: World, tenantId: string, exact = false): Promise<Record<string, string[]>> {
  const tables = ['tenant_profile', 'customer', 'customer_ref', 'customer_order', 'order_item', 'shipment', 'outbox']
  const found = await Promise.all(
    tables.map(async (table) => {
      const version = exact ? `ctid::text || xmin::text ||` : ''
      const sql = `SELECT ${version} t::text AS row FROM ${table} t WHERE tenant_id = $1 ORDER BY 1`
      return [table, (await rows<{ row: string }>(sql, tenantId)).map(({ row }) => row)] as const
    }),
  )
  return Object.fromEntries(found)
}

/** Whose each order is, by the order's external id; and what the customers are known as. */
export async function ownersOf({ rows }: World, tenantId: string) {
  const orders = await rows<{ externalId: string; customerId: string }>(
    `SELECT external_id AS "externalId", customer_id AS "customerId" FROM customer_order WHERE tenant_id = $1 ORDER BY 1`,
    tenantId,
  )
  const customers = await rows<{ id: string }>('SELECT id FROM customer WHERE tenant_id = $1 ORDER BY 1', tenantId)
  return {
    orders: Object.fromEntries(orders.map(({ externalId, customerId }) => [externalId, customerId])),
    customers: customers.map(({ id }) => id),
  }
}

/** Codes and paths of refusals: what tests match. */
export const refusals = (errors: readonly { code: UserErrorCode; path: string[] | null }[]) =>
  errors.map(({ code, path }) => [code, ...(path ?? [])].join(' '))

/** Another service's log in memory. */
function memoryFeed() {
  const log: FeedEvent[] = []
  const source: FeedSource = {
    async pull({ after, topics, limit }) {
      const events = log
        .filter(({ position, type }) => position > BigInt(after ?? 0) && topics.some((topic) => topic === type))
        .slice(0, limit)
      const head = BigInt(log.length)
      const position = events.length < limit ? head : (events.at(-1)?.position ?? head)
      return { events, position, head, atEnd: position === head }
    },
  }
  const push = (events: readonly NewEvent[]) => {
    for (const event of events) log.push({ eventId: newId(), ...event, position: BigInt(log.length + 1) })
  }
  return { source, push }
}
