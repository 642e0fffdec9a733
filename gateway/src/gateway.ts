import type { Clock } from '@quimbi/service/clock.ts'
import { createGraphQL, type GraphQLDoor } from '@quimbi/service/graphql.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import type { Metrics } from '@quimbi/service/metrics.ts'
import type { TokenVerifier } from '@quimbi/service/tokens.ts'
import { disableApolloTelemetry } from './config.ts'
import { createContext, type GatewayContext } from './context.ts'
import { createEngine } from './engine/engine.ts'
import { fetchMetrics } from './engine/fetch-metrics.ts'
import { watchClients } from './leaving.ts'
import type { SubgraphCall } from './subgraph-calls.ts'

export type GatewayOptions = {
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
}

/** One graph over the subgraphs: Apollo composes and plans, our engine executes. */
export async function createGateway(options: GatewayOptions): Promise<GraphQLDoor<GatewayContext>> {
  const { supergraphSdl, calls, log, metrics, introspection, coalesce = true } = options
  disableApolloTelemetry()
  const clients = watchClients()
  const engine = createEngine({ supergraphSdl, calls, coalesce, metrics: fetchMetrics(metrics.registry) })
  const context = async (facts: GatewayContext['facts']) => ({
    ...(await createContext(facts, options)),
    signal: clients.signal(),
  })
  const door = await createGraphQL<GatewayContext>({ gateway: engine }, { context, log, metrics, introspection })
  return { ...door, routes: clients.watched(door.routes) }
}
