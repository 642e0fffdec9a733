import type { Facts } from '@quimbi/service/authenticate.ts'
import { codedError } from '@quimbi/service/errors.ts'
import type { HttpExchange } from '@quimbi/service/graphql.ts'
import type { PartnerViewer } from '@quimbi/service/viewer.ts'
import { contextOf, type Context, type ContextDependencies } from '../context.ts'
import type { Gate, RateLimitHeaders } from './admission.ts'
import type { PartnerMetrics } from './metrics.ts'

/** Who a key is, told without asking the database each time. */
export type Keys = {
  /** Throws UNAUTHENTICATED for a key that is unknown or has ended, THROTTLED for an address that guesses. */
  partnerOf(key: string, now: Date, address?: string): Promise<PartnerViewer>
}

export type PartnerDependencies = ContextDependencies & {
  keys: Keys
  gate: Gate
  measured: PartnerMetrics
}

const missing = () =>
  codedError('UNAUTHENTICATED', 'Send an API key as "x-api-key: qk_live_…".', { reason: 'KEY_MISSING' })

/** The partner whose key a request carries; throws UNAUTHENTICATED, or THROTTLED for who guesses. */
export async function identifyPartner(
  { apiKey, address }: Pick<Facts, 'apiKey' | 'address'>,
  { keys, clock, measured }: Pick<PartnerDependencies, 'keys' | 'clock' | 'measured'>,
): Promise<PartnerViewer> {
  if (apiKey === undefined) throw missing()
  try {
    return await keys.partnerOf(apiKey, clock.now(), address)
  } catch (error) {
    measured.refused(isThrottled(error) ? 'guessing' : 'key')
    throw error
  }
}

/** The context of one request by a key. */
export async function createPartnerContext(
  facts: Facts,
  dependencies: PartnerDependencies,
  exchange?: HttpExchange,
): Promise<Context> {
  const viewer = await identifyPartner(facts, dependencies)
  const tell = (headers: RateLimitHeaders) => void exchange?.reply.headers(headers)
  const admission = dependencies.gate.admit(viewer, dependencies.clock.now(), tell)
  return contextOf(viewer, { requestId: facts.requestId, admission }, dependencies)
}

const isThrottled = (error: unknown): boolean =>
  error instanceof Error && 'extensions' in error && (error.extensions as { code?: unknown }).code === 'THROTTLED'
