import type { MetricEntry } from '@quimbi/service/metrics.ts'
import { counterIn } from '@quimbi/service/registered.ts'
import type { Registry } from 'prom-client'

/** What is measured of the audit of keys; docs/operations.md lists it. */
export const readMetricCatalogue = [
  {
    name: 'quimbi_partner_reads_total',
    type: 'counter',
    labels: ['outcome'],
    meaning:
      'Requests made with API keys that were to be noted: kept; lost, because the database was away or slow for too long; or unkept, because it refused them.',
  },
] as const satisfies MetricEntry[]

const [reads]: readonly [MetricEntry] = readMetricCatalogue

export type ReadMetrics = { noted(outcome: 'kept' | 'lost' | 'unkept', count: number): void }

export function readMetrics(registry: Registry): ReadMetrics {
  const counter = counterIn(registry, reads)
  return { noted: (outcome, count) => counter.labels(outcome).inc(count) }
}
