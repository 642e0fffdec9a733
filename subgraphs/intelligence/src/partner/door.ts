import { clientLimits } from '@quimbi/service/document-limits.ts'
import type { Facts } from '@quimbi/service/authenticate.ts'
import { createGraphQL, type HttpExchange } from '@quimbi/service/graphql.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import type { Metrics } from '@quimbi/service/metrics.ts'
import { eventStreams } from '@quimbi/service/sse.ts'
import { createSubscriber, type Live } from '@quimbi/service/subscriptions.ts'
import { liveMetrics } from '@quimbi/service/websocket-metrics.ts'
import type { WebSocketLimits } from '@quimbi/service/websocket-limits.ts'
import { createWebSocketDoor } from '@quimbi/service/websocket.ts'
import type { PartnerDoor } from '@quimbi/subgraph/module.ts'
import type { GraphQLSchema } from 'graphql'
import type { Context } from '../context.ts'
import { createAudit } from '../keys/audit.ts'
import type { ReadLog } from '../keys/read-log.ts'
import { createCustomersSeen } from '../keys/seen.ts'
import { createGate } from './admission.ts'
import { partnerExport } from './bulk.ts'
import { createPartnerContext, identifyPartner, type PartnerDependencies } from './context.ts'
import { partnerCosts } from './cost.ts'
import { mostBodyMiB, type PartnerLimits } from './limits.ts'
import { partnerPage } from './page/page.ts'
import { partnerSchema, partnerSdl } from './schema.ts'

export const partnerPath = '/partner/graphql'

/** What one key may keep open in one process. */
export const partnerLive = { sockets: 10, perSocket: 20, subscriptions: 50 }

export type PartnerDoorOptions = Omit<PartnerDependencies, 'gate'> & {
  limits: PartnerLimits
  /** The subgraph's own. */
  schema: GraphQLSchema
  reads: Pick<ReadLog, 'note'>
  log: Logger
  metrics: Metrics
  webSocketLimits?: Partial<WebSocketLimits> | undefined
}

/** A schema of its own over the same resolvers: for API keys alone, each request counted and priced. */
export async function createPartnerDoor(options: PartnerDoorOptions): Promise<PartnerDoor> {
  const { log, metrics, limits, measured } = options
  const { sessions } = options.live
  const schema = partnerSchema(options.schema)
  const sdl = partnerSdl(schema)
  const costs = partnerCosts(sdl, limits.maxCost, measured)
  const seen = createCustomersSeen()
  seen.observe(schema)
  const audit = createAudit({ reads: options.reads, seen, clock: options.clock, costOf: costs.costOf })
  const known = { ...options, gate: createGate(limits, measured) }
  const context = (facts: Facts, exchange?: HttpExchange) => createPartnerContext(facts, known, exchange)
  const graphql = await createGraphQL<Context>(
    { schema },
    {
      context,
      log,
      metrics,
      introspection: true,
      path: partnerPath,
      limits: clientLimits,
      bodyLimit: mostBodyMiB * 1024 * 1024,
      plugins: [...costs.plugins, audit.plugin],
    },
  )
  const measuredLive = liveMetrics(metrics.registry, 'partner')
  const live: Live<Context> = {
    viewer: ({ viewer }) => viewer,
    renew: (one) => one.renewed(),
    watch: ({ viewer }, end) => sessions.watch(viewer, end),
  }
  const subscribe = createSubscriber<Context>({
    schema,
    context,
    live,
    log,
    metrics: measuredLive,
    limits: clientLimits,
    price: costs.price,
    answered: (event, answer) => audit.answered(event, { ...answer, cost: costs.costOf(event) }),
    perAgent: partnerLive.subscriptions,
  })
  const sockets = createWebSocketDoor({
    subscribe,
    connect: async (facts) => {
      const viewer = await identifyPartner(facts, options)
      return { viewer, watch: (end) => sessions.watch(viewer, end) }
    },
    log,
    metrics: measuredLive,
    limits: { perSocket: partnerLive.perSocket, socketsPerAgent: partnerLive.sockets, ...options.webSocketLimits },
  })
  return {
    schema,
    sdl,
    execute: graphql.execute,
    sockets,
    path: partnerPath,
    routes: async (app) => {
      await app.register(graphql.routes)
      await app.register(eventStreams({ subscribe, log, metrics: measuredLive, path: `${partnerPath}/stream` }))
      await app.register(partnerPage({ schema, sdl, limits }))
      await app.register(partnerExport(options))
    },
    stop: () => graphql.stop(),
  }
}
