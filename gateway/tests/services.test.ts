import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@quimbi/database/port.ts'
import { serve as serveGateway } from '@quimbi/gateway/server.ts'
import { noModel } from '@quimbi/intelligence/assistant/model/settings.ts'
import { openIntelligenceDatabase } from '@quimbi/intelligence/database.ts'
import { serve as serveIntelligence } from '@quimbi/intelligence/server.ts'
import { createServiceClient } from '@quimbi/service/client.ts'
import { generateSecrets } from '@quimbi/service/secrets.ts'
import { createSigner } from '@quimbi/service/signing.ts'
import type { Running } from '@quimbi/service/start.ts'
import { openSupportDatabase } from '@quimbi/support/database.ts'
import { seedDemo, demoLogin } from '@quimbi/support/demo/seed.ts'
import { serve as serveSupport } from '@quimbi/support/server.ts'
import { seedDemoOrders } from '@quimbi/intelligence/demo/seed.ts'
import { createTestDatabase, type TestDatabase } from '@quimbi/testing/databases.ts'
import { startRedis, redisAvailable } from '@quimbi/testing/redis.ts'
import { allowConsole } from '@quimbi/testing/strict-console.ts'
import { available } from '@quimbi/testing/availability.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseSecrets } from '../../scripts/lib/secrets.ts'

const inboxQuery = '{ inbox(first: 50) { nodes { number customer { name behavior { totalOrders } } } } }'
const loginQuery = 'mutation ($input: LoginInput!) { login(input: $input) { accessToken } }'

type Body = {
  data?: Record<string, never> | null
  errors?: { message: string; path?: unknown[]; extensions: { code: string; requestId: string } }[]
}

