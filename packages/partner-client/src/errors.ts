import type { GraphQLFormattedError } from 'graphql'

/** Codes that this client gives itself; all others are the server's. */
export type ClientCode =
  | 'NETWORK_ERROR'
  | 'TIMEOUT'
  | 'UNAVAILABLE'
  | 'UNEXPECTED_RESPONSE'
  | 'STREAM_CUT'
  | 'INVALID_ARGUMENT'
  | 'WEBHOOK_INVALID'

export type ErrorFacts = {
  /** A finer code, e.g. `KEY_INVALID`. */
  reason?: string | undefined
  /** The same request may succeed later. */
  retryable?: boolean | undefined
  retryAfterMs?: number | undefined
  /** What to tell whoever keeps the server. */
  requestId?: string | undefined
  /** The field that failed. */
  path?: readonly (string | number)[] | undefined
  /** Status of the HTTP answer, if there was one. */
  status?: number | undefined
  /** What was answered beside the errors. */
  partialData?: unknown
}

/** Why a call failed. Neither message nor facts ever hold the key. */
export class PartnerError extends Error {
  /** e.g. THROTTLED, UNAUTHENTICATED, BAD_USER_INPUT; see `ClientCode` for those of the client itself. */
  readonly code: string
  readonly reason: string | undefined
  readonly retryable: boolean
  readonly retryAfterMs: number | undefined
  readonly requestId: string | undefined
  readonly path: readonly (string | number)[] | undefined
  readonly status: number | undefined
  readonly partialData: unknown

  constructor(code: ClientCode | (string & {}), message: string, facts: ErrorFacts = {}) {
    super(message)
    this.name = 'PartnerError'
    this.code = code
    this.reason = facts.reason
    this.retryable = facts.retryable ?? false
    this.retryAfterMs = facts.retryAfterMs
    this.requestId = facts.requestId
    this.path = facts.path
    this.status = facts.status
    this.partialData = facts.partialData
  }
}

const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
const milliseconds = (value: unknown) => (typeof value === 'number' && value >= 0 ? value : undefined)

/** The first error of an answer: the others seldom tell more. */
export function errorOf(errors: readonly GraphQLFormattedError[], facts: ErrorFacts = {}): PartnerError {
  const [first] = errors
  const { code, reason, retryable, retryAfterMs, requestId } = first?.extensions ?? {}
  return new PartnerError(text(code) ?? 'UNEXPECTED_RESPONSE', first?.message ?? 'The answer tells of no reason.', {
    ...facts,
    reason: text(reason),
    retryable: retryable === true,
    retryAfterMs: milliseconds(retryAfterMs) ?? facts.retryAfterMs,
    requestId: text(requestId) ?? facts.requestId,
    path: first?.path,
  })
}
