import { once } from 'node:events'
import { connect } from 'node:net'
import { Registry } from 'prom-client'
import { Agent, request } from 'undici'
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from './clock.ts'
import { codedError } from './errors.ts'
import type { HttpOptions, HttpServer } from './http.ts'
import { createHttp } from './http.ts'
import { createLogger } from './logging.ts'
import { createMetrics } from './metrics.ts'
import { memoryNonces } from './nonces.ts'
import { generateSecrets } from './secrets.ts'
import { parseServiceKeys } from './service-keys.ts'
import { createSignatureVerifier, createSigner } from './signing.ts'

const keys = parseServiceKeys(generateSecrets().SERVICE_KEYS)
const signer = createSigner(keys, 'gateway')
const canary = 'canary-in-the-mine'
const opened: HttpServer[] = []

afterEach(async () => {
  for (const server of opened.splice(0)) await server.drain(0)
})

async function start(options: Partial<HttpOptions> = {}, routes: (server: HttpServer) => void = () => {}) {
  const server = createHttp({
    service: 'support',
    log: createLogger({ service: 'support', level: 'silent' }),
    metrics: createMetrics('support', new Registry()),
    readiness: async () => ({ database: true }),
    signatures: createSignatureVerifier({ keys, nonces: memoryNonces(), clock: systemClock }),
    ...options,
  })
  opened.push(server)
  server.app.post('/echo', (incoming) => ({ caller: incoming.caller, id: incoming.id, body: incoming.body }))
  routes(server)
  const { url, port } = await server.listen(0, '127.0.0.1')
  return { server, url, port }
}

function post(url: string, body: string, headers: Record<string, string> = {}) {
  return fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } })
}

function signedHeaders(body: string, headers: Record<string, string> = {}) {
  return { ...headers, ...signer.sign({ method: 'POST', path: '/echo', body, headers }) }
}

async function raw(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.end(text)
  let answer = ''
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString()))
  await once(socket, 'close')
  return answer
}

describe('health, readiness and metrics', () => {
  it('answer with security headers and a request id', async () => {
    const { url } = await start()
    const response = await fetch(`${url}/health`, { headers: { 'x-request-id': 'from-a-stranger' } })
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ status: 'ok', service: 'support' })
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/)
  })

  it('name the check that failed', async () => {
    const { url } = await start({ readiness: async () => ({ database: true, redis: false }) })
    const response = await fetch(`${url}/ready`)
    expect(response.status).toBe(503)
    expect(await response.json()).toEqual({ ready: false, checks: { database: true, redis: false } })
  })

  it('hide why a check threw', async () => {
    const { url } = await start({ readiness: () => Promise.reject(new Error(canary)) })
    const response = await fetch(`${url}/ready`)
    expect(response.status).toBe(503)
    expect(await response.text()).not.toContain(canary)
  })

  it('count requests by route, not by address', async () => {
    const { url } = await start()
    await fetch(`${url}/health`)
    await fetch(`${url}/${canary}`)
    const text = await (await fetch(`${url}/metrics`)).text()
    expect(text).toContain('route="/health",status="200"')
    expect(text).toContain('route="unmatched",status="404"')
    expect(text).toContain('process_cpu_seconds_total')
    expect(text).not.toContain(canary)
  })
})

