import { ApolloGateway } from '@apollo/gateway'
import type { Clock } from '@quimbi/service/clock.ts'
import { createGraphQL, type GraphQLDoor } from '@quimbi/service/graphql.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import type { Metrics } from '@quimbi/service/metrics.ts'
import type { TokenVerifier } from '@quimbi/service/tokens.ts'
import { disableApolloTelemetry } from './config.ts'
import { createContext, type GatewayContext } from './context.ts'
import { createDataSource } from './data-source.ts'
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
}

/** One graph over the subgraphs: Apollo composes, plans and executes. */
export async function createGateway(options: GatewayOptions): Promise<GraphQLDoor<GatewayContext>> {
  const { supergraphSdl, calls, log, metrics, introspection } = options
  disableApolloTelemetry()
  const gateway = new ApolloGateway({
    supergraphSdl,
    logger: log,
    buildService({ name }) {
      const call = calls[name]
      if (!call) throw new Error(`The supergraph names a subgraph "${name}" that is not configured.`)
      return createDataSource(call)
    },
  })
  const context = (facts: GatewayContext['facts']) => createContext(facts, options)
  return createGraphQL<GatewayContext>({ gateway }, { context, log, metrics, introspection })
}
