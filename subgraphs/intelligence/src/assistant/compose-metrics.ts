import type { MetricEntry } from '@quimbi/service/metrics.ts'
import { counterIn, histogramIn } from '@quimbi/service/registered.ts'
import type { Registry } from 'prom-client'

/** What is measured of what is written; docs/operations.md lists it. */
export const composeMetricCatalogue = [
  {
    name: 'quimbi_assistant_texts_total',
    type: 'counter',
    labels: ['generator', 'outcome'],
    meaning:
      'Messages written, by what was asked to: built-in or model; outcome ok, or why the built-in writer wrote it instead: away, late, unverified or too_long.',
  },
  {
    name: 'quimbi_assistant_text_duration_seconds',
    type: 'histogram',
    labels: ['generator', 'outcome'],
    meaning: 'Time to write and verify one message, a fallback included.',
  },
] as const satisfies MetricEntry[]

const [texts, duration]: readonly [MetricEntry, MetricEntry] = composeMetricCatalogue
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** Why what was asked for was not used. */
export const fallbacks = ['away', 'late', 'unverified', 'too_long'] as const
export type Fallback = (typeof fallbacks)[number]

export type ComposeMetrics = {
  wrote(generator: 'built-in' | 'model', outcome: 'ok' | Fallback, seconds: number): void
}

export function composeMetrics(registry: Registry): ComposeMetrics {
  const counter = counterIn(registry, texts)
  const histogram = histogramIn(registry, duration, buckets)
  return {
    wrote(generator, outcome, seconds) {
      counter.labels(generator, outcome).inc()
      histogram.labels(generator, outcome).observe(seconds)
    },
  }
}
