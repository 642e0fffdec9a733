import { CombinedGraphQLErrors, ServerError } from '@apollo/client/errors'
import type { GraphQLFormattedError } from 'graphql'

/** A refused input, as mutations tell it. */
export type UserError = { code: string; message: string; path?: readonly string[] | null }

export type Failure = { code: string; message: string; service?: string; retryAfterMs?: number }

/** What went wrong, one for each thing; a lost connection is `OFFLINE`. */
export function failuresOf(error: unknown): Failure[] {
  if (!error) return []
  if (CombinedGraphQLErrors.is(error)) return error.errors.map(failureOf)
  // A refusal before GraphQL (401, 429, 503) has the same form.
  if (ServerError.is(error))
    return coded(error.bodyText) ?? [{ code: 'UNAVAILABLE', message: 'The server does not answer as it should.' }]
  return [{ code: 'OFFLINE', message: 'The server cannot be reached.' }]
}

export const failureOf = ({ message, extensions = {} }: GraphQLFormattedError): Failure => ({
  code: String(extensions['code'] ?? 'INTERNAL_SERVER_ERROR'),
  message,
  ...(typeof extensions['service'] === 'string' && { service: extensions['service'] }),
  ...(typeof extensions['retryAfterMs'] === 'number' && { retryAfterMs: extensions['retryAfterMs'] }),
})

function coded(body: string): Failure[] | null {
  try {
    const { errors } = JSON.parse(body) as { errors?: GraphQLFormattedError[] }
    return errors?.length ? errors.map(failureOf) : null
  } catch {
    return null
  }
}

/** What the person is told; a code that needs no words of ours keeps the server's. */
export function sentence({ code, message }: Failure | UserError): string {
  return sentences[code] ?? message
}

const sentences: Record<string, string> = {
  OFFLINE: 'You are offline, or the server cannot be reached.',
  SUBGRAPH_UNAVAILABLE: 'A part of the service is away for a moment.',
  THROTTLED: 'Too much was asked in a short time. Try again in a moment.',
  INTERNAL_SERVER_ERROR: 'Something went wrong on our side. Try again; if it happens again, tell your administrator.',
  PERSISTED_QUERY_ONLY: 'The console has been updated. Reload the page.',
  PERSISTED_QUERY_NOT_FOUND: 'The console has been updated. Reload the page.',
}
