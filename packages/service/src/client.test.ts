import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import type { ServiceClient } from './client.ts'
import { createServiceClient } from './client.ts'
import { systemClock } from './clock.ts'
import { memoryNonces } from './nonces.ts'
import { generateSecrets } from './secrets.ts'
import { parseServiceKeys } from './service-keys.ts'
import { createSignatureVerifier, createSigner } from './signing.ts'

const keys = parseServiceKeys(generateSecrets().SERVICE_KEYS)
const signer = createSigner(keys, 'gateway')
const ends: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

type Listener = Parameters<typeof createServer>[1]

async function serve(listener: NonNullable<Listener>): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  ends.push(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function client(baseUrl: string, timeoutMs = 10_000): ServiceClient {
  const created = createServiceClient({ baseUrl, signer, timeoutMs })
  ends.push(() => created.close())
  return created
}

describe('the service client', () => {
  it('signs what it sends, with everything that the receiver will act on', async () => {
    const verifier = createSignatureVerifier({ keys, nonces: memoryNonces(), clock: systemClock })
    const url = await serve((request, response) => void answer(request, response))
    async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
      const body = Buffer.concat(await request.toArray())
      const { method = '', url: path = '', headers } = request
      const { service } = await verifier.verify({ method, path, body, headers })
      response.writeHead(207).end(JSON.stringify({ service, path, tenant: headers['x-quimbi-tenant'] }))
    }
    const facts = { authorization: 'Bearer x', apiKey: 'k', requestId: 'request-1', tenantId: 't' }
    const { status, body } = await client(`${url}/base/`).post('/graphql', '{"é":1}', facts)
    expect(status).toBe(207)
    expect(JSON.parse(body)).toEqual({ service: 'gateway', path: '/base/graphql', tenant: 't' })
  })

  it('tells a service that cannot be reached, without its address', async () => {
    const failure = await client('http://127.0.0.1:1')
      .post('/graphql', '{}')
      .catch((error: unknown) => error)
    expect(failure).toMatchObject({ extensions: { code: 'SUBGRAPH_UNAVAILABLE', retryable: true } })
    expect(JSON.stringify(failure) + String(failure)).not.toContain('127.0.0.1')
  })

  it('gives up at the deadline, before the headers and in the middle of the body', async () => {
    const silent = await serve(() => {})
    const stalling = await serve((_, response) => void response.writeHead(200, { 'content-length': 10 }).write('half'))
    for (const url of [silent, stalling]) {
      await expect(client(url, 30).post('/graphql', '{}')).rejects.toMatchObject({
        message: 'The service did not answer in time',
        extensions: { code: 'SUBGRAPH_UNAVAILABLE', retryable: true },
      })
    }
  })

  it('reports a connection that breaks half-way', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 10 })
      response.write('half', () => response.destroy())
    })
    await expect(client(url).post('/graphql', '{}')).rejects.toMatchObject({
      extensions: { code: 'SUBGRAPH_UNAVAILABLE' },
    })
  })

  it('stops when the caller leaves, and the other side learns of it', async () => {
    const arrived = Promise.withResolvers<void>()
    const left = Promise.withResolvers<void>()
    const url = await serve((_, response) => {
      response.once('close', left.resolve)
      arrived.resolve()
    })
    const controller = new AbortController()
    const answer = client(url).post('/graphql', '{}', { signal: controller.signal })
    answer.catch(() => {})
    await arrived.promise
    controller.abort(new Error('the client left'))
    await expect(answer).rejects.toThrow('the client left')
    await left.promise
  })

  it('refuses an answer beyond measure', async () => {
    const url = await serve((_, response) => void response.end('x'.repeat(2_000)))
    const small = createServiceClient({ baseUrl: url, signer, timeoutMs: 10_000, maxResponseBytes: 1_000 })
    ends.push(() => small.close())
    await expect(small.post('/graphql', '{}')).rejects.toMatchObject({ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } })
  })
})
