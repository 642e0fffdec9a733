import type { Registry } from 'prom-client'
import type { BreakerMetrics, BreakerState } from './breaker.ts'
import type { MetricEntry } from './metrics.ts'
import { counterIn, gaugeIn } from './registered.ts'

/** What breakers measure; docs/operations.md lists it. */
export const breakerMetricCatalogue = [
  {
    name: 'quimbi_breaker_state',
    type: 'gauge',
    labels: ['service', 'dependency'],
    meaning:
      'What a service calls of another: 0 it is called, 1 it is tried, 2 it failed several times in a row and is left alone.',
  },
  {
    name: 'quimbi_breaker_calls_total',
    type: 'counter',
    labels: ['service', 'dependency', 'outcome'],
    meaning: 'Such calls; outcome ok, failed, or refused while it is left alone.',
  },
] as const satisfies MetricEntry[]

const [state, calls]: readonly [MetricEntry, MetricEntry] = breakerMetricCatalogue

const level: Record<BreakerState, number> = { closed: 0, 'half-open': 1, open: 2 }

/** One breaker's metrics in a registry; `dependency` is a name from a small closed set. */
export function breakerMetrics(registry: Registry, service: string, dependency: string): BreakerMetrics {
  const gauge = gaugeIn(registry, state)
  const counter = counterIn(registry, calls)
  const own = gauge.labels({ service, dependency })
  own.set(level.closed)
  return {
    called: (outcome) => counter.inc({ service, dependency, outcome }),
    turned: (to) => own.set(level[to]),
  }
}
