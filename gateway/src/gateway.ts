import type { Clock } from '@quimbi/service/clock.ts'
import { createGraphQL, type GraphQLDoor, type HttpExchange } from '@quimbi/service/graphql.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import type { Metrics } from '@quimbi/service/metrics.ts'
import { eventStreams } from '@quimbi/service/sse.ts'
import type { TokenVerifier } from '@quimbi/service/tokens.ts'
import { liveMetrics } from '@quimbi/service/websocket-metrics.ts'
import { createWebSocketDoor, type WebSocketDoor } from '@quimbi/service/websocket.ts'
import { disableApolloTelemetry } from './config.ts'
import { createContext, type GatewayContext } from './context.ts'
import { createEngine, type Engine } from './engine/engine.ts'
import { fetchMetrics } from './engine/fetch-metrics.ts'
import { leaving } from './leaving.ts'
import { limitDoors, mayIntrospect, type DoorLimits } from './limits/door.ts'
import type { Limits } from './limits/limits.ts'
import { createLiveGateway, type LiveGateway, type LiveLimits } from './live/live-gateway.ts'
import type { LiveSources } from './live/sources.ts'
import { guardCalls, type GuardOptions } from './resilience/guard.ts'
import type { SubgraphCall } from './subgraph-calls.ts'

export type GatewayOptions = Pick<GuardOptions, 'timeouts' | 'cache'> & {
  /** The composed graph. */
  supergraphSdl: string
  /** How to ask each subgraph, by its name in the supergraph. */
  calls: Readonly<Record<string, SubgraphCall>>
  log: Logger
  metrics: Metrics
  clock: Clock
  verifier: TokenVerifier
  /** Whether clients may introspect; false in production. */
  introspection: boolean
  /** Whether those who ask a subgraph the same at the same time wait for one answer; true. */
  coalesce?: boolean
  /** How to hear what happens; without it there are no subscriptions. */
  live?: LiveSources | undefined
  liveLimits?: Partial<LiveLimits>
  /** What clients may ask; everything unless given. */
  limits?: Limits | undefined
}

export type Gateway = GraphQLDoor<GatewayContext> & {
  /** Subscriptions: in this process, for `HttpServer.upgrade`, and as server-sent events. */
  live: (LiveGateway & { sockets: WebSocketDoor; streams: GraphQLDoor<object>['routes'] }) | undefined
  engine: Engine
  /** What other doors than this ask before they serve a document. */
  limits: DoorLimits | undefined
}

/** One graph over the subgraphs: Apollo composes and plans, our engine executes. */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { supergraphSdl, log, metrics, introspection, coalesce = true } = options
  disableApolloTelemetry()
  const { calls, stop } = guardCalls(options)
  const engine = createEngine({ supergraphSdl, calls, coalesce, metrics: fetchMetrics(metrics.registry) })
  const context = async (facts: GatewayContext['facts'], exchange?: HttpExchange) => ({
    ...(await createContext(facts, options)),
    signal: exchange && leaving(exchange.reply.raw),
  })
  const limits = options.limits && limitDoors(options.limits, { supergraphSdl, registry: metrics.registry })
  const door = await createGraphQL<GatewayContext>(
    { gateway: engine },
    { context, log, metrics, introspection, mayIntrospect, ...limits?.graphql },
  )
  const live = options.live && openLive(options, engine, options.live, limits)
  return {
    ...door,
    live,
    engine,
    limits,
    async stop() {
      await live?.stop()
      stop()
      await door.stop()
    },
  }
}

function openLive(options: GatewayOptions, engine: Engine, sources: LiveSources, documents: DoorLimits | undefined) {
  const { log, metrics, clock, verifier, liveLimits: limits = {} } = options
  const { registry } = metrics
  const viewerOf = async (facts: GatewayContext['facts']) => (await createContext(facts, { verifier, clock })).viewer
  const live = createLiveGateway({ engine, sources, viewerOf, clock, log, registry, limits, documents })
  engine.onSchemaLoadOrUpdate(() => live.reload())
  const { subscribe, connect } = live
  const door = { subscribe, log, metrics: liveMetrics(registry, 'gateway') }
  return Object.assign(live, { sockets: createWebSocketDoor({ ...door, connect }), streams: eventStreams(door) })
}