describe('refusals', () => {
  it.each([
    ['a malformed body', '{"a":', {}, 400, 'BAD_REQUEST'],
    ['an empty body', '', {}, 400, 'BAD_REQUEST'],
    ['a poisoned body', '{"__proto__":{"a":1}}', {}, 400, 'BAD_REQUEST'],
    ['a body that is too large', JSON.stringify('x'.repeat(1024 * 1024)), {}, 413, 'PAYLOAD_TOO_LARGE'],
    [
      'another media type',
      'a=1',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
  ])('of %s are coded', async (_, body, headers, status, code) => {
    const { url } = await start()
    const response = await post(`${url}/echo`, body, headers)
    expect(response.status).toBe(status)
    const id = response.headers.get('x-request-id')
    const { errors } = (await response.json()) as { errors: unknown[] }
    expect(errors).toEqual([{ message: expect.any(String), extensions: { code, requestId: id, retryable: false } }])
  })

  it('of unknown addresses, bad addresses and bad HTTP are coded too', async () => {
    const { url, port } = await start()
    expect(await (await fetch(`${url}/nowhere`)).json()).toMatchObject({
      errors: [{ extensions: { code: 'NOT_FOUND' } }],
    })
    const badUrl = await raw(port, 'GET /%zz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n')
    expect(badUrl).toContain('400 Bad Request')
    expect(badUrl).toContain('BAD_REQUEST')
    expect(badUrl).not.toContain('%zz')
    const garbage = await raw(port, 'NOT HTTP AT ALL\r\n\r\n')
    expect(garbage).toContain('400 Refused')
    expect(garbage).toContain('"code":"BAD_REQUEST"')
    const long = await raw(port, `GET / HTTP/1.1\r\nhost: a\r\nx-long: ${'x'.repeat(20_000)}\r\n\r\n`)
    expect(long).toContain('"code":"HEADERS_TOO_LARGE"')
  })

  it('never show a stack or a message of ours that is not coded', async () => {
    const { url } = await start({}, ({ app }) => {
      app.get('/bug', () => Promise.reject(Object.assign(new Error(canary), { statusCode: 418 })))
      app.get('/thrown', () => { throw canary }) // prettier-ignore
      app.get('/limited', () => Promise.reject(codedError('THROTTLED', 'Slow down', { retryAfterMs: 5 })))
    })
    for (const path of ['/bug', '/thrown']) {
      const response = await fetch(url + path)
      expect(response.status).toBe(500)
      const text = await response.text()
      expect(text).not.toContain(canary)
      expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }] })
    }
    const limited = await fetch(`${url}/limited`)
    expect(limited.status).toBe(429)
    expect(await limited.json()).toMatchObject({ errors: [{ message: 'Slow down', extensions: { retryAfterMs: 5 } }] })
  })
})

describe('signatures', () => {
  const body = '{ "a" :  1 }'

  it('name the caller and let it choose the request id', async () => {
    const { url } = await start()
    const response = await post(`${url}/echo`, body, signedHeaders(body, { 'x-request-id': 'request-12' }))
    expect(await response.json()).toEqual({ caller: 'gateway', id: 'request-12', body: { a: 1 } })
    expect(response.headers.get('x-request-id')).toBe('request-12')
  })

  it('put that request id in each line of the log, once', async () => {
    const lines: string[] = []
    const destination = { write: (line: string) => void lines.push(line) }
    const log = createLogger({ service: 'support', level: 'debug', destination })
    const { url } = await start({ log }, ({ app }) => {
      app.post('/log', (incoming) => {
        incoming.log.info('working')
        throw new Error('bug')
      })
    })
    const headers = { 'x-request-id': 'request-13' }
    const signature = signer.sign({ method: 'POST', path: '/log', body, headers })
    expect((await post(`${url}/log`, body, { ...headers, ...signature })).status).toBe(500)
    const about = lines.filter((line) => /"msg":"(working|internal error|request)"/.test(line))
    expect(about).toHaveLength(3)
    for (const line of about) expect(line.split('"requestId":"request-13"')).toHaveLength(2)
  })

  it('do not make a request id sane', async () => {
    const { url } = await start()
    const response = await post(`${url}/echo`, body, signedHeaders(body, { 'x-request-id': 'a b"; drop' }))
    expect(await response.json()).toMatchObject({ caller: 'gateway', id: expect.stringMatching(/^[\da-f-]{36}$/) })
  })

  it('that are absent leave the caller unknown', async () => {
    const { url } = await start()
    const response = await post(`${url}/echo`, body, { 'x-request-id': 'request-12' })
    expect(await response.json()).toMatchObject({ caller: null, id: expect.stringMatching(/^[\da-f-]{36}$/) })
  })

  it('that are replayed, tampered with or incomplete are refused', async () => {
    const { url } = await start()
    const headers = signedHeaders(body)
    expect((await post(`${url}/echo`, body, headers)).status).toBe(200)
    const { 'x-quimbi-nonce': _, ...incomplete } = signedHeaders(body)
    const attempts: [string, Record<string, string>, string][] = [
      [body, headers, 'SIGNATURE_REPLAYED'],
      ['{"a":1}', signedHeaders(body), 'SIGNATURE_MISMATCH'],
      [body, { ...signedHeaders(body), authorization: 'Bearer x' }, 'SIGNATURE_MISMATCH'],
      [body, incomplete, 'SIGNATURE_MALFORMED'],
    ]
    for (const [sent, given, reason] of attempts) {
      const response = await post(`${url}/echo`, sent, given)
      expect(response.status).toBe(401)
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED', reason } }] })
    }
  })

  it('are refused where nobody can check them', async () => {
    const { url } = await start({ signatures: undefined })
    expect((await post(`${url}/echo`, body, signedHeaders(body))).status).toBe(401)
  })
})

