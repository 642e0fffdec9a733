import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '@quimbi/database/port.ts'
import { newId } from '@quimbi/database/ids.ts'
import { openIntelligenceDatabase } from '@quimbi/intelligence/database.ts'
import { createApiKey, scopes } from '@quimbi/intelligence/keys/service.ts'
import { markAllStale } from '@quimbi/intelligence/profiles/stale.ts'
import { generateSecrets } from '@quimbi/service/secrets.ts'
import { startRedis } from '@quimbi/testing/redis.ts'
import { buildCustomers } from './customers.ts'
import { openBenchDatabase } from './database.ts'
import { startService, type ServiceProcess } from './live-processes.ts'

export const tenantId = '0198a000-0000-7000-8000-000000000001'

/** Intelligence in so many processes of its own, with one PostgreSQL and one Redis, and customers whose insight is kept. To be closed. */
export async function openPartnerServers({ instances, customers }: { instances: number; customers: number }) {
  const closing: (() => unknown)[] = []
  const close = async () => {
    for (const one of closing.splice(0).reverse()) await one()
  }
  try {
    const server = await openBenchDatabase('intelligence', { durable: true })
    closing.push(() => server.close())
    const redis = await startRedis()
    closing.push(() => redis.stop())
    await buildCustomers(server.url, tenantId, customers)
    const database = await openIntelligenceDatabase({ url: server.url, max: 2 })
    closing.push(() => database.close())
    // They were written past all that would have marked them: left so, each request would compute what is never kept.
    await database.transact(tenantId, (tx) => markAllStale(tx, tenantId))
    const secrets = generateSecrets()
    const services: ServiceProcess[] = []
    for (let n = 0; n < instances; n++) {
      const one = await startService('intelligence', 'subgraphs/intelligence/src/main.ts', await freePort(), {
        PATH: process.env['PATH'],
        ...secrets,
        NODE_ENV: 'production',
        LOG_LEVEL: 'fatal',
        REDIS_URL: redis.url,
        INTELLIGENCE_DATABASE_URL: server.url,
        SUPPORT_URL: 'http://127.0.0.1:9',
      })
      closing.push(() => one.stop())
      services.push(one)
    }
    const { rows } = await database.systemPool.query<{ id: string }>('SELECT id FROM customer ORDER BY md5(id::text)')
    return {
      url: server.url,
      redis,
      services,
      secrets,
      customerIds: rows.map(({ id }) => id),
      /** Resolves when everybody's insight is kept. */
      async computed(): Promise<void> {
        const stale = 'SELECT count(*)::int AS left FROM stale_customer'
        while ((await database.systemPool.query<{ left: number }>(stale)).rows[0]?.left) await delay(200)
      },
      /** A key, of the tenant with customers unless told otherwise. */
      async key(requestsPerMinute: number, of: string = tenantId): Promise<string> {
        const viewer = { kind: 'agent', agentId: newId(), sessionId: newId(), role: 'ADMIN', tenantId: of } as const
        const manager = { ...viewer, expiresAt: new Date(Date.now() + 3_600_000) }
        const input = { name: 'a partner', scopes, requestsPerMinute }
        return (await database.transact(of, (tx) => createApiKey(tx, manager, input, new Date()))).key
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

export type PartnerServers = Awaited<ReturnType<typeof openPartnerServers>>
