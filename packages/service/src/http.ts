import { createHash, randomUUID, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { fastify, LogController } from 'fastify'
import { systemClock } from './clock.ts'
import { ConfigError } from './config.ts'
import { failureOf, refusedWith, type HttpFailure } from './http-errors.ts'
import type { Logger } from './logging.ts'
import { lazyChild } from './lazy-log.ts'
import { maskErrors } from './mask-errors.ts'
import type { Metrics } from './metrics.ts'
import { memoryNonces } from './nonces.ts'
import { allowOrigins, originAllowed, type Origins } from './origins.ts'
import type { SignatureVerifier } from './signing.ts'
import { claimsSignature, createSignatureVerifier } from './signing.ts'
import type { ServiceName } from './viewer.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The service of ours that signed this request; null for anybody else. Known from preHandler on. */
    caller: ServiceName | null
    /** The JSON body as it came, for signatures. */
    rawBody: Buffer | null
  }
}

export type HttpOptions = {
  service: ServiceName | (string & {})
  log: Logger
  metrics: Metrics
  /** Named checks of what the service needs; false or a throw means not ready. */
  readiness: () => Promise<Record<string, boolean>>
  /** The bearer token that `/metrics` asks for; undefined leaves it open, null closes it. */
  metricsToken?: string | null | undefined
  /** Without it, a request that claims to be signed is refused. */
  signatures?: SignatureVerifier | undefined
  /** Pages of which origins may ask from a browser; none but the host's own. */
  origins?: Origins | undefined
  /** Bytes. */
  bodyLimit?: number
  /** Addresses of proxies whose forwarded headers are believed; none by default. */
  trustProxy?: string | string[] | boolean
}

export type HttpServer = {
  /** Register routes on it before listen(). */
  app: FastifyInstance
  /** Port 0 takes a free one. Throws a ConfigError when the port cannot be had. */
  listen(port: number, host: string): Promise<{ port: number; url: string }>
  /** Opens a door for WebSockets at a path; a claimed signature is verified first. */
  upgrade(path: string, door: UpgradeDoor): void
  /** Stops accepting, closes the WebSockets, lets requests in flight finish for `deadlineMs` (10 s), then cuts what is left. */
  drain(deadlineMs?: number): Promise<void>
}

/** What takes over a connection; see `createWebSocketDoor`. */
export type UpgradeDoor = {
  handle(request: IncomingMessage, socket: Duplex, head: Buffer, caller: ServiceName | null): void
  drain(deadlineMs?: number): Promise<void>
}

const refuseAll = createSignatureVerifier({ keys: [], nonces: memoryNonces(), clock: systemClock })
const requestIdForm = /^[\w-]{8,64}$/

