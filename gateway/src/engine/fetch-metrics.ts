import type { MetricEntry } from '@quimbi/service/metrics.ts'
import { counterIn, histogramIn } from '@quimbi/service/registered.ts'
import type { Registry } from 'prom-client'

/** What the gateway measures of its subgraphs; docs/operations.md lists it. */
export const fetchMetricCatalogue = [
  {
    name: 'quimbi_gateway_fetch_duration_seconds',
    type: 'histogram',
    labels: ['subgraph', 'outcome'],
    meaning:
      'Time from a question to a subgraph to its answer; outcome ok, partial, failed, or left when nobody waited any more.',
  },
  {
    name: 'quimbi_gateway_fetches_shared_total',
    type: 'counter',
    labels: ['subgraph'],
    meaning: 'Questions to a subgraph that were the same as one under way and waited for its answer.',
  },
] as const satisfies MetricEntry[]

const [duration, shared]: readonly [MetricEntry, MetricEntry] = fetchMetricCatalogue
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

export type FetchOutcome = 'ok' | 'partial' | 'failed' | 'left'

export type FetchMetrics = {
  fetched(subgraph: string, outcome: FetchOutcome, seconds: number): void
  shared(subgraph: string): void
}

export function fetchMetrics(registry: Registry): FetchMetrics {
  const histogram = histogramIn(registry, duration, buckets)
  const counter = counterIn(registry, shared)
  return {
    fetched: (subgraph, outcome, seconds) => histogram.labels(subgraph, outcome).observe(seconds),
    shared: (subgraph) => counter.labels(subgraph).inc(),
  }
}