describe('listen', () => {
  it('says which port is taken and what to set', async () => {
    const { port } = await start()
    const second = createHttp({
      service: 'gateway',
      log: createLogger({ service: 'gateway', level: 'silent' }),
      metrics: createMetrics('gateway', new Registry()),
      readiness: async () => ({}),
    })
    await expect(second.listen(port, '127.0.0.1')).rejects.toMatchObject({
      name: 'ConfigError',
      message: `Port ${port} on 127.0.0.1 is taken. Set PORT to a free one.`,
    })
    await expect(second.listen(0, '203.0.113.1')).rejects.toMatchObject({ name: 'ConfigError' })
  })
})

describe('drain', () => {
  async function slowServer() {
    const entered = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    const started = await start({}, ({ app }) => {
      app.get('/slow', async () => {
        entered.resolve()
        await release.promise
        return { done: true }
      })
    })
    const agent = new Agent({ connections: 1, pipelining: 1 })
    return { ...started, entered: entered.promise, release: release.resolve, agent }
  }

  it('finishes what is in flight, accepts nothing new and closes kept connections', async () => {
    const { server, url, port, entered, release, agent } = await slowServer()
    const idle = connect(port, '127.0.0.1')
    idle.write('GET /health HTTP/1.1\r\nhost: a\r\n\r\n')
    await once(idle, 'data')
    const idleClosed = once(idle, 'close')
    const slow = request(`${url}/slow`, { dispatcher: agent })
    await entered
    const drained = server.drain()
    await idleClosed
    await expect(fetch(`${url}/health`)).rejects.toThrow()
    release()
    const response = await slow
    expect(await response.body.json()).toEqual({ done: true })
    expect(response.headers['connection']).toBe('close')
    await drained
    await agent.close()
  })

  it('says that it is not ready to those who are still connected', async () => {
    const { server, url, entered, release } = await slowServer()
    const slow = fetch(`${url}/slow`)
    await entered
    const drained = server.drain()
    const response = await server.app.inject({ path: '/ready' })
    expect(response.statusCode).toBe(503)
    expect(response.json()).toMatchObject({ ready: false, draining: true })
    release()
    expect((await slow).status).toBe(200)
    await drained
  })

  it('cuts what does not finish by the deadline', async () => {
    const { server, url, entered, release, agent } = await slowServer()
    const slow = request(`${url}/slow`, { dispatcher: agent })
    slow.catch(() => {})
    await entered
    await server.drain(10)
    await expect(slow).rejects.toThrow()
    release()
    await agent.close()
  })
})
