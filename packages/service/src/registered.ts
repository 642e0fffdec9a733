import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { MetricEntry } from './metrics.ts'

/** A catalogue's metrics in a registry: made where it has none by that name. Services and modules in one process share them. */
export const counterIn = (registry: Registry, { name, meaning: help, labels: labelNames }: MetricEntry): Counter =>
  (registry.getSingleMetric(name) as Counter | undefined) ??
  new Counter({ name, help, labelNames, registers: [registry] })

export const gaugeIn = (registry: Registry, { name, meaning: help, labels: labelNames }: MetricEntry): Gauge =>
  (registry.getSingleMetric(name) as Gauge | undefined) ?? new Gauge({ name, help, labelNames, registers: [registry] })

export const histogramIn = (
  registry: Registry,
  { name, meaning: help, labels: labelNames }: MetricEntry,
  buckets: number[],
): Histogram =>
  (registry.getSingleMetric(name) as Histogram | undefined) ??
  new Histogram({ name, help, labelNames, buckets, registers: [registry] })
