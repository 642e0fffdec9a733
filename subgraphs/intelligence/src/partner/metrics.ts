import type { MetricEntry } from '@quimbi/service/metrics.ts'
import { counterIn, histogramIn } from '@quimbi/service/registered.ts'
import type { Registry } from 'prom-client'

/** What the partner door measures of what it lets through; docs/operations.md lists it. */
export const partnerMetricCatalogue = [
  {
    name: 'quimbi_partner_query_cost_points',
    type: 'histogram',
    labels: ['kind'],
    meaning: 'Cost of the operations of API keys; kind requested, as it was reserved, or actual, as it was charged.',
  },
  {
    name: 'quimbi_partner_refused_total',
    type: 'counter',
    labels: ['reason'],
    meaning: 'Requests of partners refused before the database was asked; reason key, guessing, rate, cost or budget.',
  },
] as const satisfies MetricEntry[]

const [cost, refused]: readonly [MetricEntry, MetricEntry] = partnerMetricCatalogue
const buckets = [1, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000]

export type PartnerMetrics = {
  priced(kind: 'requested' | 'actual', points: number): void
  refused(reason: 'key' | 'guessing' | 'rate' | 'cost' | 'budget'): void
}

export function partnerMetrics(registry: Registry): PartnerMetrics {
  const histogram = histogramIn(registry, cost, buckets)
  const counter = counterIn(registry, refused)
  return {
    priced: (kind, points) => histogram.labels(kind).observe(points),
    refused: (reason) => counter.labels(reason).inc(),
  }
}
