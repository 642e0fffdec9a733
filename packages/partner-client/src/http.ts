import type { FormattedExecutionResult } from 'graphql'
import { errorOf, PartnerError, type ErrorFacts } from './errors.ts'
import type { Link } from './link.ts'
import type { Cost, Told } from './pace.ts'

type Sent = { url: URL; method: 'GET' | 'POST'; accept: string; body?: string; signal: AbortSignal }
export type Answer = FormattedExecutionResult & { extensions?: { cost?: Cost } }

/** Sends the key to the door alone: a redirect is not followed. NETWORK_ERROR when no answer comes. */
export async function send(link: Link, { url, method, accept, body, signal }: Sent): Promise<Response> {
  const headers = {
    accept,
    'x-api-key': await link.apiKey(),
    ...(body !== undefined && { 'content-type': 'application/json' }),
  }
  const request = {
    method,
    headers,
    signal,
    redirect: 'manual',
    credentials: 'omit',
    ...(body !== undefined && { body }),
  }
  const response = await link.fetch(url.href, request as RequestInit).catch((error: unknown) => {
    signal.throwIfAborted()
    throw networkError(error)
  })
  if (response.type !== 'opaqueredirect' && (response.status < 300 || response.status > 399)) return response
  await response.body?.cancel().catch(() => {})
  throw new PartnerError('UNEXPECTED_RESPONSE', 'The door redirects: the key is not sent elsewhere.', factsOf(response))
}

/** Of what went wrong only the system's code is told: anything more might hold the key. */
export function networkError(error: unknown): PartnerError {
  const { cause, code = (cause as { code?: unknown } | undefined)?.code } = error as { cause?: unknown; code?: unknown }
  const why = typeof code === 'string' && /^[A-Z_]{2,40}$/.test(code) ? code : undefined
  return new PartnerError('NETWORK_ERROR', `No whole answer came${why ? ` (${why})` : ''}.`, {
    reason: why,
    retryable: true,
  })
}

/** The answer's body as GraphQL has it; throws for one that is none. */
export async function answerOf(link: Link, response: Response): Promise<Answer> {
  const text = await response.text().catch((error: unknown) => {
    throw error instanceof PartnerError ? error : networkError(error)
  })
  const answer = isJson(response) ? parse(text) : undefined
  if (!answer) throw statusError(link, response)
  return answer
}

const isJson = ({ headers }: Response) =>
  /^application\/(graphql-response\+)?json\b/.test(headers.get('content-type') ?? '')

function parse(text: string): Answer | undefined {
  try {
    const answer = JSON.parse(text) as Answer | null
    const isAnswer = typeof answer === 'object' && answer !== null && ('data' in answer || Array.isArray(answer.errors))
    return isAnswer ? answer : undefined
  } catch {
    return undefined
  }
}

/** What an answer says of itself in its headers. */
export const factsOf = ({ status, headers }: Response): ErrorFacts => ({
  status,
  requestId: headers.get('x-request-id') ?? undefined,
})

const isAway = (status: number) => status === 502 || status === 503 || status === 504

/** The error of an answer that holds no GraphQL. */
export function statusError(link: Link, response: Response): PartnerError {
  const { status } = response
  const facts = { ...factsOf(response), retryAfterMs: retryAfterOf(link, response) }
  if (status === 429) return new PartnerError('THROTTLED', 'Too many requests.', { ...facts, retryable: true })
  if (isAway(status))
    return new PartnerError('UNAVAILABLE', `The door answers ${status}.`, { ...facts, retryable: true })
  return new PartnerError('UNEXPECTED_RESPONSE', `The door answers ${status} with no GraphQL.`, facts)
}

/** The error of an answer that holds GraphQL; undefined where all went well. */
export function answerError(link: Link, response: Response, { data, errors }: Answer): PartnerError | undefined {
  if (!errors) return undefined
  const facts = { ...factsOf(response), partialData: data ?? undefined, retryAfterMs: retryAfterOf(link, response) }
  const error = errorOf(errors, facts)
  const mayPass = error.retryable || error.code === 'THROTTLED' || isAway(response.status)
  return mayPass && !error.retryable ? errorAgain(error) : error
}

const errorAgain = (error: PartnerError) =>
  new PartnerError(error.code, error.message, { ...error, partialData: error.partialData, retryable: true })

/** Seconds, or a date. */
function retryAfterOf({ clock }: Link, { headers }: Response): number | undefined {
  const given = headers.get('retry-after')
  if (given === null) return undefined
  const ms = /^\d+$/.test(given) ? Number(given) * 1_000 : Date.parse(given) - clock.now()
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined
}

const count = (given: string | null) => (given !== null && /^\d+$/.test(given) ? Number(given) : undefined)

/** What an answer tells of the key's limits. */
export const toldOf = ({ headers }: Response, answer?: Answer): Told => ({
  cost: answer?.extensions?.cost,
  limit: count(headers.get('x-ratelimit-limit')),
  remaining: count(headers.get('x-ratelimit-remaining')),
})
