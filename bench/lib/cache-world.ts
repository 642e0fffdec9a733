import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMemoryBus } from '@quimbi/events/bus.ts'
import { openIntelligenceDatabase, type IntelligenceDatabase } from '@quimbi/intelligence/database.ts'
import { ingestOrders } from '@quimbi/intelligence/orders/ingest.ts'
import { systemClock } from '@quimbi/service/clock.ts'
import { createLinks } from '@quimbi/service/links.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { createLoginLimiter } from '@quimbi/service/rate-limit.ts'
import { generateSecrets } from '@quimbi/service/secrets.ts'
import { createTokenIssuer, createTokenVerifier } from '@quimbi/service/tokens.ts'
import { createCustomer } from '@quimbi/support/customers/service.ts'
import { openSupportDatabase, type SupportDatabase } from '@quimbi/support/database.ts'
import { demoLogin } from '@quimbi/support/demo/seed.ts'
import { createTicket } from '@quimbi/support/tickets/create.ts'
import { Registry } from 'prom-client'
import { seedDemoWorld } from '../../scripts/lib/demo.ts'
import { parseSecrets } from '../../scripts/lib/secrets.ts'
import { createSupergraph } from '../../scripts/lib/supergraph.ts'

/** Beside the demo's. */
const moreCustomers = 600
export const pageSize = 50
export const pageQuery = `query ($after: String) { inbox(first: ${pageSize}, after: $after) { pageInfo { hasNextPage endCursor }
  nodes { number subject customer { id name behavior { totalOrders } dnaStatus dna { archetype { name } }
    churnRisk { score level } ltvForecast { amount { amount } } } } } }`
const orderMutation = 'mutation ($input: IngestOrdersInput!) { ingestOrders(input: $input) { accepted } }'
const loginMutation = 'mutation ($input: LoginInput!) { login(input: $input) { accessToken } }'

export type Page = {
  inbox: {
    pageInfo: { hasNextPage: boolean; endCursor: string }
    nodes: { customer: { id: string; behavior: { totalOrders: number } } }[]
  }
}

export type Ask = <T>(query: string, variables?: object) => Promise<T>

/** The demo world behind two gateways, one of which keeps nothing; one module of each kind runs in the background. */
export async function openCacheWorld(supportUrl: string, intelligenceUrl: string) {
  const [support, intelligence] = [
    await openSupportDatabase({ url: supportUrl }),
    await openIntelligenceDatabase({ url: intelligenceUrl }),
  ]
  const secrets = parseSecrets(generateSecrets())
  const bus = createMemoryBus()
  const filesDir = mkdtempSync(join(tmpdir(), 'quimbi-files-'))
  const registry = new Registry()
  const make = (entityCache: 'memory' | 'off', own: Registry) =>
    createSupergraph({
      support: { database: support, url: supportUrl },
      intelligence: { database: intelligence, url: intelligenceUrl },
      ...{ bus, entityCache, clock: systemClock, limiter: createLoginLimiter(), introspection: false },
      issuer: createTokenIssuer(secrets.AGENT_TOKEN_PRIVATE_KEY),
      verifier: createTokenVerifier(secrets.AGENT_TOKEN_PUBLIC_KEYS),
      links: createLinks(secrets.AGENT_TOKEN_PRIVATE_KEY, secrets.AGENT_TOKEN_PUBLIC_KEYS),
      settings: { publicUrl: 'http://support.example', filesDir },
      logOf: (service) => createLogger({ service, level: 'silent' }),
      metricsOf: (service) => createMetrics(service, own),
    })
  const [keeping, plain] = [await make('memory', registry), await make('off', new Registry())]
  let token: string | undefined
  const askAt =
    ({ gateway }: typeof keeping): Ask =>
    async <T>(query: string, variables: object = {}) => {
      const authorization = token && `Bearer ${token}`
      const facts = { requestId: 'bench', caller: null, address: '127.0.0.1', ...(authorization && { authorization }) }
      const { data, errors } = await gateway.execute({ query, variables: { ...variables } }, facts)
      if (errors) throw new Error(JSON.stringify(errors[0]))
      return data as T
    }
  const ask = askAt(keeping)
  await seedDemoWorld({ support, intelligence }, systemClock.now(), () => {})
  await addCustomers(support, intelligence)
  await keeping.start()
  await keeping.settle()
  await keeping.intelligence.settle()
  const { login } = await ask<{ login: { accessToken: string } }>(loginMutation, { input: demoLogin })
  token = login.accessToken
  return {
    kept: ask,
    plain: askAt(plain),
    async order(id: string, externalId: string) {
      const placedAt = new Date(Date.now() - 1_000).toISOString()
      const order = { externalId, placedAt, total: '25.00', currencyCode: 'USD' }
      await ask(orderMutation, { input: { source: 'bench', orders: [{ customer: { id }, order }] } })
    },
    /** Those in the inbox, and how many orders each has. */
    async customers(): Promise<[string, number][]> {
      const found = new Map<string, number>()
      for (let after: string | null = null; ;) {
        const { inbox }: Page = await ask<Page>(pageQuery, { after })
        for (const { customer } of inbox.nodes) found.set(customer.id, customer.behavior.totalOrders)
        if (!inbox.pageInfo.hasNextPage) return [...found]
        after = inbox.pageInfo.endCursor
      }
    },
    async lookups() {
      const { values } = await registry.getSingleMetric('quimbi_entity_cache_lookups_total')!.get()
      const lookups = values.reduce((sum, { value }) => sum + value, 0)
      return { lookups, hits: values.find(({ labels }) => labels['outcome'] === 'hit')?.value ?? 0 }
    },
    async close() {
      await keeping.stop()
      await plain.stop()
      await Promise.all([support.close(), intelligence.close(), bus.close()])
      rmSync(filesDir, { recursive: true, force: true })
    },
  }
}

/** Customers of the demo's tenant who bought three times and have written. */
async function addCustomers(support: SupportDatabase, intelligence: IntelligenceDatabase): Promise<void> {
  const { id: tenantId } = await support.system.tenant.findFirstOrThrow({ where: { slug: demoLogin.tenant } })
  const viewer = { kind: 'service', service: 'support', tenantId } as const
  const now = systemClock.now()
  const customers: { id: string }[] = []
  for (let n = 0; n < moreCustomers; n++) {
    const customer = await support.transact(tenantId, async (tx) => {
      const { id } = await createCustomer(tx, viewer, { name: `Customer ${n}` }, now)
      const input = { customerId: id, subject: `Question ${n}`, channel: 'EMAIL', initialMessage: 'Where is it?' }
      await createTicket(tx, viewer, input, now)
      return { id }
    })
    customers.push(customer)
  }
  const orders = customers.flatMap(({ id }, n) =>
    [20, 60, 150].map((days) => {
      const placedAt = new Date(now.getTime() - (days + (n % 50)) * 86_400_000)
      const order = { externalId: `${n}-${days}`, placedAt, total: String(20 + (n % 80)), currencyCode: 'USD' }
      return { customer: { id }, order }
    }),
  )
  for (let from = 0; from < orders.length; from += 900)
    await intelligence.transact(tenantId, (tx) =>
      ingestOrders(tx, viewer, { source: 'bench', orders: orders.slice(from, from + 900) }, now),
    )
}
