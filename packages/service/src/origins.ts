import type { IncomingHttpHeaders } from 'node:http'
import cors from '@fastify/cors'
import type { FastifyInstance } from 'fastify'

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
