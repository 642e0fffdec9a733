import type { Registry } from 'prom-client'
import type { MetricEntry } from './metrics.ts'
import { counterIn, gaugeIn } from './registered.ts'

const connections: MetricEntry = {
  name: 'quimbi_websocket_connections',
  type: 'gauge',
  labels: ['service'],
  meaning: 'Open WebSockets.',
}
const closed: MetricEntry = {
  name: 'quimbi_websocket_closed_total',
  type: 'counter',
  labels: ['service', 'code'],
  meaning: 'WebSockets that closed, by close code; "other" for codes that are not ours.',
}
const streams: MetricEntry = {
  name: 'quimbi_event_streams',
  type: 'gauge',
  labels: ['service'],
  meaning: 'Open streams of server-sent events.',
}
const subscriptions: MetricEntry = {
  name: 'quimbi_subscriptions',
  type: 'gauge',
  labels: ['service'],
  meaning: 'Running subscriptions.',
}
const delivered: MetricEntry = {
  name: 'quimbi_subscription_events_total',
  type: 'counter',
  labels: ['service'],
  meaning: 'Results delivered to subscriptions.',
}
const ended: MetricEntry = {
  name: 'quimbi_subscriptions_ended_total',
  type: 'counter',
  labels: ['service', 'reason'],
  meaning: 'Subscriptions that ended; reason done, overflow, resync, revoked or error.',
}

/** What the live doors measure; docs/operations.md lists it. */
export const liveMetricCatalogue: readonly MetricEntry[] = [
  connections,
  closed,
  streams,
  subscriptions,
  delivered,
  ended,
]

export type EndReason = 'done' | 'overflow' | 'resync' | 'revoked' | 'error'

export type LiveMetrics = {
  socketOpened(): void
  socketClosed(code: number): void
  streamOpened(): void
  streamClosed(): void
  subscribed(): void
  delivered(): void
  ended(reason: EndReason): void
}

const knownCodes = new Set([1000, 1001, 1005, 1006, 1009, 1013, 4400, 4401, 4403, 4406, 4408, 4409, 4429, 4440, 4500])

/** The live doors' metrics in a registry; services in one process share them. */
export function liveMetrics(registry: Registry, service: string): LiveMetrics {
  const [open, running] = [
    gaugeIn(registry, connections).labels({ service }),
    gaugeIn(registry, subscriptions).labels({ service }),
  ]
  const streaming = gaugeIn(registry, streams).labels({ service })
  const [gone, over, given] = [
    counterIn(registry, closed),
    counterIn(registry, ended),
    counterIn(registry, delivered).labels({ service }),
  ]
  return {
    socketOpened: () => open.inc(),
    socketClosed(code) {
      open.dec()
      gone.inc({ service, code: knownCodes.has(code) ? String(code) : 'other' })
    },
    streamOpened: () => streaming.inc(),
    streamClosed: () => streaming.dec(),
    subscribed: () => running.inc(),
    delivered: () => given.inc(),
    ended(reason) {
      running.dec()
      over.inc({ service, reason })
    },
  }
}
