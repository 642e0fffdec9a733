import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMemoryBus } from '@quimbi/events/bus.ts'
import { openIntelligenceDatabase } from '@quimbi/intelligence/database.ts'
import type { ModelConfig } from '@quimbi/intelligence/assistant/model/settings.ts'
import { ingestOrders } from '@quimbi/intelligence/orders/ingest.ts'
import type { CustomerOrder } from '@quimbi/intelligence/orders/types.ts'
import { fixedClock } from '@quimbi/service/clock.ts'
import { createLinks } from '@quimbi/service/links.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { createLoginLimiter } from '@quimbi/service/rate-limit.ts'
import { generateSecrets } from '@quimbi/service/secrets.ts'
import { createTokenIssuer, createTokenVerifier } from '@quimbi/service/tokens.ts'
import { createAgent } from '@quimbi/support/agents/service.ts'
import { createCustomer } from '@quimbi/support/customers/service.ts'
import { openSupportDatabase } from '@quimbi/support/database.ts'
import { createTenant } from '@quimbi/support/tenants/service.ts'
import { createTicket } from '@quimbi/support/tickets/create.ts'
import { createTestDatabase } from '@quimbi/testing/databases.ts'
import { Registry } from 'prom-client'
import { parseSecrets } from '../../scripts/lib/secrets.ts'
import { createSupergraph } from '../../scripts/lib/supergraph.ts'

export const source = 'shop'
export const now = new Date('2026-11-02T12:00:00.000Z')
const password = 'correct horse battery'

export type World = Awaited<ReturnType<typeof openWorld>>

/** Two fresh databases and all the modules of a graph in this process; a clock that stands still. */
export async function openWorld({
  introspection = false,
  model,
}: { introspection?: boolean; model?: ModelConfig } = {}) {
  const [supportDatabase, intelligenceDatabase] = await Promise.all([
    createTestDatabase('support'),
    createTestDatabase('intelligence'),
  ])
  const statements: string[] = []
  const onStatement = (sql: string) => void statements.push(sql)
  const support = await openSupportDatabase({ url: supportDatabase.url, onStatement })
  const intelligence = await openIntelligenceDatabase({ url: intelligenceDatabase.url, onStatement })
  const secrets = parseSecrets(generateSecrets())
  const clock = fixedClock(now)
  const bus = createMemoryBus()
  const links = createLinks(secrets.AGENT_TOKEN_PRIVATE_KEY, secrets.AGENT_TOKEN_PUBLIC_KEYS)
  const filesDir = mkdtempSync(join(tmpdir(), 'quimbi-files-'))
  const settings = { publicUrl: 'http://support.example', filesDir }
  const registry = new Registry()
  const verifier = createTokenVerifier(secrets.AGENT_TOKEN_PUBLIC_KEYS)
  const supergraph = await createSupergraph({
    support: { database: support, url: supportDatabase.url },
    intelligence: { database: intelligence, url: intelligenceDatabase.url },
    bus,
    clock,
    issuer: createTokenIssuer(secrets.AGENT_TOKEN_PRIVATE_KEY),
    verifier,
    limiter: createLoginLimiter(),
    links,
    settings,
    introspection,
    model,
    logOf: (service) => createLogger({ service, level: 'silent' }),
    metricsOf: (service) => createMetrics(service, registry),
  })
  return {
    clock,
    secrets,
    verifier,
    support,
    intelligence,
    supergraph,
    /** SQL sent since it was last emptied, by both subgraphs. */
    statements,
    async close() {
      await supergraph.stop()
      await Promise.all([support.close(), intelligence.close(), bus.close()])
      await Promise.all([supportDatabase.drop(), intelligenceDatabase.drop()])
      rmSync(filesDir, { recursive: true, force: true })
    },
  }
}

/** A tenant with an administrator. */
export async function aTenant({ support }: World, slug: string) {
  const tenant = await support.system.$transaction((tx) =>
    createTenant(tx, { slug, name: slug, currencyCode: 'EUR', timeZone: 'Europe/Berlin' }, now),
  )
  const viewer = { kind: 'service', service: 'support', tenantId: tenant.id } as const
  const email = `admin@${slug}.example`
  await support.transact(tenant.id, (tx) =>
    createAgent(tx, viewer, { name: 'Admin', email, password, role: 'ADMIN' }, now),
  )
  return { tenant, viewer, login: { tenant: slug, email, password } }
}

type Tenant = Awaited<ReturnType<typeof aTenant>>

/** A customer known to Support by the shop's id. */
export const aCustomer = ({ support }: World, { viewer }: Tenant, externalId: string) =>
  support.transact(viewer.tenantId, (tx) =>
    createCustomer(tx, viewer, { name: `Customer ${externalId}`, externalRefs: [{ source, id: externalId }] }, now),
  )

/** An open ticket of a customer. */
export const aTicket = ({ support }: World, { viewer }: Tenant, customerId: string, subject = 'Where is it?') =>
  support.transact(viewer.tenantId, async (tx) => {
    const input = { customerId, subject, channel: 'EMAIL', initialMessage: 'Hello' }
    return (await createTicket(tx, viewer, input, now)).ticket
  })

export const anOrder = (externalId: string, customer: string, total: string, daysAgo = 10): CustomerOrder => ({
  customer: { externalId: customer },
  order: { externalId, placedAt: new Date(now.getTime() - daysAgo * 86_400_000), total, currencyCode: 'EUR' },
})

/** Orders that arrive at Intelligence. */
export const ingest = ({ intelligence }: World, { viewer }: Tenant, orders: CustomerOrder[]) =>
  intelligence.transact(viewer.tenantId, (tx) => ingestOrders(tx, viewer, { source, orders }, now))

export type Answer = {
  data?: Record<string, unknown> | null
  errors?: readonly { message: string; path?: unknown; extensions?: { code?: string } }[]
}

/** Asks the graph as nobody, or as whoever has the token. */
export async function ask(
  { supergraph }: World,
  query: string,
  variables: object = {},
  token?: string,
): Promise<Answer> {
  const facts = {
    requestId: 'test',
    caller: null,
    address: '127.0.0.1',
    ...(token && { authorization: `Bearer ${token}` }),
  }
  return (await supergraph.gateway.execute({ query, variables: { ...variables } }, facts)) as Answer
}

/** A real login through the graph. */
export async function logIn(world: World, { login }: Tenant): Promise<string> {
  const query = 'mutation ($input: LoginInput!) { login(input: $input) { accessToken userErrors { code } } }'
  const { data, errors } = await ask(world, query, { input: login })
  const { accessToken } = (data as { login: { accessToken: string | null } } | undefined)?.login ?? {}
  if (!accessToken) throw new Error(`The login was refused: ${JSON.stringify({ data, errors })}`)
  return accessToken
}