/** The skeleton of every service: health, readiness, metrics, request ids, signatures, coded errors, drain. */
export function createHttp(options: HttpOptions): HttpServer {
  const { log, metrics, readiness, signatures = refuseAll } = options
  let draining = false
  const app: FastifyInstance = fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    childLoggerFactory: lazyChild,
    bodyLimit: options.bodyLimit ?? 1024 * 1024,
    trustProxy: options.trustProxy ?? false,
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    // A request that still arrives on an open connection is answered; the connection is closed after it.
    return503OnClosing: false,
    requestTimeout: 60_000,
    frameworkErrors: (error, request, reply) => {
      const { status, body } = fail(error, request)
      void (reply as FastifyReply).code(status).send(body)
    },
    clientErrorHandler(error, socket) {
      if (!socket.writable) return
      const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400
      const body = JSON.stringify(refusedWith(status).body)
      const head = `HTTP/1.1 ${status} Refused\r\nconnection: close\r\ncontent-type: application/json\r\n`
      socket.end(`${head}content-length: ${body.length}\r\n\r\n${body}`)
    },
  })

  function fail(error: unknown, request: Pick<FastifyRequest, 'id'>) {
    const format = maskErrors({ log, requestId: () => request.id })
    return failureOf(error, format, request.id)
  }

  const { origins = [] } = options
  allowOrigins(app, origins)
  keepRawBody(app)
  app.decorateRequest('caller', null)
  app.decorateRequest('rawBody', null)
  app.setErrorHandler((error, request, reply) => {
    const { status, body } = fail(error, request)
    const retryAfterMs = body.errors[0]?.extensions?.['retryAfterMs']
    if (status === 429 && typeof retryAfterMs === 'number')
      void reply.header('retry-after', String(Math.ceil(retryAfterMs / 1_000)))
    void reply.code(status).send(body)
  })
  app.setNotFoundHandler((request, reply) => {
    const { status, body } = refusedWith(404, request.id)
    void reply.code(status).send(body)
  })

  app.addHook('preHandler', (request, reply, done) => {
    if (!claimsSignature(request.headers)) return done()
    verifySignature(request, signatures).then(({ service }) => {
      request.caller = service
      const given = request.headers['x-request-id']
      if (typeof given === 'string' && requestIdForm.test(given)) {
        request.id = given
        request.log = reply.log = lazyChild(log as FastifyBaseLogger, { requestId: given })
      }
      done()
    }, done)
  })
  app.addHook('onSend', (request, reply, _payload, done) => {
    void reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff')
    for (const [name, value] of cautious) if (!reply.hasHeader(name)) void reply.header(name, value)
    if (draining) void reply.header('connection', 'close')
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    const { elapsedTime, statusCode: status } = reply
    const facts = { method: request.method, route: request.routeOptions.url ?? 'unmatched', status }
    metrics.observeHttp({ ...facts, seconds: elapsedTime / 1000 })
    if (log.isLevelEnabled('debug')) {
      request.log.debug({ ...facts, milliseconds: Math.round(elapsedTime), caller: request.caller }, 'request')
    }
    done()
  })

  app.get('/health', () => ({ status: 'ok', service: options.service }))
  app.get('/ready', async (_request, reply) => {
    const checks = await runChecks(readiness)
    const ready = !draining && Object.values(checks).every(Boolean)
    return reply.code(ready ? 200 : 503).send({ ready, ...(draining && { draining }), checks })
  })
  app.get('/metrics', async (request, reply) => {
    if (!mayRead(request.headers.authorization, options.metricsToken)) return reply.callNotFound()
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics())
  })

  const doors = new Map<string, UpgradeDoor>()
  async function onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => {}) // gone before it was answered
    const { url = '', method = 'GET', headers } = request
    const door = doors.get(url.replace(/\?.*/s, ''))
    if (!door) return refuseUpgrade(socket, refusedWith(404))
    if (!originAllowed(headers, origins)) return refuseUpgrade(socket, refusedWith(403))
    try {
      const signed = claimsSignature(headers)
      const caller = signed ? (await signatures.verify({ method, path: url, body: '', headers })).service : null
      door.handle(request, socket, head, caller)
    } catch (error) {
      refuseUpgrade(socket, fail(error, { id: randomUUID() }))
    }
  }

  return {
    app,
    upgrade(path, door) {
      if (doors.size === 0) app.server.on('upgrade', (...opened) => void onUpgrade(...opened))
      doors.set(path, door)
    },
    async listen(port, host) {
      try {
        const url = await app.listen({ port, host })
        const address = app.server.address()
        return { port: typeof address === 'object' && address ? address.port : port, url }
      } catch (error) {
        throw explainListen(error, port, host)
      }
    },
    async drain(deadlineMs = 10_000) {
      draining = true
      const timer = setTimeout(() => {
        log.warn('requests still in flight at the deadline were cut')
        app.server.closeAllConnections()
      }, deadlineMs)
      const sockets = [...doors.values()].map((door) => door.drain(deadlineMs))
      await Promise.all([app.close(), ...sockets]).finally(() => clearTimeout(timer))
    },
  }
}

function refuseUpgrade(socket: Duplex, { status, body }: HttpFailure): void {
  const text = JSON.stringify(body)
  const head = `HTTP/1.1 ${status} Refused\r\nconnection: close\r\ncontent-type: application/json\r\n`
  socket.end(`${head}content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`)
}

// Figures tell of tenants and load: on a public port they are for whoever has the token.
function mayRead(authorization: string | undefined, token: string | null | undefined): boolean {
  if (token === undefined) return true
  if (token === null || authorization === undefined) return false
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(authorization), digest(`Bearer ${token}`))
}

// A route may set its own; JSON answers need nothing of the browser.
const cautious = Object.entries({
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
})

function keepRawBody(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    request.rawBody = body
    void parse(request, body.toString('utf8'), done)
  })
}

function verifySignature(request: FastifyRequest, signatures: SignatureVerifier) {
  const { method, url, headers, rawBody } = request
  return signatures.verify({ method, path: url, body: rawBody ?? '', headers })
}

async function runChecks(readiness: HttpOptions['readiness']): Promise<Record<string, boolean>> {
  const { promise, resolve } = Promise.withResolvers<Record<string, boolean>>()
  const timer = setTimeout(resolve, 2_000, { answered: false })
  return Promise.race([Promise.try(readiness).catch(() => ({ answered: false })), promise]).finally(() =>
    clearTimeout(timer),
  )
}

function explainListen(error: unknown, port: number, host: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') return new ConfigError(`Port ${port} on ${host} is taken. Set PORT to a free one.`)
  if (code === 'EACCES') return new ConfigError(`Port ${port} needs privileges. Set PORT to 1024 or higher.`)
  if (code === 'EADDRNOTAVAIL') return new ConfigError(`${host} is no address of this machine. Set HOST to another.`)
  return error
}
