import type { MetricEntry } from '@quimbi/service/metrics.ts'
import { counterIn } from '@quimbi/service/registered.ts'
import type { Registry } from 'prom-client'

/** What the gateway counts of second tries; docs/operations.md lists it. */
export const retryMetricCatalogue = [
  {
    name: 'quimbi_gateway_retries_total',
    type: 'counter',
    labels: ['subgraph'],
    meaning: 'Queries that were sent to a subgraph a second time, after it could not be reached or was not well.',
  },
] as const satisfies MetricEntry[]

const [retries]: readonly [MetricEntry] = retryMetricCatalogue

/** Counts a subgraph's second tries in a registry. */
export function retryCounter(registry: Registry, subgraph: string): () => void {
  const counter = counterIn(registry, retries)
  return () => counter.labels(subgraph).inc()
}
