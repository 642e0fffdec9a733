import type { IncomingHttpHeaders } from 'node:http'
import cors from '@fastify/cors'
import type { FastifyContextConfig, FastifyInstance } from 'fastify'
import { refusedWith } from './http-errors.ts'

/** Origins of pages that may ask from a browser, in lower case: `https://console.example`. */
export type Origins = readonly string[]

/**
 * Whether a browser's page may do this: who sends no Origin is no page, a page of this host always may, others by the list. Browsers do not ask
 * beforehand when they open a WebSocket.
 */
export function originAllowed(
  { origin, host }: Pick<IncomingHttpHeaders, 'origin' | 'host'>,
  origins: Origins,
): boolean {
  if (origin === undefined) return true
  const given = origin.toLowerCase()
  return origins.includes(given) || (URL.canParse(given) && new URL(given).host === host?.toLowerCase())
}

/** Lets pages of the listed origins ask, without cookies. Nothing is added where there are none. */
export function allowOrigins(app: FastifyInstance, origins: Origins): void {
  if (origins.length === 0) return
  void app.register(cors, {
    origin: [...origins],
    methods: ['GET', 'POST'],
    allowedHeaders: ['authorization', 'content-type', 'apollo-require-preflight', 'x-quimbi-cost', 'traceparent'],
    exposedHeaders: ['retry-after', 'x-request-id'],
    credentials: false,
    maxAge: 3_600,
    strictPreflight: true,
  })
}

/** What pages may do at one door: `path` with a wildcard, `methods` and the headers that they may send. */
type PageDoor = { origins: Origins; path: string; methods: readonly string[]; headers: readonly string[] }

/** A route of such a door: the server's own rules for pages, `allowOrigins`, keep out of it. */
export const ownOriginRules: FastifyContextConfig & { cors: false } = { cors: false }

/** Lets pages of the listed origins use the routes of this plugin, without cookies; to others' browsers it gives nothing. */
export function allowOriginsAt(app: FastifyInstance, { origins, path, methods, headers }: PageDoor): void {
  const mayAsk = (origin: string | undefined): origin is string => origin !== undefined && origins.includes(origin)
  app.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers
    // With every answer: a cache must not give one page what was another's.
    void reply.header('vary', 'origin')
    if (mayAsk(origin)) void reply.header('access-control-allow-origin', origin)
    done()
  })
  app.options(path, { config: ownOriginRules }, async ({ id, headers: { origin } }, reply) => {
    if (!mayAsk(origin)) return reply.code(403).send(refusedWith(403, id).body)
    void reply.headers({
      'access-control-allow-methods': methods.join(', '),
      'access-control-allow-headers': headers.join(', '),
      'access-control-max-age': '3600',
    })
    return reply.code(204).send()
  })
}
