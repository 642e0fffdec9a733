import type { FastifyError } from 'fastify'
import { GraphQLError } from 'graphql'
import type { GraphQLFormattedError } from 'graphql'
import type { FormatError } from './mask-errors.ts'
import { internalError } from './mask-errors.ts'

const statusByCode: Record<string, number> = {
  BAD_REQUEST: 400,
  BAD_USER_INPUT: 400,
  PERSISTED_QUERY_ONLY: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  THROTTLED: 429,
  SUBGRAPH_UNAVAILABLE: 503,
}

// Fastify's own refusals, said in our words: its messages name internals.
const refusals: Record<number, { code: string; message: string }> = {
  400: { code: 'BAD_REQUEST', message: 'The request could not be understood' },
  403: { code: 'FORBIDDEN', message: 'Pages of this origin may not ask' },
  404: { code: 'NOT_FOUND', message: 'There is nothing at this address' },
  405: { code: 'METHOD_NOT_ALLOWED', message: 'This address does not take that method' },
  408: { code: 'REQUEST_TIMEOUT', message: 'The request took too long to arrive' },
  413: { code: 'PAYLOAD_TOO_LARGE', message: 'The request body is too large' },
  414: { code: 'URI_TOO_LONG', message: 'The address is too long' },
  415: { code: 'UNSUPPORTED_MEDIA_TYPE', message: 'The request body must be application/json' },
  431: { code: 'HEADERS_TOO_LARGE', message: 'The request headers are too large' },
}

/** An error as every HTTP answer of ours carries it: a status, and a body shaped as GraphQL shapes errors. */
export type HttpFailure = { status: number; body: { errors: GraphQLFormattedError[] } }

/** Shapes whatever was thrown while a request was handled. */
export function failureOf(error: unknown, format: FormatError, requestId: string): HttpFailure {
  const refusal = refusalOf(error)
  if (refusal) return refusedWith(refusal, requestId)
  const plain = error instanceof GraphQLError ? error.toJSON() : internalError(requestId)
  const formatted = format(plain, error)
  return { status: statusByCode[String(formatted.extensions?.['code'])] ?? 500, body: { errors: [formatted] } }
}

/** A refusal by HTTP status, such as 404. */
export function refusedWith(status: number, requestId?: string): HttpFailure {
  const { code, message } = refusals[status] ?? { code: 'BAD_REQUEST', message: 'The request was refused' }
  return { status, body: { errors: [{ message, extensions: { code, requestId, retryable: false } }] } }
}

function refusalOf(error: unknown): number | undefined {
  if (error instanceof GraphQLError || !(error instanceof Error)) return undefined
  const { statusCode, code } = error as Partial<FastifyError>
  const fromFastify = statusCode !== undefined && statusCode >= 400 && statusCode < 500
  return fromFastify && (code?.startsWith('FST_') || error instanceof SyntaxError) ? statusCode : undefined
}
