import type { MetricEntry } from '@quimbi/service/metrics.ts'
import { counterIn } from '@quimbi/service/registered.ts'
import { Gauge, type Registry } from 'prom-client'

/** What the cache of customers' insight measures; docs/operations.md lists it. */
export const cacheMetricCatalogue = [
  {
    name: 'quimbi_entity_cache_lookups_total',
    type: 'counter',
    labels: ['outcome'],
    meaning:
      "Customers whose insight was asked for; outcome hit (this process had it), shared (Redis had it), miss, or bypassed while Intelligence's writes may be missed.",
  },
  {
    name: 'quimbi_entity_cache_revisions_total',
    type: 'counter',
    labels: ['of'],
    meaning:
      'What made kept insight worthless; of customers, of a tenant, or of everybody: something may have been missed.',
  },
  {
    name: 'quimbi_entity_cache_bytes',
    type: 'gauge',
    labels: [],
    meaning: 'What this process keeps of insight.',
  },
] as const satisfies MetricEntry[]

const [lookups, revisions, size]: readonly [MetricEntry, MetricEntry, MetricEntry] = cacheMetricCatalogue

export type CacheMetrics = {
  lookedUp(outcome: 'hit' | 'shared' | 'miss' | 'bypassed', count: number): void
  revised(of: 'customers' | 'tenant' | 'everybody'): void
}

/** The cache's metrics in a registry; `bytes` is read at each scrape. */
export function cacheMetrics(registry: Registry, bytes: () => number): CacheMetrics {
  const [asked, told] = [counterIn(registry, lookups), counterIn(registry, revisions)]
  registry.removeSingleMetric(size.name)
  new Gauge({
    name: size.name,
    help: size.meaning,
    registers: [registry],
    collect() {
      this.set(bytes())
    },
  })
  return {
    lookedUp: (outcome, count) => void (count > 0 && asked.labels(outcome).inc(count)),
    revised: (of) => told.labels(of).inc(),
  }
}
