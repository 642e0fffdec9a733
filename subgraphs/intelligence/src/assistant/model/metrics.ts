import type { MetricEntry } from '@quimbi/service/metrics.ts'
import { counterIn, histogramIn } from '@quimbi/service/registered.ts'
import type { Registry } from 'prom-client'
import type { ModelFailure } from './failures.ts'

/** What is measured of the language model; docs/operations.md lists it. */
export const modelMetricCatalogue = [
  {
    name: 'quimbi_model_calls_total',
    type: 'counter',
    labels: ['purpose', 'outcome'],
    meaning:
      'Calls of the language model; outcome ok, left when nobody waited any more, or why it failed; budget, busy and paused were not sent.',
  },
  {
    name: 'quimbi_model_call_duration_seconds',
    type: 'histogram',
    labels: ['purpose'],
    meaning: 'Time of the calls that were sent, a second try included.',
  },
  {
    name: 'quimbi_model_tokens_total',
    type: 'counter',
    labels: ['purpose', 'kind'],
    meaning: 'Tokens that were charged; kind input or output.',
  },
  {
    name: 'quimbi_model_cost_usd_total',
    type: 'counter',
    labels: ['purpose'],
    meaning: 'What they cost by the prices given, in US dollars.',
  },
] as const satisfies MetricEntry[]

const [calls, duration, tokens, cost]: readonly [MetricEntry, MetricEntry, MetricEntry, MetricEntry] =
  modelMetricCatalogue
const buckets = [0.1, 0.25, 0.5, 1, 2, 3, 4, 6, 8, 15, 30, 60]

type Outcome = 'ok' | 'left' | 'failed' | ModelFailure

export type ModelMetrics = {
  called(purpose: string, outcome: Outcome): void
  took(purpose: string, seconds: number): void
  charged(purpose: string, charge: { input: number; output: number; costMicros: number }): void
}

export function modelMetrics(registry: Registry): ModelMetrics {
  const [callsOf, tokensOf, costOf] = [
    counterIn(registry, calls),
    counterIn(registry, tokens),
    counterIn(registry, cost),
  ]
  const durationOf = histogramIn(registry, duration, buckets)
  return {
    called: (purpose, outcome) => callsOf.inc({ purpose, outcome: outcome.replace('MODEL_', '').toLowerCase() }),
    took: (purpose, seconds) => durationOf.observe({ purpose }, seconds),
    charged(purpose, { input, output, costMicros }) {
      tokensOf.inc({ purpose, kind: 'input' }, input)
      tokensOf.inc({ purpose, kind: 'output' }, output)
      if (costMicros > 0) costOf.inc({ purpose }, costMicros / 1_000_000)
    },
  }
}
