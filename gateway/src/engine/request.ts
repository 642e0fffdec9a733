import type { Facts } from '@quimbi/service/authenticate.ts'
import { openDeadline } from '@quimbi/service/deadline.ts'
import { traced } from '@quimbi/service/telemetry.ts'
import { OperationTypeNode } from 'graphql'
import type { SubgraphCall } from '../subgraph-calls.ts'
import { coalesce } from './coalesce.ts'
import type { FetchMetrics, FetchOutcome } from './fetch-metrics.ts'
import type { Run } from './run.ts'

/** How a subgraph is asked: queries may be shared, mutations never are. */
export type Asking = { query: SubgraphCall; mutation: SubgraphCall }

export function askingOf(
  name: string,
  call: SubgraphCall,
  isShared: boolean,
  metrics: FetchMetrics | undefined,
): Asking {
  const measured = metrics ? measure(name, call, metrics) : call
  const query = isShared ? coalesce(measured, () => metrics?.shared(name)) : measured
  return { query, mutation: measured }
}

const measure =
  (name: string, call: SubgraphCall, metrics: FetchMetrics): SubgraphCall =>
  async (operation, facts, signal) => {
    const started = performance.now()
    let outcome: FetchOutcome = 'failed'
    try {
      const result = await call(operation, facts, signal)
      outcome = !result.errors?.length ? 'ok' : result.data ? 'partial' : 'failed'
      return result
    } catch (error) {
      if (signal?.aborted) outcome = 'left'
      throw error
    } finally {
      metrics.fetched(name, outcome, (performance.now() - started) / 1000)
    }
  }

export type RequestOptions = {
  services: ReadonlyMap<string, Asking>
  facts: Facts
  /** Ends when the client has left. */
  signal: AbortSignal | undefined
  deadlineMs: number
}

/** Asks subgraphs for one request: until its deadline, and as long as its client waits. */
export function openRequest({ services, facts, signal, deadlineMs }: RequestOptions): {
  ask: Run['ask']
  close(): void
} {
  // One signal for all that the request asks: making one per fetch costs more than the rest of a fetch's book-keeping.
  const deadline = openDeadline({ ms: deadlineMs, signal })
  return {
    async ask({ serviceName, operationKind }, operation) {
      deadline.signal.throwIfAborted()
      const service = services.get(serviceName)
      if (!service) throw new Error(`There is no subgraph "${serviceName}"`)
      const call = operationKind === OperationTypeNode.QUERY ? service.query : service.mutation
      return traced(`fetch ${serviceName}`, 'client', () => call(operation, facts, deadline.signal))
    },
    close: () => deadline.close(),
  }
}
