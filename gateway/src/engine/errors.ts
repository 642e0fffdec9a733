import type { ResponsePath } from '@apollo/query-planner'
import { codedError } from '@quimbi/service/errors.ts'
import { GraphQLError, type GraphQLFormattedError } from 'graphql'

/** Thrown while compiling what is left to Apollo's own executor. */
export class Unsupported extends Error {}

/** A subgraph's error where the client sees it: the code and all else it says are kept, the service is added. */
export function subgraphError(
  { message, extensions }: GraphQLFormattedError,
  service: string,
  path: ResponsePath | undefined,
): GraphQLError {
  return new GraphQLError(message || 'The service failed', {
    path: path ?? null,
    extensions: { code: 'DOWNSTREAM_SERVICE_ERROR', ...extensions, service },
  })
}

/** What kept a subgraph from answering, as an error at a path. */
export function fetchError(error: unknown, service: string, path: ResponsePath | undefined): GraphQLError {
  const { message, extensions = {} } = error instanceof GraphQLError ? error : { message: 'The fetch failed' }
  return new GraphQLError(message, {
    path: path ?? null,
    originalError: error instanceof GraphQLError ? null : asError(error),
    extensions: { code: 'INTERNAL_SERVER_ERROR', ...extensions, service },
  })
}

/** The subgraph answered with something else than was asked. */
export const malformed = (what: string): GraphQLError =>
  codedError('SUBGRAPH_UNAVAILABLE', `The service answered with ${what}`, { retryable: false })

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)))
