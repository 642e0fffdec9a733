import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { noModel } from '@quimbi/intelligence/assistant/model/settings.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { createTestDatabase } from '@quimbi/testing/databases.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startStandalone } from './standalone.ts'
import { welcome } from './welcome.ts'

const log = createLogger({ service: 'test', level: 'silent' })

type Data = { login: { accessToken: string }; inbox: { nodes: unknown[] }; createApiKey: { key: string } }

describe('the graph in one process', () => {
  let dataDir: string
  let urls: { SUPPORT_DATABASE_URL: string; INTELLIGENCE_DATABASE_URL: string }
  const drops: (() => Promise<void>)[] = []

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'quimbi-standalone-'))
    const [support, intelligence] = [await createTestDatabase('support'), await createTestDatabase('intelligence')]
    drops.push(support.drop, intelligence.drop)
    urls = { SUPPORT_DATABASE_URL: support.url, INTELLIGENCE_DATABASE_URL: intelligence.url }
  })
  afterAll(async () => {
    for (const drop of drops) await drop()
    await rm(dataDir, { recursive: true, force: true })
  })

  const start = (config: object, environment: object = urls, onStep: (step: string) => void = () => {}) => {
    const defaults = { ...noModel, HOST: '127.0.0.1', PORT: 0, NODE_ENV: 'development', SEED_DEMO: true } as const
    return startStandalone({
      config: { ...defaults, ...config },
      dataDir,
      environment: { ...environment },
      log,
      onStep,
    })
  }

  it('serves the demo on configured databases, tells how to ask it, and starts again on what is there', async () => {
    for (const _attempt of ['first', 'second']) {
      const steps: string[] = []
      const running = await start({}, urls, (step) => steps.push(step))
      expect(steps.slice(0, 3)).toEqual(['database', 'migrations', 'services'])
      const text = welcome({ ...running, partners: running.url })
      const page = /Partners {3}(\S+)/.exec(text)?.[1]
      expect((await fetch(page ?? '', { headers: { connection: 'close' } })).status).toBe(200)
      const [, login, inbox] = /-d '(\{.*\})'[^]*-d '(\{.*\})'/.exec(text) ?? []
      const post = async (body: string | undefined, headers = {}, path = '/graphql') => {
        const answer = await fetch(`${running.url}${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', connection: 'close', ...headers },
          body: body ?? '',
        })
        return (await answer.json()) as { data: Data; errors?: { extensions: { code: string } }[] }
      }
      const token = (await post(login)).data.login.accessToken
      expect((await post(inbox, { authorization: `Bearer ${token}` })).data.inbox.nodes).toHaveLength(5)

      // A partner's key opens Intelligence's own door: not the gateway's, and not the one for federation.
      const create =
        '{"query":"mutation { createApiKey(input: { name: \\"p\\", scopes: [\\"insight:read\\"] }) { key } }"}'
      const { key } = (await post(create, { authorization: `Bearer ${token}` })).data.createApiKey
      const insight =
        '{"query":"{ customerInsightByExternalRef(source: \\"demo-shop\\", id: \\"C-1001\\") { behavior { totalOrders } } }"}'
      const asPartner = await post(insight, { 'x-api-key': key }, '/partner/graphql')
      expect(asPartner).toMatchObject({
        data: { customerInsightByExternalRef: { behavior: { totalOrders: expect.any(Number) } } },
      })
      expect((await post(insight, { 'x-api-key': key })).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')
      const sdl = await post('{"query":"{ _service { sdl } }"}', { 'x-api-key': key }, '/partner/graphql')
      expect(sdl.errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED')
      for (const { stop } of running.stoppables) await stop()
    }
  })

  it('names a taken port before it does anything', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const steps: string[] = []
    await expect(start({ PORT: port }, urls, (step) => steps.push(step))).rejects.toThrow(`Port ${port}`)
    expect(steps).toEqual([])
    server.close()
    await once(server, 'close')
  })

  it('asks for both database URLs or none', async () => {
    await expect(start({}, { SUPPORT_DATABASE_URL: urls.SUPPORT_DATABASE_URL })).rejects.toThrow(
      'INTELLIGENCE_DATABASE_URL',
    )
  })

  it('leaves nothing open when a database cannot be reached', async () => {
    const away = 'postgresql://nobody@127.0.0.1:9/none'
    await expect(start({}, { SUPPORT_DATABASE_URL: away, INTELLIGENCE_DATABASE_URL: away })).rejects.toThrow()
  })
})
