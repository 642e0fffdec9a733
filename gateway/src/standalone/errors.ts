import type { Logger } from '@quimbi/service/logging.ts'
import { internalError, maskErrors, type FormatError } from '@quimbi/service/mask-errors.ts'
import { GraphQLError } from 'graphql'

/** Errors of subgraphs and of documents as they are; what failed in here is logged and not told. */
export function plainErrors(log: Pick<Logger, 'debug' | 'error'>): FormatError {
  const masked = maskErrors({ log, requestId: () => undefined })
  return (formatted, error) =>
    isOurs(error) ? { ...masked(formatted, error), ...internalError(undefined) } : formatted
}

/** Whether a plain error is behind it, which no subgraph and no client can cause. */
function isOurs(error: unknown): boolean {
  let original = error
  while (original instanceof GraphQLError && original.originalError) original = original.originalError
  return !(original instanceof GraphQLError)
}