describe.skipIf(!available('redis-server', redisAvailable()))('three services and a Redis', () => {
  const databases: TestDatabase[] = []
  const running = new Map<string, Running>()
  const secrets = parseSecrets(generateSecrets())
  let redis: Awaited<ReturnType<typeof startRedis>>
  let token: string
  let filesDir: string

  beforeAll(async () => {
    redis = await startRedis()
    const [support, intelligence] = await Promise.all([
      createTestDatabase('support'),
      createTestDatabase('intelligence'),
    ])
    databases.push(support, intelligence)
    await seed(support.url, intelligence.url)
    const [supportPort, intelligencePort] = [await freePort(), await freePort()]
    filesDir = mkdtempSync(join(tmpdir(), 'quimbi-files-'))
    const common = {
      ...secrets,
      HOST: '127.0.0.1',
      LOG_LEVEL: 'silent',
      NODE_ENV: 'production',
      REDIS_URL: redis.url,
      DATABASE_POOL: 5,
    } as const
    const urls = {
      SUPPORT_URL: `http://127.0.0.1:${supportPort}`,
      INTELLIGENCE_URL: `http://127.0.0.1:${intelligencePort}`,
    }
    const config = {
      ...common,
      ...urls,
      ...noModel,
      SUPPORT_DATABASE_URL: support.url,
      INTELLIGENCE_DATABASE_URL: intelligence.url,
      SUPPORT_FILES_DIR: filesDir,
      S3_REGION: 'us-east-1',
    }
    running.set('intelligence', await serveIntelligence({ ...config, PORT: intelligencePort }))
    running.set('support', await serveSupport({ ...config, PORT: supportPort }))
    running.set('gateway', await serveGateway({ ...config, PORT: await freePort(), ENTITY_CACHE: 'off' }))
    const { data } = await post('gateway', { query: loginQuery, variables: { input: demoLogin } })
    token = (data as unknown as { login: { accessToken: string } }).login.accessToken
  })

  afterAll(async () => {
    for (const name of ['gateway', 'support', 'intelligence']) await stop(name)
    await redis.stop()
    for (const database of databases) await database.drop()
    rmSync(filesDir, { recursive: true, force: true })
  })

  async function stop(name: string) {
    for (const stoppable of running.get(name)?.stoppables ?? []) await stoppable.stop()
    running.delete(name)
  }

  async function post(
    name: string,
    body: object,
    headers: Record<string, string> = {},
  ): Promise<Body & { status: number }> {
    const response = await fetch(`${running.get(name)?.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', connection: 'close', ...headers },
      body: JSON.stringify(body),
    })
    return { status: response.status, ...((await response.json()) as Body) }
  }

  const ask = (query: string) => post('gateway', { query }, { authorization: `Bearer ${token}` })

  it('answer as one graph', async () => {
    const { data, errors } = await ask(inboxQuery)
    expect(errors).toBeUndefined()
    const { nodes } = (data as unknown as { inbox: { nodes: { customer: { behavior: { totalOrders: number } } }[] } })
      .inbox
    expect(nodes).toHaveLength(50)
    expect(nodes.every(({ customer }) => customer.behavior.totalOrders > 0)).toBe(true)
  })

  it.each(['support', 'intelligence'])(
    'keep the federation door of %s shut to everybody but the gateway',
    async (name) => {
      const query =
        '{ _service { sdl } _entities(representations: [{ __typename: "Customer", id: "x" }]) { __typename } }'
      const { data, errors } = await post(name, { query }, { authorization: `Bearer ${token}` })
      expect(data ?? null).toBeNull()
      expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN')
    },
  )

  it('refuse a signed request that is sent twice', async () => {
    const signer = createSigner(secrets.SERVICE_KEYS, 'gateway')
    const body = JSON.stringify({ query: '{ _service { sdl } }' })
    const headers = {
      'content-type': 'application/json',
      ...signer.sign({ method: 'POST', path: '/graphql', body, headers: {} }),
    }
    const send = () =>
      fetch(`${running.get('support')?.url}/graphql`, {
        method: 'POST',
        headers: { ...headers, connection: 'close' },
        body,
      })
    const [first, second] = [await send(), await send()]
    expect(first.status).toBe(200)
    expect(second.status).toBe(401)
    expect(await second.json()).toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED', reason: 'SIGNATURE_REPLAYED' } }],
    })
    await first.text()
  })

  it('keep their logs to the service that reads them', async () => {
    const client = createServiceClient({
      baseUrl: running.get('support')?.url ?? '',
      signer: createSigner(secrets.SERVICE_KEYS, 'gateway'),
      timeoutMs: 5_000,
    })
    const { status } = await client.post('/internal/feed', JSON.stringify({ after: null, topics: [], limit: 1 }))
    expect(status).toBe(403)
    await client.close()
  })

  it('hide metrics and introspection in production', async () => {
    const metrics = await fetch(`${running.get('gateway')?.url}/metrics`, { headers: { connection: 'close' } })
    expect(metrics.status).toBe(404)
    await metrics.text()
    const query = '{ __schema { queryType { name } } }'
    const { errors } = await post('gateway', { query }, {})
    expect(errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED')
    // Administrators build on it.
    expect((await ask(query)).errors).toBeUndefined()
  })

  it('mask what goes wrong inside, with the id of the request', async () => {
    // The jobs say that their database is gone, whenever they look.
    allowConsole()
    await databases.pop()?.drop()
    const { data, errors } = await ask(inboxQuery)
    expect((data as unknown as { inbox: { nodes: unknown[] } }).inbox.nodes).toHaveLength(50)
    expect(errors?.[0]).toMatchObject({
      message: 'Internal server error',
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    })
    expect(errors?.[0]?.extensions.requestId).toMatch(/^[\w-]{8,64}$/)
    expect(JSON.stringify(errors)).not.toMatch(/127\.0\.0\.1|prisma|select|stack|intelligence_/i)
  })

  it('go on with tickets while Intelligence is away, and say what is missing', async () => {
    allowConsole()
    await stop('intelligence')
    const { data, errors } = await ask(inboxQuery)
    const { nodes } = (data as unknown as { inbox: { nodes: { customer: { name: string; behavior: null } }[] } }).inbox
    expect(nodes).toHaveLength(50)
    expect(nodes.every(({ customer }) => customer.name && customer.behavior === null)).toBe(true)
    expect(errors?.map(({ extensions }) => extensions.code)).toContain('SUBGRAPH_UNAVAILABLE')
    expect(JSON.stringify(errors)).not.toMatch(/127\.0\.0\.1|ECONN/)
  })

  it('tell who is away when it is Support', async () => {
    await stop('support')
    const { data, errors } = await ask(inboxQuery)
    expect(data ?? null).toBeNull()
    expect(errors?.[0]?.extensions.code).toBe('SUBGRAPH_UNAVAILABLE')
  })
})

async function seed(supportUrl: string, intelligenceUrl: string): Promise<void> {
  const support = await openSupportDatabase({ url: supportUrl })
  const intelligence = await openIntelligenceDatabase({ url: intelligenceUrl })
  const now = new Date()
  const tenant = await seedDemo(support, now)
  if (tenant) await seedDemoOrders(intelligence, tenant, now)
  await Promise.all([support.close(), intelligence.close()])
}
