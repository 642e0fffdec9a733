import type { MetricEntry } from '@quimbi/service/metrics.ts'
import { counterIn, histogramIn } from '@quimbi/service/registered.ts'
import type { Registry } from 'prom-client'

/** What the gateway measures of what it lets through; docs/operations.md lists it. */
export const limitsMetricCatalogue = [
  {
    name: 'quimbi_gateway_query_cost_points',
    type: 'histogram',
    labels: ['kind'],
    meaning: 'Cost of the operations of clients; kind requested, as it was reserved, or actual, as it was charged.',
  },
  {
    name: 'quimbi_gateway_refused_total',
    type: 'counter',
    labels: ['reason'],
    meaning:
      'Operations refused before a subgraph was asked, by their cost or for want of points; reason cost or budget.',
  },
] as const satisfies MetricEntry[]

const [cost, refused]: readonly [MetricEntry, MetricEntry] = limitsMetricCatalogue
const buckets = [1, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000]

export type LimitsMetrics = {
  priced(kind: 'requested' | 'actual', points: number): void
  refused(reason: 'cost' | 'budget'): void
}

export function limitsMetrics(registry: Registry): LimitsMetrics {
  const histogram = histogramIn(registry, cost, buckets)
  const counter = counterIn(registry, refused)
  return {
    priced: (kind, points) => histogram.labels(kind).observe(points),
    refused: (reason) => counter.labels(reason).inc(),
  }
}
