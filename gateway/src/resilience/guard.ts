import { breakerMetrics } from '@quimbi/service/breaker-metrics.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import type { Metrics } from '@quimbi/service/metrics.ts'
import type { TokenVerifier } from '@quimbi/service/tokens.ts'
import { createEntityCache, type CacheMeans } from '../cache/entity-cache.ts'
import { entityFetches } from '../cache/selection.ts'
import type { SubgraphCall } from '../subgraph-calls.ts'
import { resilient } from './resilient.ts'
import { retryCounter } from './retry-metrics.ts'

/** How long queries are waited for, a second try included. */
export type Timeouts = {
  /** a subgraph's answer to any query; 10 s */
  queryMs?: number | undefined
  /** what Intelligence thinks of customers, which an inbox waits for; 3 s */
  insightMs?: number | undefined
}

export type GuardOptions = {
  supergraphSdl: string
  calls: Readonly<Record<string, SubgraphCall>>
  clock: Clock
  log: Logger
  metrics: Metrics
  verifier: TokenVerifier
  timeouts?: Timeouts | undefined
  /** How Intelligence's answers of customers are kept; they are not, if it is left out. */
  cache?: CacheMeans | undefined
}

/** Who tells of its writes, and of which entities; nobody else's answers are kept. */
const insight = { service: 'intelligence', type: 'Customer' } as const

/** Each subgraph behind its deadline, second try and breaker; Intelligence also behind the cache. */
export function guardCalls(options: GuardOptions): { calls: Record<string, SubgraphCall>; stop(): void } {
  const { supergraphSdl, clock, log, verifier, cache: means } = options
  const { queryMs = 10_000, insightMs = 3_000 } = options.timeouts ?? {}
  const { registry } = options.metrics
  const hasInsight = insight.service in options.calls
  const fetchOf = hasInsight ? entityFetches(supergraphSdl, insight.type) : () => null
  const cache =
    hasInsight && means ? createEntityCache({ ...means, fetchOf, verifier, clock, log, registry }) : undefined
  const guarded = Object.entries(options.calls).map(([name, call]) => {
    const isInsight = name === insight.service
    const safe = resilient(call, {
      clock,
      deadlineMs: ({ query }) => (isInsight && fetchOf(query) ? insightMs : queryMs),
      onRetry: retryCounter(registry, name),
      breaker: breakerMetrics(registry, 'gateway', name),
    })
    return [name, isInsight && cache ? cache.over(safe) : safe] as const
  })
  return { calls: Object.fromEntries(guarded), stop: () => cache?.stop() }
}
