import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createHttp } from '@quimbi/service/http.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { parseManifest } from '@quimbi/service/persisted.ts'
import { Registry } from 'prom-client'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { openLimited } from './limits-kit.ts'

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

async function open(...options: Parameters<typeof openLimited>) {
  const world = await openLimited(...options)
  ends.push(() => world.close())
  return world
}

const query = '{ inbox(first: 5) { nodes { number } } }'
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')
const named = (text: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(text) } } })
const manifest = parseManifest(
  JSON.stringify({
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: [{ id: 'inbox-1', name: 'Inbox', type: 'query', body: query }],
  }),
)

describe('automatic persisted queries', () => {
  it('are asked for once and then named, by POST and by GET', async () => {
    const world = await open()
    const headers = { authorization: `Bearer ${await world.tokenOf('a')}` }
    const unknown = await world.post(named(query), headers)
    expect(unknown).toMatchObject({ status: 200, error: { code: 'PERSISTED_QUERY_NOT_FOUND' } })
    expect(world.asked.count).toBe(0)
    expect(await world.post({ query, ...named(query) }, headers)).toMatchObject({ status: 200, error: undefined })
    expect(await world.post(named(query), headers)).toMatchObject({ status: 200, error: undefined })
    const extensions = JSON.stringify(named(query).extensions)
    expect(await world.get({ extensions }, headers)).toMatchObject({ status: 200, error: undefined })
    expect(await world.get({ documentId: `sha256:${hashOf(query)}` }, headers)).toMatchObject({ error: undefined })
    expect(await world.post({ documentId: `sha256:${hashOf(query)}` }, headers)).toMatchObject({ error: undefined })
    expect(world.asked.count).toBe(5)
  })

  it('are refused under the hash of another, and large ones are not kept', async () => {
    const world = await open()
    const wrong = await world.post({ query, ...named('{ other }') })
    expect(wrong).toMatchObject({ status: 400, error: { code: 'BAD_REQUEST' } })
    const large = `${query} # ${'a'.repeat(10_000)}`
    expect(await world.post({ query: large, ...named(large) })).toMatchObject({ error: undefined })
    expect(await world.post(named(large))).toMatchObject({ error: { code: 'PERSISTED_QUERY_NOT_FOUND' } })
    expect(await world.get({ extensions: '{' })).toMatchObject({ status: 400 })
  })
})

describe('documents known in advance', () => {
  it('are named by id, and others still go', async () => {
    const world = await open({ PERSISTED_DOCUMENTS: manifest })
    expect(await world.post({ documentId: 'inbox-1' })).toMatchObject({ status: 200, error: undefined })
    expect(await world.get({ documentId: 'inbox-1' })).toMatchObject({ status: 200, error: undefined })
    expect(await world.post({ query: '{ inbox { asOf } }' })).toMatchObject({ status: 200 })
  })

  it('are the only ones where that is set, but for our own services', async () => {
    const world = await open({ PERSISTED_DOCUMENTS: manifest, PERSISTED_DOCUMENTS_ONLY: true })
    const other = { query: '{ inbox(first: 6) { nodes { number } } }' }
    for (const request of [
      other,
      named(other.query),
      { ...other, ...named(other.query) },
      { ...other, documentId: 'inbox-1' },
    ])
      expect(await world.post(request)).toMatchObject({ status: 400, error: { code: 'PERSISTED_QUERY_ONLY' } })
    expect(await world.get(other)).toMatchObject({ status: 400, error: { code: 'PERSISTED_QUERY_ONLY' } })
    expect(world.asked.count).toBe(0)
    expect(await world.post({ query })).toMatchObject({ status: 200, error: undefined })
    expect(await world.post(named(query))).toMatchObject({ status: 200, error: undefined })
    await expect(world.gateway.limits?.textOf(other)).rejects.toMatchObject({
      extensions: { code: 'PERSISTED_QUERY_ONLY' },
    })
    expect(await world.gateway.limits?.textOf({ documentId: 'inbox-1' })).toBe(query)
    const service = { requestId: 'r', caller: 'support', tenantId: 't' } as const
    expect(await world.gateway.execute(other, service)).toMatchObject({ data: {} })
  })
})

describe('a page of another origin', () => {
  const origin = 'https://console.example'
  const preflight = (url: string, from: string) =>
    fetch(`${url}/graphql`, {
      method: 'OPTIONS',
      headers: {
        origin: from,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    })

  it('may ask when it is listed, without cookies', async () => {
    const world = await open({ CORS_ORIGINS: [origin] })
    const { status, headers } = await preflight(world.url, origin)
    expect(status).toBe(204)
    expect(headers.get('access-control-allow-origin')).toBe(origin)
    expect(headers.get('access-control-allow-credentials')).toBeNull()
    const answered = await world.post({ query }, { origin })
    expect(answered.status).toBe(200)
    expect(answered.headers.get('access-control-allow-origin')).toBe(origin)
    expect(answered.headers.get('access-control-expose-headers')).toBe('retry-after, x-request-id')
    const other = await preflight(world.url, 'https://evil.example')
    expect(other.headers.get('access-control-allow-origin')).toBeNull()
  })

  it('may not when nothing is listed, nor another than is', async () => {
    const closed = await open()
    expect((await preflight(closed.url, origin)).headers.get('access-control-allow-origin')).toBeNull()
    expect((await closed.post({ query }, { origin })).headers.get('access-control-allow-origin')).toBeNull()
  })

  it('may not open a WebSocket unless it is listed or of the same host', async () => {
    const log = createLogger({ service: 'test', level: 'silent' })
    const metrics = createMetrics('test', new Registry())
    const http = createHttp({ service: 'test', log, metrics, readiness: async () => ({}), origins: [origin] })
    const door = {
      handle: (_request: unknown, socket: { end(text: string): void }) =>
        void socket.end('HTTP/1.1 418 Reached\r\n\r\n'),
      drain: async () => {},
    }
    http.upgrade('/live', door)
    const { port } = await http.listen(0, '127.0.0.1')
    ends.push(() => http.drain())
    const statusFor = async (from?: string) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/live`, from === undefined ? {} : { origin: from })
      socket.on('error', () => {})
      const [, response] = (await once(socket, 'unexpected-response')) as [
        unknown,
        { statusCode: number; resume(): void },
      ]
      response.resume()
      socket.terminate()
      return response.statusCode
    }
    expect(await statusFor()).toBe(418)
    expect(await statusFor(origin)).toBe(418)
    expect(await statusFor(`http://127.0.0.1:${port}`)).toBe(418)
    expect(await statusFor('https://evil.example')).toBe(403)
    expect(await statusFor('null')).toBe(403)
  })
})
