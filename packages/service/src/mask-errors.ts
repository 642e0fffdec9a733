import type { GraphQLFormattedError } from 'graphql'
import type { ErrorCode } from './errors.ts'
import { ClientLeft, UserErrors } from './errors.ts'
import type { Logger } from './logging.ts'
import { serviceNames } from './viewer.ts'

const ours: readonly ErrorCode[] = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'NOT_FOUND',
  'THROTTLED',
  'RESYNC_REQUIRED',
  'SUBGRAPH_UNAVAILABLE',
]
const apollos = [
  'BAD_REQUEST',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'PERSISTED_QUERY_ONLY',
]

export type MaskOptions = {
  log: Pick<Logger, 'debug' | 'error'>
  /** The id of the request being answered. */
  requestId: () => string | undefined
  /** Codes to let through besides the common ones. */
  allow?: readonly string[]
}

/** Apollo's `formatError`. */
export type FormatError = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError

/**
 * The one place where errors meet the client. Codes on the allow-list keep their message; anything else becomes an
 * internal error with the request id, and the original is logged, unless its client has left. Extensions are rebuilt, never copied. Cannot throw.
 */
export function maskErrors({ log, requestId, allow = [] }: MaskOptions): FormatError {
  const allowed = new Set<unknown>([...ours, ...apollos, ...allow])
  return (formatted, error) => {
    const id = attempt(requestId)
    const place = attempt(() => placeOf(formatted)) ?? {}
    const expected = attempt(() => expectedError(formatted, error, allowed))
    if (expected) return { message: expected.message, ...place, extensions: { ...expected.extensions, requestId: id } }
    const original = originalOf(error)
    // Nobody reads what it was called off for, and nothing is wrong.
    if (original instanceof ClientLeft) attempt(() => log.debug({ requestId: id, path: place.path }, 'the client left'))
    else attempt(() => log.error({ err: original, requestId: id, path: place.path }, 'internal error'))
    return { ...internalError(id), ...place }
  }
}

/** What a client is told about a failure of ours. */
export function internalError(requestId: string | undefined): GraphQLFormattedError {
  return {
    message: 'Internal server error',
    extensions: { code: 'INTERNAL_SERVER_ERROR', requestId, retryable: false },
  }
}

/** What a resolver threw, out of the errors that graphql wraps around it. */
function originalOf(error: unknown): unknown {
  let original = error
  while (original instanceof Error && 'originalError' in original && original.originalError)
    original = original.originalError
  return original
}

function expectedError(formatted: GraphQLFormattedError, error: unknown, allowed: ReadonlySet<unknown>) {
  const original = originalOf(error)
  if (original instanceof UserErrors) return refusal(original)
  const extensions = formatted.extensions ?? {}
  if (!allowed.has(extensions['code']) || typeof formatted.message !== 'string') return undefined
  return { message: formatted.message, extensions: publicExtensions(extensions) }
}

// A service function called from a query has no payload to put its refusal in.
function refusal({ message, errors }: UserErrors) {
  const code = errors[0]?.code
  return { message, extensions: { code: code === 'FORBIDDEN' || code === 'NOT_FOUND' ? code : 'BAD_USER_INPUT' } }
}

function publicExtensions(extensions: Record<string, unknown>): Record<string, unknown> {
  const { code, retryable, retryAfterMs, reason, service } = extensions
  return {
    code,
    ...(typeof retryable === 'boolean' && { retryable }),
    ...(typeof retryAfterMs === 'number' && { retryAfterMs }),
    ...(typeof reason === 'string' && /^[A-Z_]{1,40}$/.test(reason) && { reason }),
    ...(serviceNames.some((name) => name === service) && { service }),
  }
}

function placeOf({ path, locations }: GraphQLFormattedError): Pick<GraphQLFormattedError, 'path' | 'locations'> {
  return {
    ...(Array.isArray(locations) && { locations: locations.map(({ line, column }) => ({ line, column })) }),
    ...(Array.isArray(path) && { path: [...path] }),
  }
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run()
  } catch {
    return undefined
  }
}
