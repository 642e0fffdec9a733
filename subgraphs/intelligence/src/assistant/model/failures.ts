import { codedError } from '@quimbi/service/errors.ts'
import { GraphQLError } from 'graphql'

/** Why the model wrote nothing that can be used. Callers write without it; nobody outside sees these. */
export const modelFailures = [
  'MODEL_BUDGET',
  'MODEL_BUSY',
  'MODEL_PAUSED',
  'MODEL_SLOW',
  'MODEL_UNREACHABLE',
  'MODEL_LIMITED',
  'MODEL_REFUSED',
  'MODEL_REJECTED',
  'MODEL_UNREADABLE',
  'MODEL_TOO_LARGE',
] as const
export type ModelFailure = (typeof modelFailures)[number]

const messages: Record<ModelFailure, string> = {
  MODEL_BUDGET: "The tenant's tokens of today are spent",
  MODEL_BUSY: 'Too many calls of the language model are under way',
  MODEL_PAUSED: 'The language model failed several times; it is left alone for a moment',
  MODEL_SLOW: 'The language model did not answer in time',
  MODEL_UNREACHABLE: 'The language model cannot be reached, or broke off',
  MODEL_LIMITED: 'The language model takes no more calls for now',
  MODEL_REFUSED: 'The language model refuses the key, or is not there',
  MODEL_REJECTED: 'The language model does not take this question',
  MODEL_UNREADABLE: 'The language model wrote something that is no answer',
  MODEL_TOO_LARGE: 'The language model wrote more than is read',
}

/** The same call fails again. */
const lasting = new Set<ModelFailure>(['MODEL_BUDGET', 'MODEL_REFUSED', 'MODEL_REJECTED'])

type Details = { status?: number | undefined; retryAfterMs?: number | undefined }

/** Says what happened in words of ours: a server's own may hold its address or the key. */
export const modelFailure = (reason: ModelFailure, { status, retryAfterMs }: Details = {}): GraphQLError =>
  codedError('SUBGRAPH_UNAVAILABLE', messages[reason] + (status === undefined ? '' : ` (status ${status})`), {
    reason,
    retryable: !lasting.has(reason),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  })

/** Null where an error is none of the model's. */
export function failureOf(error: unknown): ModelFailure | null {
  if (!(error instanceof GraphQLError)) return null
  const { reason } = error.extensions
  return modelFailures.find((known) => known === reason) ?? null
}

/** What says that the server is not well, rather than what was asked or written. */
const unwell = new Set<ModelFailure | null>(['MODEL_SLOW', 'MODEL_UNREACHABLE', 'MODEL_LIMITED', 'MODEL_REFUSED'])
export const isUnwell = (error: unknown): boolean => unwell.has(failureOf(error))
