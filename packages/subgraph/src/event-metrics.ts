import type { Registry } from 'prom-client'
import type { ConsumerMetrics } from '@quimbi/events/consumer.ts'
import type { SequencerMetrics } from '@quimbi/events/sequencer.ts'
import type { MetricEntry } from '@quimbi/service/metrics.ts'
import { counterIn, gaugeIn } from '@quimbi/service/registered.ts'

/** What the event plumbing measures; docs/operations.md lists it. */
export const eventMetricCatalogue = [
  {
    name: 'quimbi_events_sequenced_total',
    type: 'counter',
    labels: ['log'],
    meaning: 'Events moved from the outbox into the log.',
  },
  {
    name: 'quimbi_events_sequencer_failures_total',
    type: 'counter',
    labels: ['log'],
    meaning: 'Turns of the sequencer that failed.',
  },
  {
    name: 'quimbi_events_applied_total',
    type: 'counter',
    labels: ['source', 'topic'],
    meaning: 'Events of another service applied.',
  },
  {
    name: 'quimbi_events_receiver_failures_total',
    type: 'counter',
    labels: ['source'],
    meaning: 'Attempts to read or apply that failed.',
  },
  {
    name: 'quimbi_events_receiver_lag',
    type: 'gauge',
    labels: ['source'],
    meaning: 'Positions between the cursor and the end of the log.',
  },
] as const satisfies MetricEntry[]

/** The event plumbing's metrics in a registry; services in one process share them. */
export function eventMetrics(registry: Registry): { sequencer: SequencerMetrics; receiver: ConsumerMetrics } {
  const [sequenced, sequencerFailures, applied, receiverFailures, lag] = eventMetricCatalogue
  return {
    sequencer: { sequenced: counterIn(registry, sequenced), failures: counterIn(registry, sequencerFailures) },
    receiver: {
      lag: gaugeIn(registry, lag),
      applied: counterIn(registry, applied),
      failures: counterIn(registry, receiverFailures),
    },
  }
}
