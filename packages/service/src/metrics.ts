import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { ServiceName } from './viewer.ts'

export type MetricEntry = { name: string; type: 'counter' | 'gauge' | 'histogram'; labels: string[]; meaning: string }

// Labels take values from small closed sets only: no operation names, ids or addresses, which a client could multiply.
const httpDuration: MetricEntry = {
  name: 'quimbi_http_request_duration_seconds',
  type: 'histogram',
  labels: ['service', 'method', 'route', 'status'],
  meaning: 'Time from a request to its whole response; route is the pattern, "unmatched" when there is none.',
}
const operations: MetricEntry = {
  name: 'quimbi_graphql_operations_total',
  type: 'counter',
  labels: ['service', 'type', 'outcome'],
  meaning: 'GraphQL operations; type query, mutation, subscription or unknown; outcome ok, partial or error.',
}
const operationDuration: MetricEntry = {
  name: 'quimbi_graphql_operation_duration_seconds',
  type: 'histogram',
  labels: ['service', 'type', 'outcome'],
  meaning: 'Time from a GraphQL request to its result.',
}
const statements: MetricEntry = {
  name: 'quimbi_sql_statements_total',
  type: 'counter',
  labels: ['service'],
  meaning: 'SQL statements sent to the database.',
}

/** The metrics that every service has; docs/operations.md is made from it. */
export const metricCatalogue: readonly MetricEntry[] = [
  httpDuration,
  operations,
  operationDuration,
  statements,
  {
    name: 'process_* and nodejs_*',
    type: 'gauge',
    labels: [],
    meaning: 'The process: CPU, memory, event loop, handles.',
  },
]

export type OperationType = 'query' | 'mutation' | 'subscription' | 'unknown'
export type Outcome = 'ok' | 'partial' | 'error'

export type Metrics = {
  registry: Registry
  observeHttp(request: { method: string; route: string; status: number; seconds: number }): void
  observeOperation(operation: { type: OperationType; outcome: Outcome; seconds: number }): void
  /** The database's statement hook. */
  countStatement(): void
  /** Publishes a gauge that is read at each scrape. */
  gauge(entry: Omit<MetricEntry, 'type' | 'labels'>, read: () => number | Promise<number>): void
}

const processRegistry = new Registry()
const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Services in one process share its registry, told apart by the label `service`. */
export function createMetrics(service: ServiceName | (string & {}), registry: Registry = processRegistry): Metrics {
  const http = histogram(registry, httpDuration)
  const total = counter(registry, operations)
  const duration = histogram(registry, operationDuration)
  const sql = counter(registry, statements).labels({ service })
  if (!registry.getSingleMetric('process_cpu_seconds_total')) collectDefaultMetrics({ register: registry })
  return {
    registry,
    observeHttp: ({ method, route, status, seconds }) =>
      http.labels(service, method, route, String(status)).observe(seconds),
    observeOperation: ({ type, outcome, seconds }) => {
      total.labels(service, type, outcome).inc()
      duration.labels(service, type, outcome).observe(seconds)
    },
    countStatement: () => sql.inc(),
    gauge: (entry, read) => addReader(registry, entry, service, read),
  }
}

function counter(registry: Registry, { name, meaning, labels }: MetricEntry): Counter {
  const known = registry.getSingleMetric(name)
  if (known instanceof Counter) return known
  return new Counter({ name, help: meaning, labelNames: labels, registers: [registry] })
}

function histogram(registry: Registry, { name, meaning, labels }: MetricEntry): Histogram {
  const known = registry.getSingleMetric(name)
  if (known instanceof Histogram) return known
  return new Histogram({ name, help: meaning, labelNames: labels, buckets: seconds, registers: [registry] })
}

type Readers = Map<string, () => number | Promise<number>>
const readersOf = new WeakMap<object, Readers>()

function addReader(
  registry: Registry,
  entry: { name: string; meaning: string },
  service: string,
  read: () => number | Promise<number>,
): void {
  const known = registry.getSingleMetric(entry.name)
  const readers: Readers = (known && readersOf.get(known)) ?? new Map()
  readers.set(service, read)
  if (known) return
  const gauge = new Gauge({
    name: entry.name,
    help: entry.meaning,
    labelNames: ['service'],
    registers: [registry],
    // A reading that fails leaves its value out; the scrape goes on.
    collect: async () => {
      for (const [name, reader] of readers) {
        await Promise.try(reader).then(
          (value) => gauge.labels(name).set(value),
          () => gauge.remove(name),
        )
      }
    },
  })
  readersOf.set(gauge, readers)
}
