import type { IncomingHttpHeaders } from 'node:http'
import {
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Span,
  type Tracer,
} from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
  type SpanProcessor,
  type TracerProviderOptions,
} from '@opentelemetry/sdk-trace'

export type TelemetryOptions = {
  /** `service.name` of what is traced. */
  service: string
  /** Where an OTLP/HTTP receiver listens; without it, nothing is traced and nothing is loaded into requests. */
  endpoint?: string | undefined
  /** The share of traces that are kept, 0 to 1; all. */
  ratio?: number | undefined
  /** What takes spans in place of the exporter. */
  processor?: SpanProcessor
}

export type Telemetry = {
  /** Sends what is left. Never rejects: a receiver that is away takes nothing with it. */
  stop(): Promise<void>
}

type Active = { tracer: Tracer; contexts: AsyncLocalStorageContextManager }

let active: Active | undefined
const propagator = new W3CTraceContextPropagator()

/** Traces this process from now on; undefined where nobody wants to know. One at a time. */
export function startTelemetry({ service, endpoint, ratio = 1, processor }: TelemetryOptions): Telemetry | undefined {
  if (endpoint === undefined && !processor) return undefined
  if (active) throw new Error('This process is traced already')
  const kept = new TraceIdRatioBasedSampler(ratio)
  const provider = new TracerProvider({
    resource: resourceOf(service),
    // The same share for traces that begin elsewhere: a client cannot make us record more, and services agree by the trace's id.
    sampler: new ParentBasedSampler({ root: kept, remoteParentSampled: kept }),
    spanProcessors: [processor ?? exporting(endpoint ?? '')],
  })
  const started: Active = { tracer: provider.getTracer('quimbi'), contexts: new AsyncLocalStorageContextManager() }
  started.contexts.enable()
  active = started
  return {
    async stop() {
      if (active === started) active = undefined
      await provider.shutdown().catch(() => {})
      started.contexts.disable()
    },
  }
}

/** As the environment says; see `commonEnvironment`. */
export const telemetryOf = (
  service: string,
  config: { OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined; OTEL_TRACES_SAMPLER_ARG?: number | undefined },
): Telemetry | undefined =>
  startTelemetry({
    service,
    endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT,
    ratio: config.OTEL_TRACES_SAMPLER_ARG,
  })

const exporting = (endpoint: string) =>
  new BatchSpanProcessor({
    exporter: new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces`, timeoutMillis: 5_000 }),
  })

function resourceOf(service: string): TracerProviderOptions['resource'] & object {
  const attributes = { 'service.name': service }
  const resource: TracerProviderOptions['resource'] & object = {
    attributes,
    merge: () => resource,
    getRawAttributes: () => Object.entries(attributes),
  }
  return resource
}

/** Runs the handling of a request in a span of its own, which continues the trace of its headers. Costs nothing where nothing is traced. */
export function tracedRequest<T>(
  name: string,
  headers: IncomingHttpHeaders,
  work: (note: (attributes: Attributes) => void) => Promise<T>,
): Promise<T> {
  if (!active) return work(ignore)
  const parent = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter)
  return within(active, parent, active.tracer.startSpan(name, { kind: SpanKind.SERVER }, parent), (span) =>
    work((attributes) => void span.setAttributes(attributes)),
  )
}

/**
 * Runs the handling of events that were published in these traces (`traceparent`s), in a span of each trace; what it does itself is in the
 * first one's. Only runs where there is no trace.
 */
export function tracedEvents<T>(name: string, traceparents: readonly string[], work: () => Promise<T>): Promise<T> {
  const known = active
  if (!known) return work()
  return [...new Set(traceparents)].reduce((inner, traceparent) => {
    const parent = propagator.extract(ROOT_CONTEXT, { traceparent }, defaultTextMapGetter)
    return () => within(known, parent, known.tracer.startSpan(name, { kind: SpanKind.CONSUMER }, parent), inner)
  }, work)()
}

/** Runs a part of a request in a span below the current one; outside of a traced request it only runs. */
export function traced<T>(name: string, kind: 'client' | 'internal', work: () => Promise<T>): Promise<T> {
  const current = active?.contexts.active()
  if (!active || !current || !trace.getSpan(current)) return work()
  const span = active.tracer.startSpan(name, { kind: kind === 'client' ? SpanKind.CLIENT : SpanKind.INTERNAL }, current)
  return within(active, current, span, work)
}

/** The same for a part that does not wait. */
export function tracedSync<T>(name: string, work: () => T): T {
  const current = active?.contexts.active()
  if (!active || !current || !trace.getSpan(current)) return work()
  const span = active.tracer.startSpan(name, {}, current)
  try {
    return work()
  } catch (error) {
    fail(span)
    throw error
  } finally {
    span.end()
  }
}

const none: Readonly<Record<string, string>> = {}

/** What a request to another service carries so that it continues the trace: `traceparent`, and `tracestate` if there is one. */
export function traceHeaders(): Readonly<Record<string, string>> {
  const current = active?.contexts.active()
  if (!current || !trace.getSpan(current)) return none
  const headers: Record<string, string> = {}
  propagator.inject(current, headers, defaultTextMapSetter)
  return headers
}

async function within<T>(
  { contexts }: Active,
  parent: Context,
  span: Span,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  try {
    return await contexts.with(trace.setSpan(parent, span), () => work(span))
  } catch (error) {
    fail(span)
    throw error
  } finally {
    span.end()
  }
}

/** That it failed; not how, which may name people. */
const fail = (span: Span) => void span.setStatus({ code: SpanStatusCode.ERROR })

const ignore = () => {}
