import { randomUUID } from 'node:crypto'
import type { FormattedExecutionResult } from 'graphql'
import type { z } from 'zod'
import type { Facts } from './authenticate.ts'
import { breakerMetrics } from './breaker-metrics.ts'
import { createBreaker } from './breaker.ts'
import type { ServiceClient } from './client.ts'
import type { Clock } from './clock.ts'
import { withDeadline } from './deadline.ts'
import { codedError } from './errors.ts'
import type { GraphQLOperation } from './graphql.ts'
import type { Metrics } from './metrics.ts'
import type { ServiceName } from './viewer.ts'

type About = { tenantId: string; signal?: AbortSignal | undefined }

/** Asks another service's graph, as ourselves, for a tenant. */
export type PeerGraph = (operation: GraphQLOperation, about: About) => Promise<FormattedExecutionResult>

/** The graph of a service in this process. */
export const peerInMemory =
  (
    subgraph: { execute(operation: GraphQLOperation, facts: Facts): Promise<FormattedExecutionResult> },
    caller: ServiceName,
  ): PeerGraph =>
  (operation, { tenantId }) =>
    subgraph.execute(operation, { requestId: randomUUID(), caller, tenantId })

/** The graph of a service in another process, over signed HTTP. */
export const peerOverHttp =
  (client: ServiceClient): PeerGraph =>
  async (operation, { tenantId, signal }) => {
    const request = { requestId: randomUUID(), tenantId, signal }
    const { body } = await client.post('/graphql', JSON.stringify(operation), request)
    return JSON.parse(body) as FormattedExecutionResult
  }

export type PeerMeans = { graph: PeerGraph; clock: Clock; metrics: Metrics }

type Guard = {
  service: ServiceName
  /** What is asked for, as metrics name it. */
  dependency: string
  deadlineMs: number
}

/**
 * Asks it with a deadline and behind a breaker. The answer is what the schema makes of `data`. Rejects with BAD_USER_INPUT where what was asked is
 * refused, else with SUBGRAPH_UNAVAILABLE: it did not answer in time, or not as it should.
 */
export function askPeer({ graph, clock, metrics }: PeerMeans, { service, dependency, deadlineMs }: Guard) {
  const breaker = createBreaker({
    clock,
    isFailure: (error) => codeOf(error) !== 'BAD_USER_INPUT',
    metrics: breakerMetrics(metrics.registry, service, dependency),
  })
  return <T>(operation: GraphQLOperation, schema: z.ZodType<T>, { tenantId, signal }: About): Promise<T> =>
    breaker.run(async () => {
      const { data, errors } = await withDeadline((ending) => graph(operation, { tenantId, signal: ending }), {
        ms: deadlineMs,
        signal,
      }).catch(unavailable)
      if (codeOf(errors?.[0]) === 'BAD_USER_INPUT')
        throw codedError('BAD_USER_INPUT', 'The service refused what was asked')
      const answer = schema.safeParse(data)
      return !errors?.length && answer.success ? answer.data : unavailable()
    })
}

/** What others say of their failures is not ours to tell. */
function unavailable(): never {
  throw codedError('SUBGRAPH_UNAVAILABLE', 'The service cannot answer', { retryable: true })
}

const codeOf = (error: unknown): unknown => (error as { extensions?: { code?: unknown } } | undefined)?.extensions?.code
