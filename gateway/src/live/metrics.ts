import type { MetricEntry } from '@quimbi/service/metrics.ts'
import { counterIn, gaugeIn, histogramIn } from '@quimbi/service/registered.ts'
import type { Registry } from 'prom-client'

const hubs: MetricEntry = {
  name: 'quimbi_live_hubs',
  type: 'gauge',
  labels: [],
  meaning: 'Subscriptions at subgraphs that are shared by those who subscribe to the same.',
}
const reconnects: MetricEntry = {
  name: 'quimbi_live_upstream_reconnects_total',
  type: 'counter',
  labels: ['subgraph'],
  meaning: 'Times that a subscription at a subgraph was lost and opened again.',
}
const rests: MetricEntry = {
  name: 'quimbi_live_completions_total',
  type: 'counter',
  labels: [],
  meaning: 'Events for which other subgraphs were asked; once for all who share it.',
}
const lag: MetricEntry = {
  name: 'quimbi_live_lag_seconds',
  type: 'histogram',
  labels: [],
  meaning: 'Time from what happened to when it is told to subscribers; replays count as late as they are.',
}

/** What the gateway measures of its subscriptions, beside what every live door does; docs/operations.md lists it. */
export const federatedMetricCatalogue: readonly MetricEntry[] = [hubs, reconnects, rests, lag]

export type FederatedMetrics = {
  hubOpened(): void
  hubClosed(): void
  lost(subgraph: string): void
  completed(): void
  told(seconds: number): void
}

const buckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60]

export function federatedMetrics(registry: Registry): FederatedMetrics {
  const gauge = gaugeIn(registry, hubs)
  const histogram = histogramIn(registry, lag, buckets)
  const [again, asked] = [counterIn(registry, reconnects), counterIn(registry, rests)]
  return {
    hubOpened: () => gauge.inc(),
    hubClosed: () => gauge.dec(),
    lost: (subgraph) => again.inc({ subgraph }),
    completed: () => asked.inc(),
    // A demo's clock may be ahead of this one.
    told: (seconds) => void (seconds >= 0 && histogram.observe(seconds)),
  }
}
