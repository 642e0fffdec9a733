import type { IncomingHttpHeaders } from 'node:http'
import type { HeaderMap } from '@apollo/server'

/**
 * Whether a page of another origin may have had a browser send this: browsers say where a request comes from, and only they keep cookies. All
 * else was sent on purpose, and can do no more than its sender.
 */
export function mayComeFromForeignPage({
  cookie,
  origin,
  'sec-fetch-site': site,
}: Pick<IncomingHttpHeaders, 'cookie' | 'origin' | 'sec-fetch-site'>): boolean {
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  return cookie !== undefined || origin !== undefined
}

const wellFormed = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
])

/**
 * GraphQL over HTTP, 6.4.1: who takes `application/json` gets 200 also for a document that does not parse or is not valid; only a request that is
 * none gets 400. Apollo answers 400 to both. What costs too much is valid, and refused for another reason: 400.
 */
export function statusFor(status: number, headers: HeaderMap, body: string): number {
  if (status !== 400 || !headers.get('content-type')?.startsWith('application/json')) return status
  const { errors = [] } = JSON.parse(body) as { errors?: { extensions?: { code?: string; reason?: string } }[] }
  const isWellFormed = errors.every(
    ({ extensions }) => wellFormed.has(extensions?.code ?? '') && extensions?.reason !== 'COST_LIMIT',
  )
  return isWellFormed ? 200 : 400
}
